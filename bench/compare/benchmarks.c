/*
 * benchmarks.c - Google Benchmark's series: how what a lesson is about grows, a key's time with its
 * tags.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/compare/comparison.h"
#include "bench/compare/programs.h"
#include "bench/readers/gbench.h"
#include "bench/readers/text.h"

enum { POINTS_MAX = 32 };

static const char *code_of(int side)
{
    return side == 0 ? CODE_NAIVE : CODE_FIXED;
}

static const char *raw_path(const struct comparison *comparison, int side, char path[PATH_SIZE])
{
    char name[64];
    snprintf(name, sizeof name, "raw/benchmark.%s.json", code_of(side));
    return results_path(&comparison->results, name, path);
}

static int run_side(struct comparison *comparison, int side)
{
    struct command command = {.count = 0};
    struct child_result result;
    char path[PATH_SIZE];

    command_addf(&command, "%s/bench-%s", comparison->programs, code_of(side));
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

/* The number behind "tags:" in "key/build/tags:32"; false for another benchmark. */
static bool read_x(const char *name, const struct lesson_growth *growth, double *x)
{
    char prefix[64];

    snprintf(prefix, sizeof prefix, "%s/%s:", growth->benchmark, growth->over);
    if (strncmp(name, prefix, strlen(prefix)) != 0)
        return false;
    *x = strtod(name + strlen(prefix), NULL);
    return true;
}

/* A benchmark over its argument: CPU time, which a busy machine moves less (counter NULL), or one
 * of its counters. Returns how many points there are, of which the first POINTS_MAX are filled in.
 */
static unsigned read_series(const struct gbench *bench, const struct lesson_growth *growth,
                            const char *counter, double *x, double *y)
{
    unsigned count = 0;

    for (uint32_t i = 0; i < bench->run_count; i++) {
        const struct gbench_run *run = &bench->runs[i];
        double at, value = run->cpu_ns;
        if (run->error != NULL || !read_x(run->name, growth, &at) ||
            (counter != NULL && gbench_counter(run, counter, &value) != 0))
            continue;
        if (count < POINTS_MAX) {
            x[count] = at;
            y[count] = value;
        }
        count++;
    }
    return count;
}

static void add_curve(struct comparison *comparison, int lesson, const struct gbench sides[2],
                      unsigned which)
{
    const struct lesson_growth *growth = &lesson_rows[lesson].measures.growth;
    const char *counter = growth->curves[which].counter;
    const struct curve curve = {.name = growth->curves[which].name,
                                .x = growth->over,
                                .x_unit = "1",
                                .y = growth->curves[which].label,
                                .y_unit = growth->curves[which].unit,
                                .tool = "Google Benchmark",
                                .fit_from = growth->fit_from};
    double x[2][POINTS_MAX], y[2][POINTS_MAX];
    unsigned naive = read_series(&sides[0], growth, counter, x[0], y[0]);
    unsigned fixed = read_series(&sides[1], growth, counter, x[1], y[1]);

    if (naive > POINTS_MAX)
        comparison_warn(comparison, "the growth of %s is shown by its first %d points of %u",
                        growth->benchmark, POINTS_MAX, naive);
    if (naive == fixed && naive > 0)
        model_add_curve(&comparison->model, lesson, &curve, x[0], y[0], y[1],
                        naive < POINTS_MAX ? naive : POINTS_MAX);
}

static void add_curves(struct comparison *comparison, const struct gbench sides[2])
{
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        const struct lesson_growth *growth = &lesson_rows[lesson].measures.growth;
        for (unsigned i = 0; growth->benchmark != NULL && i < LESSON_GROWTH_CURVES; i++)
            if (growth->curves[i].name != NULL)
                add_curve(comparison, lesson, sides, i);
    }
}

int run_benchmarks(struct comparison *comparison)
{
    struct gbench sides[2];

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
    add_curves(comparison, sides);
    gbench_free(&sides[0]);
    gbench_free(&sides[1]);
    return 0;
}
