/*
 * times.c - wall time without a database: all builds, round by round, with the A/A control in each.
 *
 * The control is nnnn once more: whatever difference shows between the two is none, so no smaller
 * one can be claimed of any fix in this run.
 */
#include "bench/compare/comparison.h"
#include "bench/compare/rounds.h"
#include "bench/model/model_json.h"

enum { FIELD_NS_PER_RECORD, FIELD_CPU_NS, FIELD_COUNT };

static const char *const fields[FIELD_COUNT] = {"ns_per_record", "cpu_ns"};

static void add_pair(struct comparison *comparison, const struct rounds *rounds, int lesson,
                     const char *name, const char *label, unsigned naive, unsigned fixed)
{
    char naive_code[BUILD_CODE_SIZE], fixed_code[BUILD_CODE_SIZE];
    int naive_case = rounds_find(rounds, naive), fixed_case = rounds_find(rounds, fixed);

    if (naive_case < 0 || fixed_case < 0)
        return;
    build_code(naive, naive_code);
    build_code(fixed, fixed_code);
    struct metric metric = {
        .what = {name, label, "ns/record", "wall time"},
        .naive = naive_code,
        .fixed = fixed_code,
        .condition = "no database wait, each build's own number of threads",
    };
    model_add_rounds(&comparison->model, lesson, &metric,
                     rounds_values(rounds, (unsigned)naive_case, FIELD_NS_PER_RECORD),
                     rounds_values(rounds, (unsigned)fixed_case, FIELD_NS_PER_RECORD),
                     rounds->round_count);
}

int measure_times(struct comparison *comparison)
{
    const struct plan *plan = &comparison->plan;
    unsigned builds[BUILD_COUNT];
    struct rounds_case cases[BUILD_COUNT + 1];
    unsigned count = plan_builds(plan, builds);

    for (unsigned i = 0; i < count; i++)
        cases[i] = (struct rounds_case){.build = builds[i], .setup = {.input = &comparison->whole}};
    cases[count] = cases[0];
    struct rounds rounds = {
        .cases = cases,
        .case_count = count + 1,
        .fields = fields,
        .field_count = FIELD_COUNT,
        .round_count = plan->time_rounds,
    };
    comparison_announce(comparison,
                        plan->time_rounds * (count + 1) *
                            (0.02 + 6e-6 * (double)comparison->whole.records),
                        "wall time: %u builds and the A/A control, %u rounds of fresh processes",
                        count, plan->time_rounds);
    int status = rounds_run(comparison, &rounds, comparison->seed);
    if (status == 0) {
        model_set_control(&comparison->model, CODE_NAIVE,
                          rounds_values(&rounds, 0, FIELD_NS_PER_RECORD),
                          rounds_values(&rounds, count, FIELD_NS_PER_RECORD), rounds.round_count);
        for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
            add_pair(comparison, &rounds, lesson, "time_alone", "time, this fix alone", BUILD_NAIVE,
                     build_alone(lesson));
            add_pair(comparison, &rounds, lesson, "time_last", "time, the others fixed too",
                     build_without(lesson), BUILD_FIXED);
        }
        add_pair(comparison, &rounds, LESSON_ALL, "time", "time", BUILD_NAIVE, BUILD_FIXED);
        const struct quantity time = {"time", "time", "ns/record", "wall time"};
        for (unsigned i = 0; i < count; i++)
            model_set_build(
                &comparison->model, builds[i], &time, false,
                stats_median(rounds_values(&rounds, i, FIELD_NS_PER_RECORD), rounds.round_count));
    }
    rounds_free(&rounds);
    return status;
}
