/*
 * times.c - wall time and CPU time without a database, of neighbours (neighbours.h).
 *
 * Wall time, of each build with its own number of threads, is what somebody waits for. CPU time, of
 * one worker, is the sharper witness of what is computed, as nothing else on the machine adds to
 * it; and blind to what is waited for. With many workers it says less: what a contended lock costs
 * wavers by ten percent.
 *
 * The controls are one build against itself: whatever difference shows there is none.
 */
#include <math.h>
#include <stdio.h>

#include "bench/compare/comparison.h"
#include "bench/compare/neighbours.h"
#include "bench/model/model_json.h"

enum { FIELD_WALL, FIELD_CPU, FIELD_COUNT };

static const struct run_field fields[FIELD_COUNT] = {{"ns_per_record", NULL},
                                                     {"cpu_ns", "accepted"}};

/* What is measured of a pair, and how. */
static const struct clock_row {
    const char *prefix, *label, *tool, *condition;
    unsigned field, workers;
    double goal; /* half-width of its interval */
} clocks[] = {
    {"time", "time", "wall time", "no database wait, each build's own number of threads",
     FIELD_WALL, 0, 0.015},
    {"cpu_time", "CPU time", "CPU time", "no database wait, one worker, an accepted record",
     FIELD_CPU, 1, 0.007},
};

enum { CLOCKS = sizeof clocks / sizeof *clocks, TABLE_BLOCKS = 4 };

/* Two builds of which a ratio is wanted. */
struct pair {
    int lesson;
    const char *suffix, *label;
    unsigned naive, fixed;
};

enum { PAIRS_MAX = 2 * LESSON_COUNT + 1 };
enum { GROUPS_MAX = CLOCKS * (PAIRS_MAX + 1) + CONTROLS_OF_BUILDS };

static unsigned list_pairs(const struct plan *plan, struct pair pairs[PAIRS_MAX])
{
    unsigned count = 0;

    pairs[count++] = (struct pair){LESSON_ALL, "", "", BUILD_NAIVE, BUILD_FIXED};
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        if (!plan_wants(plan, lesson))
            continue;
        pairs[count++] =
            (struct pair){lesson, "_alone", ", this fix alone", BUILD_NAIVE, build_alone(lesson)};
        pairs[count++] = (struct pair){lesson, "_last", ", others fixed too", build_without(lesson),
                                       BUILD_FIXED};
    }
    return count;
}
/* All groups of this measurement, and the cases that they are of. */
struct times {
    struct pair pairs[PAIRS_MAX];
    unsigned pair_count;
    unsigned rest_count; /* builds that are in no pair, behind nothing fixed */
    struct group groups[GROUPS_MAX];
    struct run_case pair_cases[CLOCKS][PAIRS_MAX][2], control_cases[CONTROLS_OF_BUILDS][2];
    struct run_case rest_cases[CLOCKS][BUILD_COUNT + 1];
    struct neighbours neighbours;
};

/* A process of a build that is nearly fixed is over before it is at its pace: it does the same a
 * few times over. */
enum { REPEAT = 3 };

static struct run_case case_of(const struct comparison *comparison, unsigned build,
                               unsigned workers, unsigned repeat)
{
    return (struct run_case){
        .build = build,
        .setup = {.input = &comparison->timed, .workers = workers, .repeat = repeat}};
}

/* Where the groups are: by each clock the pairs, and then the rest; and the controls. */
static struct group *clock_groups(struct times *times, unsigned clock)
{
    return &times->groups[clock * (times->pair_count + 1)];
}

static struct group *control_group(struct times *times, unsigned control)
{
    return clock_groups(times, CLOCKS) + control;
}

static void add_pairs(const struct comparison *comparison, struct times *times)
{
    for (unsigned clock = 0; clock < CLOCKS; clock++)
        for (unsigned i = 0; i < times->pair_count; i++) {
            const struct pair *pair = &times->pairs[i];
            struct run_case *cases = times->pair_cases[clock][i];
            const unsigned repeat = pair->naive == BUILD_NAIVE ? 1 : REPEAT;
            cases[0] = case_of(comparison, pair->naive, clocks[clock].workers, repeat);
            cases[1] = case_of(comparison, pair->fixed, clocks[clock].workers, repeat);
            clock_groups(times, clock)[i] = (struct group){.cases = cases,
                                                           .case_count = 2,
                                                           .blocks = comparison->plan.time_blocks,
                                                           .goal = clocks[clock].goal,
                                                           .goal_field = clocks[clock].field};
        }
}

/* One build against itself: with the same link order by either clock, and with others. */
static void add_controls(const struct comparison *comparison, struct times *times)
{
    for (unsigned control = 0; control < CONTROLS_OF_BUILDS; control++) {
        const struct clock_row *clock = &clocks[control == CONTROL_WALL ? 0 : 1];
        struct run_case *cases = times->control_cases[control];
        cases[0] = cases[1] = case_of(comparison, BUILD_FIXED, clock->workers, REPEAT);
        cases[1].is_twin = control != CONTROL_LAYOUT;
        *control_group(times, control) = (struct group){.cases = cases,
                                                        .case_count = 2,
                                                        .blocks = comparison->plan.time_blocks,
                                                        .goal = clock->goal,
                                                        .goal_field = clock->field};
    }
}

