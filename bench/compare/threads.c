/*
 * threads.c - what is left after requests: threads, stacks, memory; over a growing number of them.
 */
#include <stdio.h>

#include "bench/compare/document.h"
#include "bench/compare/rounds.h"

static const unsigned request_counts[] = {1, 2, 5, 10, 20};

enum { SERIES = sizeof request_counts / sizeof *request_counts, LAST = SERIES - 1 };

enum { FIELD_THREADS, FIELD_MAPPED, FIELD_RESIDENT, FIELD_RSS, FIELD_COUNT };

static const char *const fields[FIELD_COUNT] = {"threads_alive", "stack_mapped_bytes",
                                                "stack_resident_bytes", "rss_kb"};

/* The two builds that the chapter compares. */
static const unsigned sides[2] = {0, 1u << LESSON_WORKERS};

static unsigned case_of(unsigned side, unsigned point)
{
    return side * SERIES + point;
}

static void add_series(struct comparison *comparison, const struct rounds *rounds, const char *name,
                       const char *y, const char *unit, unsigned field, double scale)
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
    document_add_curve(comparison, LESSON_WORKERS, &curve, x, values[0], values[1], SERIES);
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

static void add_metrics(struct comparison *comparison, const struct rounds *rounds)
{
    char condition[64];
    struct metric metric = {
        {"threads_alive", "threads alive at the end", "threads", "process"},
        "nnnn",
        "nnnf",
        condition,
    };
    double naive[ROUNDS_MAX], fixed[ROUNDS_MAX];

    snprintf(condition, sizeof condition, "after %u requests", request_counts[LAST]);
    document_add_exact(comparison, LESSON_WORKERS, &metric,
                       rounds_values(rounds, case_of(0, LAST), FIELD_THREADS)[0],
                       rounds_values(rounds, case_of(1, LAST), FIELD_THREADS)[0]);
    metric.what.name = "stack_mapped";
    metric.what.label = "stacks mapped at the end";
    metric.what.unit = "B";
    document_add_exact(comparison, LESSON_WORKERS, &metric,
                       rounds_values(rounds, case_of(0, LAST), FIELD_MAPPED)[0],
                       rounds_values(rounds, case_of(1, LAST), FIELD_MAPPED)[0]);
    metric.what.name = "stack_resident";
    metric.what.label = "stacks in memory at the end";
    document_add_rounds(comparison, LESSON_WORKERS, &metric,
                        rounds_values(rounds, case_of(0, LAST), FIELD_RESIDENT),
                        rounds_values(rounds, case_of(1, LAST), FIELD_RESIDENT),
                        rounds->round_count);
    metric.what.name = "retained";
    metric.what.label = "memory kept for each request";
    metric.what.unit = "B/request";
    per_request(rounds, 0, FIELD_RSS, 1024, naive);
    per_request(rounds, 1, FIELD_RSS, 1024, fixed);
    document_add_rounds(comparison, LESSON_WORKERS, &metric, naive, fixed, rounds->round_count);
}

/* One run of each build, for the sixteen. */
static int set_variants(struct comparison *comparison)
{
    const struct quantity threads = {"threads_alive", "threads alive at the end", "threads",
                                     "process"};
    const struct quantity stacks = {"stack_resident", "stacks in memory at the end", "B",
                                    "process"};
    const struct run_setup setup = {.input = &comparison->counted, .request_records = 50};
    unsigned masks[ATTRIBUTION_VARIANTS], count = plan_builds(&comparison->plan, masks);

    for (unsigned i = 0; i < count; i++) {
        struct rundoc doc;
        double stack_bytes = 0;
        if (program_run(comparison, masks[i], &setup, &doc) != 0)
            return -1;
        rundoc_number(&doc, "stack_resident_bytes", &stack_bytes);
        document_set_variant(comparison, masks[i], &threads, true, (double)doc.threads_alive);
        document_set_variant(comparison, masks[i], &stacks, false, stack_bytes);
        rundoc_free(&doc);
    }
    return 0;
}

int measure_threads(struct comparison *comparison)
{
    struct rounds_case cases[2 * SERIES];
    struct input_file *input = &comparison->counted;

    comparison_announce(comparison, comparison->plan.thread_rounds * 0.8,
                        "threads: what %u to %u requests leave behind, %u rounds",
                        request_counts[0], request_counts[LAST], comparison->plan.thread_rounds);
    if (set_variants(comparison) != 0)
        return -1;
    if (!plan_wants(&comparison->plan, LESSON_WORKERS))
        return 0;
    /* One request holds the whole small input; repeating the input makes more of the same. */
    for (unsigned side = 0; side < 2; side++)
        for (unsigned point = 0; point < SERIES; point++)
            cases[case_of(side, point)] =
                (struct rounds_case){.mask = sides[side],
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
        add_metrics(comparison, &rounds);
        add_series(comparison, &rounds, "threads", "threads alive", "threads", FIELD_THREADS, 1);
        add_series(comparison, &rounds, "stacks", "stacks mapped", "B", FIELD_MAPPED, 1);
        add_series(comparison, &rounds, "rss", "resident memory", "B", FIELD_RSS, 1024);
    }
    rounds_free(&rounds);
    return status;
}
