/*
 * floor_times.c - the fixed program against parsing alone, and two workers against one.
 *
 * The floor is bench/floor.c: a loop that parses and frees the same lines with stock cJSON and does
 * nothing else. No program that parses with it can be expected below that.
 */
#include "bench/compare/comparison.h"
#include "bench/compare/neighbours.h"

enum { REPEAT = 6 };
enum { CASE_FLOOR, CASE_ONE, CASE_TWO, CASE_COUNT };

static const struct run_field fields[] = {{"ns_per_record", NULL}};

int measure_floor(struct comparison *comparison)
{
    const unsigned blocks = comparison->plan.floor_blocks;
    struct command floor = {.count = 0};
    struct stats_interval ratio, scaling;
    struct run_case cases[CASE_COUNT];

    command_addf(&floor, "%s/floor", comparison->programs);
    command_add(&floor, comparison->timed.path);
    command_addf(&floor, "%d", REPEAT);
    cases[CASE_FLOOR] = (struct run_case){.other = &floor};
    for (unsigned workers = 1; workers <= 2; workers++)
        cases[CASE_FLOOR + workers] = (struct run_case){
            .build = BUILD_FIXED,
            .setup = {.input = &comparison->timed, .workers = workers, .repeat = REPEAT}};
    struct group group = {.cases = cases, .case_count = CASE_COUNT, .blocks = blocks};
    struct neighbours neighbours = {
        .groups = &group, .group_count = 1, .fields = fields, .field_count = 1};
    comparison_announce(comparison, blocks * (0.1 + 6e-5 * (double)comparison->timed.records),
                        "floor: %s against parsing alone, and two workers against one", CODE_FIXED);
    int status = neighbours_run(comparison, &neighbours, comparison->seed + 2);
    if (status == 0) {
        neighbours_ratio(&neighbours, &group, CASE_ONE, CASE_FLOOR, 0, 0.95, &ratio);
        neighbours_ratio(&neighbours, &group, CASE_ONE, CASE_TWO, 0, 0.95, &scaling);
        comparison->model.floor = model_allocate(&comparison->model, sizeof(struct floor_cost));
        if (comparison->model.floor != NULL)
            *comparison->model.floor = (struct floor_cost){
                .floor_ns = neighbours_median(&neighbours, &group, CASE_FLOOR, 0),
                .fixed_ns = neighbours_median(&neighbours, &group, CASE_ONE, 0),
                .ratio = ratio.estimate,
                .low = ratio.low,
                .high = ratio.high,
                .scaling = scaling.estimate,
                .scaling_low = scaling.low,
                .scaling_high = scaling.high,
                .rounds = neighbours_rounds(&neighbours, &group),
            };
        if (comparison->cpu_count < 2)
            comparison_warn(comparison, "one CPU: two workers cannot be faster than one here");
    }
    neighbours_free(&neighbours);
    return status;
}
