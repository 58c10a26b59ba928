/* gbench.c - the reader of Google Benchmark's JSON: runs, units, counters and errors. */
#include "bench/readers/gbench.h"

#include <math.h>

#include "tests/harness/reading.h"

static const char plain[] = HARNESS_DATA "gbench.plain.json";
static const char repeated[] = HARNESS_DATA "gbench.repeated.json";

static struct gbench load(const char *path)
{
    char error[TEXT_ERROR_SIZE];
    struct gbench result;
    cr_assert_eq(gbench_read(path, &result, error, sizeof error), 0, "%s", error);
    return result;
}

static const struct gbench_run *find(const struct gbench *result, const char *name)
{
    for (uint32_t i = 0; i < result->run_count; i++)
        if (strcmp(result->runs[i].name, name) == 0)
            return &result->runs[i];
    cr_assert(false, "%s", name);
    return NULL;
}

static double counter(const struct gbench_run *benchmark, const char *name)
{
    double value;
    cr_assert_eq(gbench_counter(benchmark, name, &value), 0, "%s", name);
    return value;
}

static void expect_near(double actual, double expected)
{
    cr_expect(fabs(actual - expected) <= 1e-6 * fabs(expected), "%.17g, expected %.17g", actual,
              expected);
}

static int try_file(const char *path, char *error, size_t error_size)
{
    struct gbench result;

    if (gbench_read(path, &result, error, error_size) != 0)
        return -1;
    for (uint32_t i = 0; i < result.run_count; i++)
        cr_expect_not_null(result.runs[i].name);
    gbench_free(&result);
    return 0;
}

Test(gbench, reads_runs_and_their_counters)
{
    struct gbench result = load(plain);
    for (int tags = 8; tags <= 64; tags *= 2) {
        char name[32];
        snprintf(name, sizeof name, "key/build/tags/%d", tags);
        const struct gbench_run *run = find(&result, name);
        double value;
        cr_expect_null(run->error);
        cr_expect_eq(counter(run, "bytes"), 4.0 * tags);
        /* A rate of one an iteration is the inverse of the time. */
        expect_near(counter(run, "keys"), 1e9 / run->cpu_ns);
        cr_expect_eq(gbench_counter(run, "no such counter", &value), -1);
    }
    gbench_free(&result);
}

Test(gbench, reads_errors)
{
    struct gbench result = load(plain);
    const struct gbench_run *failed = find(&result, "store/fail");
    cr_assert_not_null(failed->error);
    cr_expect_str_eq(failed->error, "the database is gone: \"sim\"");
    cr_expect(isnan(failed->cpu_ns), "a time of 0 would look like a very fast one");
    gbench_free(&result);
}

Test(gbench, takes_what_was_measured_and_not_what_is_computed_from_it)
{
    struct gbench result = load(repeated);

    cr_expect_eq(result.run_count, 3, "repetitions, without mean, median, deviation and variation");
    for (uint32_t i = 0; i < result.run_count; i++) {
        const struct gbench_run *run = &result.runs[i];
        cr_expect_str_eq(run->name, "store/fill/real_time");
        /* recorded in us */
        expect_near(run->cpu_ns, 1000 * cJSON_GetObjectItem(run->json, "cpu_time")->valuedouble);
    }
    gbench_free(&result);
}

Test(gbench, reads_numbers_that_are_not_finite)
{
    static const char text[] =
        "{\"context\": {}, \"benchmarks\": [\n"
        "{\"name\": \"a\", \"run_type\": \"iteration\", \"iterations\": 1, \"real_time\": NaN,\n"
        "\"cpu_time\": -Infinity, \"time_unit\": \"ms\", \"rate\": -NaN,\n"
        "\"other\": Infinity, \"note\": \"say \\\"it\\\": NaN\", \"last\": 2}]}";
    const char *path = reading_temporary();
    reading_write(path, text, sizeof text - 1);
    struct gbench result = load(path);
    const struct gbench_run *run = find(&result, "a");
    cr_expect(isnan(run->cpu_ns));
    cr_expect(isnan(counter(run, "rate")));
    cr_expect(isnan(counter(run, "other")));
    cr_expect_eq(counter(run, "last"), 2);
    const cJSON *benchmark = cJSON_GetObjectItem(result.json, "benchmarks")->child;
    cr_expect_str_eq(cJSON_GetStringValue(cJSON_GetObjectItem(benchmark, "note")),
                     "say \"it\": NaN", "a text stays as it is");
    gbench_free(&result);
    unlink(path);
}

Test(gbench, refuses_a_unit_that_it_does_not_know)
{
    static const char text[] = "{\"context\": {}, \"benchmarks\": [{\"name\": \"a\","
                               "\"run_type\": \"iteration\", \"iterations\": 1, \"real_time\": 1,"
                               "\"cpu_time\": 1, \"time_unit\": \"fortnight\"}]}";
    reading_expect_refusal(text, sizeof text - 1, try_file);
}

Test(gbench, refuses_broken_files)
{
    cr_expect_leq(reading_try_cuts(plain, try_file), 1, "the last newline can be spared");
    cr_expect_leq(reading_try_cuts(repeated, try_file), 1);
    reading_try_changes(plain, try_file);
    reading_try_garbage(try_file);
}
