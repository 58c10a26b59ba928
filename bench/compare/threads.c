/*
 * threads.c - what is left after requests: threads, stacks, memory; over a growing number of them.
 */
#include <stdio.h>

#include "bench/compare/comparison.h"
#include "bench/compare/rounds.h"

static const unsigned request_counts[] = {1, 2, 5, 10, 20};

enum { SERIES = sizeof request_counts / sizeof *request_counts, LAST = SERIES - 1 };

enum { FIELD_THREADS, FIELD_MAPPED, FIELD_RESIDENT, FIELD_RSS, FIELD_COUNT };

static const char *const fields[FIELD_COUNT] = {"threads_alive", "stack_mapped_bytes",
                                                "stack_resident_bytes", "rss_kb"};

static unsigned case_of(unsigned side, unsigned point)
{
    return side * SERIES + point;
}

static void add_series(struct comparison *comparison, int lesson, const struct rounds *rounds,
                       const char *name, const char *y, const char *unit, unsigned field,
                       double scale)
{
    const struct curve curve = {name, "requests", "1", y, unit, "process", 0};
    double x[SERIES], values[2][SERIES];

    for (unsigned point = 0; point < SERIES; point++) {
        x[point] = request_counts[point];
        for (unsigned side = 0; side < 2; side++)
            values[side][point] =
                scale * stats_median(rounds_values(rounds, case_of(side, point), field),
                                     rounds->round_count);
    }
    model_add_curve(&comparison->model, lesson, &curve, x, values[0], values[1], SERIES);
}

/* What each further request leaves behind: the slope from the first number of requests to the last.
 */
static void per_request(const struct rounds *rounds, unsigned side, unsigned field, double scale,
                        double *values)
{
    const double *few = rounds_values(rounds, case_of(side, 0), field);
    const double *many = rounds_values(rounds, case_of(side, LAST), field);

    for (unsigned round = 0; round < rounds->round_count; round++)
        values[round] =
            scale * (many[round] - few[round]) / (request_counts[LAST] - request_counts[0]);
}

static void add_metrics(struct comparison *comparison, int lesson, const struct rounds *rounds)
{
    char condition[64], code[BUILD_CODE_SIZE];
    struct metric metric = {
        {"threads_alive", "threads alive at the end", "threads", "process"},
        CODE_NAIVE,
        code,
        condition,
    };
    double naive[ROUNDS_MAX], fixed[ROUNDS_MAX];

    build_code(build_alone(lesson), code);
    snprintf(condition, sizeof condition, "after %u requests", request_counts[LAST]);
    model_add_exact(&comparison->model, lesson, &metric,
                    rounds_values(rounds, case_of(0, LAST), FIELD_THREADS)[0],
                    rounds_values(rounds, case_of(1, LAST), FIELD_THREADS)[0]);
    metric.what.name = "stack_mapped";
    metric.what.label = "stacks mapped at the end";
    metric.what.unit = "B";
    model_add_exact(&comparison->model, lesson, &metric,
                    rounds_values(rounds, case_of(0, LAST), FIELD_MAPPED)[0],
                    rounds_values(rounds, case_of(1, LAST), FIELD_MAPPED)[0]);
    metric.what.name = "stack_resident";
    metric.what.label = "stacks in memory at the end";
    model_add_rounds(&comparison->model, lesson, &metric,
                     rounds_values(rounds, case_of(0, LAST), FIELD_RESIDENT),
                     rounds_values(rounds, case_of(1, LAST), FIELD_RESIDENT), rounds->round_count);
    metric.what.name = "retained";
    metric.what.label = "memory kept for each request";
    metric.what.unit = "B/request";
    per_request(rounds, 0, FIELD_RSS, 1024, naive);
    per_request(rounds, 1, FIELD_RSS, 1024, fixed);
    model_add_rounds(&comparison->model, lesson, &metric, naive, fixed, rounds->round_count);
}

/* One run of each build, for the table of all. */
static int set_variants(struct comparison *comparison)
{
    const struct quantity threads = {"threads_alive", "threads alive at the end", "threads",
                                     "process"};
    const struct quantity stacks = {"stack_resident", "stacks in memory at the end", "B",
                                    "process"};
    const struct run_setup setup = {.input = &comparison->counted, .request_records = 50};
    unsigned builds[BUILD_COUNT], count = plan_builds(&comparison->plan, builds);

    for (unsigned i = 0; i < count; i++) {
        struct rundoc doc;
        double stack_bytes = 0;
        if (program_run(comparison, builds[i], &setup, &doc) != 0)
            return -1;
        rundoc_number(&doc, "stack_resident_bytes", &stack_bytes);
        model_set_build(&comparison->model, builds[i], &threads, true, (double)doc.threads_alive);
        model_set_build(&comparison->model, builds[i], &stacks, false, stack_bytes);
        rundoc_free(&doc);
    }
    return 0;
}

/* One request holds the whole small input; repeating the input makes more of the same. */
static int measure_lesson(struct comparison *comparison, int lesson)
{
    const unsigned sides[2] = {BUILD_NAIVE, build_alone(lesson)};
    const struct input_file *input = &comparison->counted;
    struct rounds_case cases[2 * SERIES];

    for (unsigned side = 0; side < 2; side++)
        for (unsigned point = 0; point < SERIES; point++)
            cases[case_of(side, point)] =
                (struct rounds_case){.build = sides[side],
                                     .setup = {.input = input,
                                               .request_records = (unsigned)input->records,
                                               .repeat = request_counts[point]}};
    struct rounds rounds = {
        .cases = cases,
        .case_count = 2 * SERIES,
        .fields = fields,
        .field_count = FIELD_COUNT,
        .round_count = comparison->plan.thread_rounds,
    };
    int status = rounds_run(comparison, &rounds, comparison->seed + 3);
    if (status == 0) {
        add_metrics(comparison, lesson, &rounds);
        add_series(comparison, lesson, &rounds, "threads", "threads alive", "threads",
                   FIELD_THREADS, 1);
        add_series(comparison, lesson, &rounds, "stacks", "stacks mapped", "B", FIELD_MAPPED, 1);
        add_series(comparison, lesson, &rounds, "rss", "resident memory", "B", FIELD_RSS, 1024);
    }
    rounds_free(&rounds);
    return status;
}

int measure_threads(struct comparison *comparison)
{
    int status;

    comparison_announce(comparison, comparison->plan.thread_rounds * 0.8,
                        "threads: what %u to %u requests leave behind, %u rounds",
                        request_counts[0], request_counts[LAST], comparison->plan.thread_rounds);
    status = set_variants(comparison);
    for (int lesson = 0; lesson < LESSON_COUNT && status == 0; lesson++)
        if (plan_measures(&comparison->plan, lesson, LESSON_OF_THREADS))
            status = measure_lesson(comparison, lesson);
    return status;
}
