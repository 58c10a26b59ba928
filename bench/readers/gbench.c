#include "bench/readers/gbench.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bench/readers/json.h"

/*
 * Puts null where the library wrote NaN or Infinity, with spaces to the same length. Its numbers
 * stand behind `": `, which inside a text has a backslash before it.
 */
static void replace_not_finite(struct text *text)
{
    static const char *const words[] = {"NaN", "-NaN", "Infinity", "-Infinity"};

    for (char *at = strstr(text->bytes, "\": "); at != NULL; at = strstr(at, "\": ")) {
        bool is_in_text = at > text->bytes && at[-1] == '\\';
        at += 3;
        for (size_t i = 0; !is_in_text && i < sizeof words / sizeof words[0]; i++) {
            size_t length = strlen(words[i]);
            if (strncmp(at, words[i], length) != 0)
                continue;
            /* "NaN" is shorter than "null": the space before it is free. */
            memset(at - 1, ' ', length + 1);
            memcpy(at + length - 4, "null", 4);
            break;
        }
    }
}

/* Nanoseconds of one of the unit; NAN for one that is not known. */
static double unit_ns(const char *unit)
{
    static const struct {
        const char *name;
        double ns;
    } units[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};

    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(unit, units[i].name) == 0)
            return units[i].ns;
    return NAN;
}

static int read_run(const cJSON *json, struct gbench_run *run)
{
    const char *unit;

    *run = (struct gbench_run){.cpu_ns = NAN, .json = json};
    if (json_text(json, "name", &run->name) != 0)
        return -1;
    if (cJSON_IsTrue(json_member(json, "error_occurred"))) {
        run->error = "no reason is given";
        json_text(json, "error_message", &run->error);
        return 0;
    }
    const cJSON *time = json_member(json, "cpu_time");
    if (time == NULL || json_text(json, "time_unit", &unit) != 0 || isnan(unit_ns(unit)))
        return -1;
    if (cJSON_IsNumber(time))
        run->cpu_ns = unit_ns(unit) * time->valuedouble;
    return 0;
}

static int parse(const char *path, struct text *text, struct gbench *result, char *error,
                 size_t error_size)
{
    const cJSON *benchmarks, *json;
    const char *run_type;

    replace_not_finite(text);
    if (json_parse(path, text, &result->json, error, error_size) != 0)
        return -1;
    benchmarks = json_member(result->json, "benchmarks");
    if (!cJSON_HasObjectItem(result->json, "context") || !cJSON_IsArray(benchmarks))
        return text_error(error, error_size, path, 0, "this is no output of Google Benchmark");
    result->runs = calloc((size_t)cJSON_GetArraySize(benchmarks) + 1, sizeof *result->runs);
    if (result->runs == NULL)
        return text_error(error, error_size, path, 0, "out of memory");
    cJSON_ArrayForEach (json, benchmarks) {
        struct gbench_run *run = &result->runs[result->run_count];
        bool is_readable = json_text(json, "run_type", &run_type) == 0;
        if (is_readable && strcmp(run_type, "iteration") != 0)
            continue;
        if (!is_readable || read_run(json, run) != 0)
            return text_error(error, error_size, path, 0, "benchmark %u (%s) cannot be read",
                              result->run_count + 1,
                              run->name != NULL ? run->name : "without a name");
        result->run_count++;
    }
    return 0;
}

int gbench_read(const char *path, struct gbench *result, char *error, size_t error_size)
{
    struct text text;

    *result = (struct gbench){0};
    if (text_read(path, &text, error, error_size) != 0)
        return -1;
    int status = parse(path, &text, result, error, error_size);
    text_free(&text);
    if (status != 0)
        gbench_free(result);
    return status;
}

void gbench_free(struct gbench *result)
{
    free(result->runs);
    cJSON_Delete(result->json);
    *result = (struct gbench){0};
}

int gbench_counter(const struct gbench_run *run, const char *name, double *value)
{
    const cJSON *counter = json_member(run->json, name);

    if (!cJSON_IsNumber(counter) && !cJSON_IsNull(counter))
        return -1;
    *value = cJSON_IsNumber(counter) ? counter->valuedouble : NAN;
    return 0;
}
