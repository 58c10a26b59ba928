#include "bench/readers/json.h"

#include <errno.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/readers/whole_file.h"

int json_parse(const char *path, const struct text *text, cJSON **json, char *error,
               size_t error_size)
{
    const char *end = text->bytes;

    *json = cJSON_ParseWithLengthOpts(text->bytes, text->length + 1, &end, true);
    if (*json == NULL) {
        unsigned line = 1;
        for (const char *at = text->bytes; at < end; at++)
            line += *at == '\n';
        /* cJSON does not say whether the text or the memory was at fault. */
        return text_error(error, error_size, path, line,
                          "not JSON from here on (or out of memory)");
    }
    if (!cJSON_IsObject(*json)) {
        cJSON_Delete(*json);
        *json = NULL;
        return text_error(error, error_size, path, 1, "a JSON object is expected here");
    }
    return 0;
}

int json_read(const char *path, cJSON **json, char *error, size_t error_size)
{
    struct text text;

    *json = NULL;
    if (text_read(path, &text, error, error_size) != 0)
        return -1;
    int status = json_parse(path, &text, json, error, error_size);
    text_free(&text);
    return status;
}

cJSON *json_member(const cJSON *object, const char *name)
{
    return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, name) : NULL;
}

int json_number(const cJSON *object, const char *name, double *value)
{
    const cJSON *member = json_member(object, name);
    if (!cJSON_IsNumber(member))
        return -1;
    *value = member->valuedouble;
    return 0;
}

int json_integer(const cJSON *object, const char *name, uint64_t *value)
{
    double number;
    if (json_number(object, name, &number) != 0)
        return -1;
    if (!(number >= 0 && number <= 9007199254740992.0) || number != floor(number))
        return -1;
    *value = (uint64_t)number;
    return 0;
}

int json_text(const cJSON *object, const char *name, const char **value)
{
    const cJSON *member = json_member(object, name);
    if (!cJSON_IsString(member))
        return -1;
    *value = member->valuestring;
    return 0;
}

double json_number_or_nan(const cJSON *object, const char *name)
{
    double number = NAN;
    json_number(object, name, &number);
    return number;
}

const char *json_text_or(const cJSON *object, const char *name, const char *otherwise)
{
    const char *text;
    return json_text(object, name, &text) == 0 && text[0] != '\0' ? text : otherwise;
}

bool json_is_true(const cJSON *object, const char *name)
{
    return cJSON_IsTrue(json_member(object, name));
}

void json_add_number(cJSON *object, const char *name, double number)
{
    if (isfinite(number))
        cJSON_AddNumberToObject(object, name, number);
    else
        cJSON_AddNullToObject(object, name);
}

static atomic_bool has_run_out;

static void *allocate(size_t size)
{
    void *memory = malloc(size);
    if (memory == NULL)
        has_run_out = true;
    return memory;
}

__attribute__((constructor)) static void watch_memory(void)
{
    cJSON_InitHooks(&(cJSON_Hooks){allocate, free});
}

char *json_print(const cJSON *json, bool is_formatted)
{
    char *text = is_formatted ? cJSON_Print(json) : cJSON_PrintUnformatted(json);

    if (text != NULL && !has_run_out)
        return text;
    cJSON_free(text);
    errno = ENOMEM;
    return NULL;
}

static int write_text(FILE *file, const void *text)
{
    return fprintf(file, "%s\n", (const char *)text) > 0 ? 0 : -1;
}

int json_write(const char *path, const cJSON *json)
{
    char *text = json_print(json, true);

    if (text == NULL)
        return -1;
    int status = whole_file_write(path, write_text, text);
    int problem = errno;
    cJSON_free(text);
    errno = problem;
    return status;
}
