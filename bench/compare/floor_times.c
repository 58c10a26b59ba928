/*
 * floor_times.c - the fixed program against parsing alone, and two workers against one.
 *
 * The floor is bench/floor.c: a loop that parses and frees the same lines with stock cJSON and does
 * nothing else. No program that parses with it can be expected below that.
 */
#include "bench/compare/comparison.h"
#include "bench/compare/rounds.h"

enum { REPEAT = 3 };
enum { CASE_FLOOR, CASE_ONE, CASE_TWO, CASE_COUNT };

static const char *const fields[] = {"ns_per_record"};

int measure_floor(struct comparison *comparison)
{
    const unsigned round_count = comparison->plan.floor_rounds;
    struct command floor = {.count = 0};
    struct stats_interval ratio, scaling;
    struct rounds_case cases[CASE_COUNT];

    command_addf(&floor, "%s/floor", comparison->programs);
    command_add(&floor, comparison->whole.path);
    command_addf(&floor, "%d", REPEAT);
    cases[CASE_FLOOR] = (struct rounds_case){.other = &floor};
    for (unsigned workers = 1; workers <= 2; workers++)
        cases[CASE_FLOOR + workers] = (struct rounds_case){
            .build = BUILD_FIXED,
            .setup = {.input = &comparison->whole, .workers = workers, .repeat = REPEAT}};
    struct rounds rounds = {
        .cases = cases,
        .case_count = CASE_COUNT,
        .fields = fields,
        .field_count = 1,
        .round_count = round_count,
    };
    comparison_announce(comparison,
                        round_count * (0.1 + 1.5e-5 * (double)comparison->whole.records),
                        "floor: %s against parsing alone, and two workers against one", CODE_FIXED);
    int status = rounds_run(comparison, &rounds, comparison->seed + 2);
    if (status == 0) {
        const double *alone = rounds_values(&rounds, CASE_FLOOR, 0);
        const double *one = rounds_values(&rounds, CASE_ONE, 0);
        const double *two = rounds_values(&rounds, CASE_TWO, 0);
        stats_ratio(one, alone, round_count, 0.95, &ratio);
        stats_ratio(one, two, round_count, 0.95, &scaling);
        comparison->model.floor = model_allocate(&comparison->model, sizeof(struct floor_cost));
        if (comparison->model.floor != NULL)
            *comparison->model.floor = (struct floor_cost){
                .floor_ns = stats_median(alone, round_count),
                .fixed_ns = stats_median(one, round_count),
                .ratio = ratio.estimate,
                .low = ratio.low,
                .high = ratio.high,
                .scaling = scaling.estimate,
                .scaling_low = scaling.low,
                .scaling_high = scaling.high,
                .rounds = round_count,
            };
        if (comparison->cpu_count < 2)
            comparison_warn(comparison, "one CPU: two workers cannot be faster than one here");
    }
    rounds_free(&rounds);
    return status;
}
