/*
 * sweep.c - how large should the pool be, with a database that takes 50 us?
 *
 * An honest report shows what a fix costs: a pool of one worker a CPU would write fewer rows a
 * second than naive's crowd of blocked threads. Here is what each size does, and what the build
 * chooses.
 */
#include <stdio.h>

#include "bench/compare/comparison.h"
#include "bench/compare/rounds.h"

static const unsigned sizes[] = {1, 2, 4, 8, 16, 32, 64};

enum { SIZES = sizeof sizes / sizeof *sizes, CASE_CHOSEN = SIZES, CASE_NAIVE, CASE_COUNT };
enum { LATENCY_US = 50, REQUEST_RECORDS = 10 };
enum { FIELD_RECORDS_PER_S, FIELD_THREADS_MAX, FIELD_COUNT };

static const char *const fields[FIELD_COUNT] = {"records_per_s", "threads_alive_max"};

static void add_point(struct model *model, const struct rounds *rounds, unsigned case_index,
                      double workers, const char *build)
{
    MODEL_ADD(model, model->sweep, point, points,
              (struct sweep_point){
                  .workers = workers,
                  .build = build,
                  .records_per_s = stats_median(
                      rounds_values(rounds, case_index, FIELD_RECORDS_PER_S), rounds->round_count),
              });
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
    struct rounds_case cases[CASE_COUNT];

    build_code(without_pool, without_pool_code);
    for (unsigned i = 0; i < CASE_COUNT; i++)
        cases[i] = (struct rounds_case){.build = BUILD_FIXED, .setup = setup};
    for (unsigned i = 0; i < SIZES; i++)
        cases[i].setup.workers = sizes[i];
    cases[CASE_NAIVE].build = without_pool;
    cases[CASE_NAIVE].setup.request_records = 50; /* each request costs it twenty threads */
    struct rounds rounds = {
        .cases = cases,
        .case_count = CASE_COUNT,
        .fields = fields,
        .field_count = FIELD_COUNT,
        .round_count = comparison->plan.sweep_rounds,
    };
    comparison_announce(comparison,
                        comparison->plan.sweep_rounds *
                            (0.1 + 3e-4 * (double)comparison->database.records),
                        "pool size: %d sizes with a database of %d us", SIZES, LATENCY_US);
    int status = rounds_run(comparison, &rounds, comparison->seed + 4);
    if (status == 0 && (model->sweep = model_allocate(model, sizeof *model->sweep)) != NULL) {
        double chosen = rounds_values(&rounds, CASE_CHOSEN, FIELD_THREADS_MAX)[0] - 1;
        *model->sweep = (struct sweep){
            .latency_ns = LATENCY_US * 1000.0,
            .chosen = chosen,
            .words = "threads = CPUs x (1 + wait / compute), at most 64 (Little's law; compute is "
                     "a record's CPU time with its thread's sleep and waking); the last point is "
                     "the naive workers with all else fixed"};
        for (unsigned i = 0; i < SIZES; i++)
            add_point(model, &rounds, i, sizes[i], CODE_FIXED);
        add_point(model, &rounds, CASE_CHOSEN, chosen, CODE_FIXED);
        add_point(model, &rounds, CASE_NAIVE,
                  rounds_values(&rounds, CASE_NAIVE, FIELD_THREADS_MAX)[0] - 1,
                  model_text(model, "%s", without_pool_code));
    }
    rounds_free(&rounds);
    return status;
}
