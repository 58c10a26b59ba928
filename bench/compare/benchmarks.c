/*
 * benchmarks.c - Google Benchmark's series: how a key's time and bytes grow with its tags.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/compare/document.h"
#include "bench/compare/programs.h"
#include "bench/readers/gbench.h"
#include "bench/readers/text.h"

/* Below eight tags the name and the digits are most of a key, and hide how it grows with tags. */
enum { POINTS_MAX = 32, FIT_FROM_TAGS = 8 };

static const char *raw_path(const struct comparison *comparison, int side, char path[PATH_SIZE])
{
    return results_path(&comparison->results,
                        side == 0 ? "raw/benchmark.nnnn.json" : "raw/benchmark.ffff.json", path);
}

static int run_side(struct comparison *comparison, int side)
{
    struct command command = {.count = 0};
    struct child_result result;
    char path[PATH_SIZE];

    command_addf(&command, "%s/bench-%s", comparison->programs, side == 0 ? "nnnn" : "ffff");
    command_addf(&command, "--benchmark_out=%s", raw_path(comparison, side, path));
    command_add(&command, "--benchmark_out_format=json");
    command_addf(&command, "--benchmark_min_time=%g", comparison->plan.benchmark_min_s);
    if (comparison->plan.only != LESSON_ALL)
        command_addf(&command, "--benchmark_filter=^%s/", lesson_id(comparison->plan.only));
    struct child_job job = {
        .argv = command.argv,
        .errors = {.sink = CHILD_CAPTURE},
        .timeout_ms = 600000,
    };
    int status = child_run(&job, &result);
    if (status != 0)
        program_failed(comparison, &job, &result);
    child_result_free(&result);
    return status;
}

/* The number behind "tags:" in a benchmark's name. */
static double tags_of(const char *name)
{
    const char *found = strstr(name, "/tags:");
    return found != NULL ? strtod(found + strlen("/tags:"), NULL) : 0;
}

/* key/build over tags: CPU time, which a busy machine moves less (counter NULL), or one of its
 * counters. Returns the points. */
static unsigned read_series(const struct gbench *bench, const char *counter, double *x, double *y)
{
    unsigned count = 0;

    for (uint32_t i = 0; i < bench->run_count && count < POINTS_MAX; i++) {
        const struct gbench_run *run = &bench->runs[i];
        if (run->error != NULL || strncmp(run->name, "key/build/", strlen("key/build/")) != 0)
            continue;
        x[count] = tags_of(run->name);
        y[count] = run->cpu_ns;
        if (counter != NULL && gbench_counter(run, counter, &y[count]) != 0)
            continue;
        count++;
    }
    return count;
}

static void add_series(struct comparison *comparison, const struct gbench sides[2],
                       const char *counter, const struct curve *curve)
{
    double x[2][POINTS_MAX], y[2][POINTS_MAX];
    unsigned naive = read_series(&sides[0], counter, x[0], y[0]);
    unsigned fixed = read_series(&sides[1], counter, x[1], y[1]);

    if (naive == fixed && naive > 0)
        document_add_curve(comparison, LESSON_KEY, curve, x[0], y[0], y[1], naive);
}

int run_benchmarks(struct comparison *comparison)
{
    const struct curve time = {"key_time",         "tags",       "1", "time of a key", "ns",
                               "Google Benchmark", FIT_FROM_TAGS};
    const struct curve bytes = {
        "key_bytes",        "tags",       "1", "bytes allocated for a key", "B",
        "Google Benchmark", FIT_FROM_TAGS};
    struct gbench sides[2];

    if (!comparison->plan.has_benchmarks)
        return 0;
    comparison_announce(comparison, 15, "Google Benchmark: the growth of each stage");
    for (int side = 0; side < 2; side++) {
        comparison_progress(comparison, (unsigned)side, 2, "program");
        if (run_side(comparison, side) != 0)
            return -1;
    }
    comparison_progress(comparison, 2, 2, "program");
    for (int side = 0; side < 2; side++) {
        char path[PATH_SIZE], error[TEXT_ERROR_SIZE];
        if (gbench_read(raw_path(comparison, side, path), &sides[side], error, sizeof error) != 0) {
            if (side == 1)
                gbench_free(&sides[0]);
            return comparison_fail(comparison, "Google Benchmark's output cannot be read: %s",
                                   error);
        }
    }
    add_series(comparison, sides, NULL, &time);
    add_series(comparison, sides, "allocated_bytes", &bytes);
    gbench_free(&sides[0]);
    gbench_free(&sides[1]);
    return 0;
}