/* All others that the plan compares, each against nothing fixed: for the table of all builds. */
static void add_rest(const struct comparison *comparison, struct times *times)
{
    unsigned builds[BUILD_COUNT], count = plan_builds(&comparison->plan, builds);
    bool is_paired[BUILD_COUNT] = {false};

    for (unsigned i = 0; i < times->pair_count; i++)
        is_paired[times->pairs[i].naive] = is_paired[times->pairs[i].fixed] = true;
    for (unsigned i = 0; i < count; i++)
        if (!is_paired[builds[i]]) {
            times->rest_count++;
            for (unsigned clock = 0; clock < CLOCKS; clock++)
                times->rest_cases[clock][times->rest_count] =
                    case_of(comparison, builds[i], clocks[clock].workers, 1);
        }
    for (unsigned clock = 0; clock < CLOCKS; clock++) {
        times->rest_cases[clock][0] = case_of(comparison, BUILD_NAIVE, clocks[clock].workers, 1);
        clock_groups(times, clock)[times->pair_count] =
            (struct group){.cases = times->rest_cases[clock],
                           .case_count = 1 + times->rest_count,
                           .blocks = TABLE_BLOCKS};
    }
}

static void add_metrics(struct comparison *comparison, struct times *times)
{
    for (unsigned c = 0; c < CLOCKS; c++)
        for (unsigned i = 0; i < times->pair_count; i++) {
            const struct clock_row *clock = &clocks[c];
            const struct pair *pair = &times->pairs[i];
            const struct group *group = &clock_groups(times, c)[i];
            double values[2][ROUNDS_MAX];
            char name[64], label[64], naive[BUILD_CODE_SIZE], fixed[BUILD_CODE_SIZE];
            build_code(pair->naive, naive);
            build_code(pair->fixed, fixed);
            snprintf(name, sizeof name, "%s%s", clock->prefix, pair->suffix);
            snprintf(label, sizeof label, "%s%s", clock->label, pair->label);
            const struct metric metric = {
                {name, label, "ns/record", clock->tool}, naive, fixed, clock->condition};
            for (unsigned side = 0; side < 2; side++)
                neighbours_values(&times->neighbours, group, side, clock->field, values[side]);
            model_add_rounds(&comparison->model, pair->lesson, &metric, values[0], values[1],
                             neighbours_rounds(&times->neighbours, group));
        }
}

static void set_controls(struct comparison *comparison, struct times *times)
{
    for (unsigned control = 0; control < CONTROLS_OF_BUILDS; control++) {
        const struct group *group = control_group(times, control);
        double values[2][ROUNDS_MAX];
        for (unsigned side = 0; side < 2; side++)
            neighbours_values(&times->neighbours, group, side, group->goal_field, values[side]);
        model_set_control(&comparison->model, (enum control_kind)control, CODE_FIXED, values[0],
                          values[1], neighbours_rounds(&times->neighbours, group),
                          group->block_count);
    }
}

static void set_builds(struct comparison *comparison, struct times *times, unsigned c)
{
    const struct clock_row *clock = &clocks[c];
    const struct quantity what = {clock->prefix, clock->label, "ns/record", clock->tool};
    double costs[BUILD_COUNT];

    neighbours_costs(&times->neighbours, clock_groups(times, c), times->pair_count + 1,
                     clock->field, costs);
    for (unsigned build = 0; build < BUILD_COUNT; build++)
        if (!isnan(costs[build]))
            model_set_build(&comparison->model, build, &what, false, costs[build]);
}

int measure_times(struct comparison *comparison)
{
    const struct plan *plan = &comparison->plan;
    static struct times times; /* large */

    times = (struct times){.rest_count = 0};
    times.pair_count = list_pairs(plan, times.pairs);
    add_pairs(comparison, &times);
    add_controls(comparison, &times);
    add_rest(comparison, &times);
    times.neighbours = (struct neighbours){
        .groups = times.groups,
        .group_count = CLOCKS * (times.pair_count + 1) + CONTROLS_OF_BUILDS,
        .fields = fields,
        .field_count = FIELD_COUNT,
        .seconds = plan->time_seconds,
    };
    comparison_announce(comparison, plan->time_seconds,
                        "wall time and CPU time: %u pairs of builds, and one against itself, %u "
                        "link orders each",
                        times.pair_count, comparison->layout_count);
    int status = neighbours_run(comparison, &times.neighbours, comparison->seed);
    if (status == 0) {
        add_metrics(comparison, &times);
        set_controls(comparison, &times);
        for (unsigned clock = 0; clock < CLOCKS; clock++)
            set_builds(comparison, &times, clock);
    }
    neighbours_free(&times.neighbours);
    return status;
}
