#include "gbench.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

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

/* Whether a member of a benchmark is the library's own, and not a counter of the benchmark's. */
static bool is_own_member(const char *name)
{
    static const char *const own[] = {
        "family_index",
        "per_family_instance_index",
        "repetitions",
        "repetition_index",
        "threads",
        "iterations",
        "real_time",
        "cpu_time",
        "rms",
        "real_coefficient",
        "cpu_coefficient",
    };

    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (strcmp(name, own[i]) == 0)
            return true;
    return false;
}

static double number_or_nan(const cJSON *json, const char *name)
{
    double number;
    return json_number(json, name, &number) == 0 ? number : NAN;
}

static int read_kind(const cJSON *json, struct gbench_benchmark *benchmark)
{
    const char *run_type, *unit = "time";

    if (json_text(json, "run_type", &run_type) != 0)
        return -1;
    if (strcmp(run_type, "iteration") == 0) {
        benchmark->kind = GBENCH_RUN;
        return 0;
    }
    if (json_text(json, "aggregate_name", &benchmark->aggregate_name) != 0)
        return -1;
    json_text(json, "aggregate_unit", &unit);
    json_text(json, "big_o", &benchmark->big_o);
    if (benchmark->big_o != NULL)
        benchmark->kind = GBENCH_BIG_O;
    else if (strcmp(benchmark->aggregate_name, "RMS") == 0)
        benchmark->kind = GBENCH_RMS;
    else
        benchmark->kind = strcmp(unit, "percentage") == 0 ? GBENCH_RATIO : GBENCH_AGGREGATE;
    return 0;
}

static int read_times(const cJSON *json, struct gbench_benchmark *benchmark)
{
    bool is_big_o = benchmark->kind == GBENCH_BIG_O;
    const char *unit;

    benchmark->real_ns = benchmark->cpu_ns = benchmark->rms = NAN;
    if (benchmark->kind == GBENCH_RMS) {
        benchmark->rms = number_or_nan(json, "rms");
        return 0;
    }
    if (json_text(json, "time_unit", &unit) != 0 || isnan(unit_ns(unit)))
        return -1;
    if (cJSON_GetObjectItemCaseSensitive(json, is_big_o ? "real_coefficient" : "real_time") == NULL)
        return -1;
    if (benchmark->error != NULL)
        return 0;
    double scale = benchmark->kind == GBENCH_RATIO ? 1 : unit_ns(unit);
    benchmark->real_ns = scale * number_or_nan(json, is_big_o ? "real_coefficient" : "real_time");
    benchmark->cpu_ns = scale * number_or_nan(json, is_big_o ? "cpu_coefficient" : "cpu_time");
    return 0;
}

static int read_counters(const cJSON *json, struct gbench_benchmark *benchmark)
{
    const cJSON *member;

    benchmark->counters = calloc((size_t)cJSON_GetArraySize(json) + 1, sizeof *benchmark->counters);
    if (benchmark->counters == NULL)
        return -1;
    cJSON_ArrayForEach (member, json) {
        if ((!cJSON_IsNumber(member) && !cJSON_IsNull(member)) || is_own_member(member->string))
            continue;
        benchmark->counters[benchmark->counter_count++] = (struct gbench_counter){
            member->string, cJSON_IsNumber(member) ? member->valuedouble : NAN};
    }
    return 0;
}

static int read_benchmark(const cJSON *json, struct gbench_benchmark *benchmark)
{
    const char *message = "no reason is given";

    if (json_text(json, "name", &benchmark->name) != 0 || read_kind(json, benchmark) != 0)
        return -1;
    benchmark->run_name = benchmark->name;
    json_text(json, "run_name", &benchmark->run_name);
    json_integer(json, "repetition_index", &benchmark->repetition_index);
    json_integer(json, "threads", &benchmark->threads);
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, "error_occurred"))) {
        json_text(json, "error_message", &message);
        benchmark->error = message;
    }
    if (json_integer(json, "iterations", &benchmark->iterations) != 0 &&
        benchmark->kind != GBENCH_BIG_O && benchmark->kind != GBENCH_RMS)
        return -1;
    return read_times(json, benchmark) == 0 ? read_counters(json, benchmark) : -1;
}

static void read_context(const cJSON *context, struct gbench *result)
{
    json_text(context, "library_build_type", &result->library_build_type);
    json_text(context, "date", &result->date);
    json_integer(context, "num_cpus", &result->cpu_count);
    json_number(context, "mhz_per_cpu", &result->cpu_mhz);
    result->is_cpu_scaling =
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(context, "cpu_scaling_enabled"));
}

static int parse(const char *path, struct text *text, struct gbench *result, char *error,
                 size_t error_size)
{
    const cJSON *context, *benchmarks, *json;

    replace_not_finite(text);
    if (json_parse(path, text, &result->json, error, error_size) != 0)
        return -1;
    context = cJSON_GetObjectItemCaseSensitive(result->json, "context");
    benchmarks = cJSON_GetObjectItemCaseSensitive(result->json, "benchmarks");
    if (!cJSON_IsObject(context) || !cJSON_IsArray(benchmarks))
        return text_error(error, error_size, path, 0, "this is no output of Google Benchmark");
    result->library_build_type = "unknown";
    result->date = "";
    read_context(context, result);
    result->benchmarks =
        calloc((size_t)cJSON_GetArraySize(benchmarks) + 1, sizeof *result->benchmarks);
    if (result->benchmarks == NULL)
        return text_error(error, error_size, path, 0, "out of memory");
    cJSON_ArrayForEach (json, benchmarks) {
        if (read_benchmark(json, &result->benchmarks[result->benchmark_count++]) != 0)
            return text_error(error, error_size, path, 0, "benchmark %u (%s) cannot be read",
                              result->benchmark_count,
                              result->benchmarks[result->benchmark_count - 1].name != NULL
                                  ? result->benchmarks[result->benchmark_count - 1].name
                                  : "without a name");
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
    for (uint32_t i = 0; i < result->benchmark_count; i++)
        free(result->benchmarks[i].counters);
    free(result->benchmarks);
    cJSON_Delete(result->json);
    *result = (struct gbench){0};
}

const struct gbench_benchmark *gbench_find(const struct gbench *result, const char *name)
{
    for (uint32_t i = 0; i < result->benchmark_count; i++)
        if (strcmp(result->benchmarks[i].name, name) == 0)
            return &result->benchmarks[i];
    return NULL;
}

int gbench_counter(const struct gbench_benchmark *benchmark, const char *name, double *value)
{
    for (uint32_t i = 0; i < benchmark->counter_count; i++)
        if (strcmp(benchmark->counters[i].name, name) == 0) {
            *value = benchmark->counters[i].value;
            return 0;
        }
    return -1;
}
