#include "bench/readers/rundoc.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lesson.h"
#include "bench/readers/json.h"

/* The member at "a.b.c", or NULL. */
static const cJSON *find(const cJSON *object, const char *path)
{
    char name[64];

    while (object != NULL) {
        size_t length = strcspn(path, ".");
        if (length >= sizeof name)
            return NULL;
        memcpy(name, path, length);
        name[length] = '\0';
        object = json_member(object, name);
        if (path[length] == '\0')
            return object;
        path += length + 1;
    }
    return NULL;
}

static int read_integer(const struct rundoc *doc, const char *path, uint64_t *value)
{
    double number;

    if (rundoc_number(doc, path, &number) != 0)
        return -1;
    if (!(number >= 0 && number <= 9007199254740992.0) || number != floor(number))
        return -1;
    *value = (uint64_t)number;
    return 0;
}

static bool is_digest(const char *text)
{
    return strlen(text) == 16 && strspn(text, "0123456789abcdef") == 16;
}

static bool is_variant(const char *text)
{
    return build_from_code(text) >= 0;
}

/* The name of the first required member that is missing or of the wrong kind, or NULL. */
static const char *read_members(struct rundoc *doc)
{
    const struct {
        const char *path;
        uint64_t *value;
    } integers[] = {
        {"accepted", &doc->accepted},
        {"rejected", &doc->rejected},
        {"peak_rss_kb", &doc->peak_rss_kb},
        {"threads_alive", &doc->threads_alive},
        {"lock.acquisitions", &doc->lock.acquisitions},
        {"lock.contended", &doc->lock.contended},
        {"lock.wait_ns", &doc->lock.wait_ns},
        {"lock.hold_ns", &doc->lock.hold_ns},
        {"lock.hold_ns_max", &doc->lock.hold_ns_max},
    };
    const struct {
        const char *path;
        double *value;
    } numbers[] = {
        {"score_sum", &doc->score_sum},
        {"records_per_s", &doc->records_per_s},
        {"mb_per_s", &doc->mb_per_s},
        {"ns_per_record", &doc->ns_per_record},
    };

    if (json_text(doc->json, "variant", &doc->variant) != 0 || !is_variant(doc->variant))
        return "variant";
    if (json_text(doc->json, "digest", &doc->digest) != 0 || !is_digest(doc->digest))
        return "digest";
    for (size_t i = 0; i < sizeof integers / sizeof integers[0]; i++)
        if (read_integer(doc, integers[i].path, integers[i].value) != 0)
            return integers[i].path;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (rundoc_number(doc, numbers[i].path, numbers[i].value) != 0)
            return numbers[i].path;
    doc->is_interrupted = cJSON_IsTrue(json_member(doc->json, "interrupted"));
    json_text(doc->json, "error", &doc->error);
    return NULL;
}

static int parse(const char *name, const struct text *text, struct rundoc *doc, char *error,
                 size_t error_size)
{
    *doc = (struct rundoc){0};
    if (json_parse(name, text, &doc->json, error, error_size) != 0)
        return -1;
    const char *missing = read_members(doc);
    if (missing == NULL)
        return 0;
    rundoc_free(doc);
    return text_error(error, error_size, name, 0, "\"%s\" is missing or not what it should be",
                      missing);
}

int rundoc_parse(const char *name, const char *text, size_t length, struct rundoc *doc, char *error,
                 size_t error_size)
{
    struct text copy = {.bytes = strndup(text, length)};

    *doc = (struct rundoc){0};
    if (copy.bytes == NULL)
        return text_error(error, error_size, name, 0, "out of memory");
    copy.length = strlen(copy.bytes);
    int status = parse(name, &copy, doc, error, error_size);
    text_free(&copy);
    return status;
}

void rundoc_free(struct rundoc *doc)
{
    cJSON_Delete(doc->json);
    *doc = (struct rundoc){0};
}

int rundoc_number(const struct rundoc *doc, const char *path, double *value)
{
    const cJSON *member = find(doc->json, path);
    if (!cJSON_IsNumber(member))
        return -1;
    *value = member->valuedouble;
    return 0;
}
