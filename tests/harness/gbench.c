/* gbench.c - the reader of Google Benchmark's JSON: units, counters, curves and errors. */
#include "gbench.h"

#include <math.h>

#include "reading.h"

static const char plain[] = HARNESS_DATA "gbench.plain.json";
static const char repeated[] = HARNESS_DATA "gbench.repeated.json";

static struct gbench load(const char *path)
{
    char error[TEXT_ERROR_SIZE];
    struct gbench result;
    cr_assert_eq(gbench_read(path, &result, error, sizeof error), 0, "%s", error);
    return result;
}

static const struct gbench_benchmark *find(const struct gbench *result, const char *name)
{
    const struct gbench_benchmark *benchmark = gbench_find(result, name);
    cr_assert_not_null(benchmark, "%s", name);
    return benchmark;
}

static double counter(const struct gbench_benchmark *benchmark, const char *name)
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
    for (uint32_t i = 0; i < result.benchmark_count; i++) {
        cr_expect_not_null(result.benchmarks[i].name);
        cr_expect_not_null(result.benchmarks[i].run_name);
        cr_expect_eq(result.benchmarks[i].kind == GBENCH_RUN,
                     result.benchmarks[i].aggregate_name == NULL);
    }
    gbench_free(&result);
    return 0;
}

Test(gbench, reads_the_context)
{
    struct gbench result = load(plain);
    cr_expect(strcmp(result.library_build_type, "debug") == 0 ||
              strcmp(result.library_build_type, "release") == 0);
    cr_expect_gt(result.cpu_count, 0);
    cr_expect_gt(result.cpu_mhz, 0);
    cr_expect_gt(strlen(result.date), 0);
    gbench_free(&result);
}

Test(gbench, reads_runs_and_their_counters)
{
    struct gbench result = load(plain);
    for (int tags = 8; tags <= 64; tags *= 2) {
        char name[32];
        snprintf(name, sizeof name, "key/build/tags/%d", tags);
        const struct gbench_benchmark *run = find(&result, name);
        double value;
        cr_expect_eq(run->kind, GBENCH_RUN);
        cr_expect_gt(run->iterations, 0);
        cr_expect_eq(run->threads, 1);
        cr_expect_null(run->error);
        cr_expect_eq(counter(run, "bytes"), 4.0 * tags);
        /* A rate of one an iteration is the inverse of the time. */
        expect_near(counter(run, "keys"), 1e9 / run->cpu_ns);
        cr_expect_eq(run->counter_count, 2, "nothing of the library's own is a counter");
        cr_expect_eq(gbench_counter(run, "iterations", &value), -1);
    }
    gbench_free(&result);
}

Test(gbench, makes_nanoseconds_of_other_units)
{
    struct gbench result = load(plain);
    const struct gbench_benchmark *run = find(&result, "store/fill/real_time");
    /* Recorded in us; 1000 items an iteration. */
    expect_near(counter(run, "items_per_second"), 1000 * 1e9 / run->real_ns);
    gbench_free(&result);
}

Test(gbench, reads_fitted_curves)
{
    struct gbench result = load(plain);
    const struct gbench_benchmark *curve = find(&result, "key/build/tags_BigO");
    const struct gbench_benchmark *rms = find(&result, "key/build/tags_RMS");

    cr_expect_eq(curve->kind, GBENCH_BIG_O);
    cr_expect_str_eq(curve->big_o, "N");
    cr_expect_gt(curve->real_ns, 0);
    cr_expect_gt(curve->cpu_ns, 0);
    cr_expect_eq(rms->kind, GBENCH_RMS);
    cr_expect(rms->rms > 0 && rms->rms < 1);
    cr_expect(isnan(rms->real_ns));
    cr_expect(isnan(curve->rms));
    cr_expect_eq(curve->counter_count, 0);
    cr_expect_eq(rms->counter_count, 0);
    gbench_free(&result);
}

Test(gbench, reads_errors)
{
    struct gbench result = load(plain);
    const struct gbench_benchmark *failed = find(&result, "store/fail");
    cr_assert_not_null(failed->error);
    cr_expect_str_eq(failed->error, "the database is gone: \"sim\"");
    cr_expect(isnan(failed->real_ns), "a time of 0 would look like a very fast one");
    gbench_free(&result);
}

Test(gbench, reads_repetitions_and_their_aggregates)
{
    struct gbench result = load(repeated);
    double sum_ns = 0;
    unsigned count = 0;

    for (uint32_t i = 0; i < result.benchmark_count; i++)
        if (result.benchmarks[i].kind == GBENCH_RUN) {
            cr_expect_eq(result.benchmarks[i].repetition_index, count);
            sum_ns += result.benchmarks[i].real_ns;
            count++;
        }
    cr_expect_eq(count, 3);
    const struct gbench_benchmark *mean = find(&result, "store/fill/real_time_mean");
    const struct gbench_benchmark *deviation = find(&result, "store/fill/real_time_stddev");
    const struct gbench_benchmark *variation = find(&result, "store/fill/real_time_cv");
    cr_expect_eq(mean->kind, GBENCH_AGGREGATE);
    cr_expect_str_eq(mean->aggregate_name, "mean");
    cr_expect_str_eq(mean->run_name, "store/fill/real_time");
    expect_near(mean->real_ns, sum_ns / 3);
    cr_expect_eq(variation->kind, GBENCH_RATIO);
    expect_near(variation->real_ns, deviation->real_ns / mean->real_ns);
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
    const struct gbench_benchmark *run = find(&result, "a");
    cr_expect(isnan(run->real_ns));
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
