/*
 * sweep.c - how many workers should there be, with a database that takes 50 us?
 *
 * An honest report shows what a fix costs: one worker a CPU would write fewer rows a
 * second than naive's crowd of blocked threads. Here is what each size does, and what the build
 * chooses.
 */
#include <stdio.h>

#include "bench/compare/comparison.h"
#include "bench/compare/neighbours.h"
#include "bench/solutions.h"

static const unsigned sizes[] = {1, 2, 4, 8, 16, 32, 64};

enum { SIZES = sizeof sizes / sizeof *sizes, CASE_CHOSEN = SIZES, CASE_NAIVE, CASE_COUNT };
enum { LATENCY_US = 50, REQUEST_RECORDS = 10 };
enum { FIELD_RECORDS_PER_S, FIELD_THREADS_MAX, FIELD_COUNT };

static const struct run_field fields[FIELD_COUNT] = {{"records_per_s", NULL},
                                                 {"threads_alive_max", NULL}};

static void add_point(struct model *model, double workers, const char *build,
                      double records_per_s)
{
    MODEL_ADD(model, model->sweep, point, points,
              (struct sweep_point){
                  .workers = workers, .build = build, .records_per_s = records_per_s});
}

/* The lesson whose pool it is; the plan has no sweep where none is wanted. */
static int lesson_of_threads(const struct comparison *comparison)
{
    int lesson = 0;
    while (lesson < LESSON_COUNT - 1 &&
           !plan_measures(&comparison->plan, lesson, LESSON_OF_THREADS))
        lesson++;
    return lesson;
}

int measure_sweep(struct comparison *comparison)
{
    struct model *model = &comparison->model;
    const struct run_setup setup = {.input = &comparison->database,
                                    .request_records = REQUEST_RECORDS,
                                    .latency_us = LATENCY_US};
    const unsigned without_pool = build_without(lesson_of_threads(comparison));
    char without_pool_code[BUILD_CODE_SIZE];
    struct run_case cases[CASE_COUNT];

    build_code(without_pool, without_pool_code);
    for (unsigned i = 0; i < CASE_COUNT; i++)
        cases[i] = (struct run_case){.build = BUILD_FIXED, .setup = setup};
    for (unsigned i = 0; i < SIZES; i++)
        cases[i].setup.workers = sizes[i];
    cases[CASE_NAIVE].build = without_pool;
    cases[CASE_NAIVE].setup.request_records = 50; /* each request costs it twenty threads */
    struct group group = {
        .cases = cases, .case_count = CASE_COUNT, .blocks = comparison->plan.sweep_blocks};
    struct neighbours neighbours = {
        .groups = &group, .group_count = 1, .fields = fields, .field_count = FIELD_COUNT};
    comparison_announce(comparison,
                        comparison->plan.sweep_blocks *
                            (0.2 + 6e-4 * (double)comparison->database.records),
                        "workers: %d numbers of them with a database of %d us", SIZES, LATENCY_US);
    int status = neighbours_run(comparison, &neighbours, comparison->seed + 4);
    if (status == 0 && (model->sweep = model_allocate(model, sizeof *model->sweep)) != NULL) {
        double chosen = neighbours_first(&neighbours, &group, CASE_CHOSEN, FIELD_THREADS_MAX) - 1;
        double naive = neighbours_first(&neighbours, &group, CASE_NAIVE, FIELD_THREADS_MAX) - 1;
        *model->sweep = (struct sweep){
            .latency_ns = LATENCY_US * 1000.0,
            .chosen = chosen,
            .words = WORKERS_CHOSEN "; the last point is the naive workers with all else fixed"};
        for (unsigned i = 0; i < CASE_COUNT; i++)
            add_point(model,
                      i < SIZES          ? sizes[i]
                      : i == CASE_CHOSEN ? chosen
                                         : naive,
                      i == CASE_NAIVE ? model_text(model, "%s", without_pool_code) : CODE_FIXED,
                      neighbours_median(&neighbours, &group, i, FIELD_RECORDS_PER_S));
    }
    neighbours_free(&neighbours);
    return status;
}
