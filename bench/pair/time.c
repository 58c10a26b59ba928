/*
 * time.c - times, memory, faults and context switches of both commands, of neighbours
 * (bench/compare/neighbours.h): fresh processes next to each other, each with another environment;
 * and each side against itself, where whatever shows is noise.
 *
 * What the kernel accounts for is had with each run. A number that was the same in all runs of a
 * side is a count; others have an interval. Where the budget has no room for as many blocks as an
 * interval needs, what the proof's runs took is shown, and not judged.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/compare/neighbours.h"
#include "bench/pair/phases.h"

enum {
    FIELD_WALL,
    FIELD_CPU,
    FIELD_USER,
    FIELD_SYSTEM,
    FIELD_MEMORY,
    FIELD_FLOOR, /* of memory: what the workbench itself had, which hides what is less */
    FIELD_MINOR,
    FIELD_MAJOR,
    FIELD_VOLUNTARY,
    FIELD_INVOLUNTARY,
    FIELD_OWN /* and those behind */
};

static const struct row {
    struct quantity what;
    enum pair_section section;
    unsigned field;
} rows[] = {
    {{"wall_time", "wall time", "ns", "clock"}, PAIR_TIME, FIELD_WALL},
    {{"cpu_time", "CPU time", "ns", "rusage"}, PAIR_TIME, FIELD_CPU},
    {{"user_time", "CPU time, user", "ns", "rusage"}, PAIR_TIME, FIELD_USER},
    {{"system_time", "CPU time, kernel", "ns", "rusage"}, PAIR_TIME, FIELD_SYSTEM},
    {{"peak_rss", "peak resident memory", "B", "rusage"}, PAIR_MEMORY, FIELD_MEMORY},
    {{"minor_faults", "page faults, minor", "1", "rusage"}, PAIR_MEMORY, FIELD_MINOR},
    {{"major_faults", "page faults, major", "1", "rusage"}, PAIR_MEMORY, FIELD_MAJOR},
    {{"voluntary_switches", "context switches, voluntary", "1", "rusage"},
     PAIR_SYSTEM,
     FIELD_VOLUNTARY},
    {{"involuntary_switches", "context switches, forced", "1", "rusage"},
     PAIR_SYSTEM,
     FIELD_INVOLUNTARY},
};

/* An interval at the corrected confidence needs as many at least. */
enum { ROWS = sizeof rows / sizeof *rows, LEAST_BLOCKS = 12 };
/* Of what is left of the budget; the rest is for the witnesses. */
static const double share_of_budget = 0.5, most_of_budget = 0.9;
static const double goal = 0.01;

struct timing {
    struct pair *pair;
    const struct own_keys *own;
    unsigned runs;
    bool is_missing[OWN_KEYS]; /* a run did not write it */
};

static void read_result(const struct child_result *result, double *values)
{
    values[FIELD_WALL] = (double)result->wall_ns;
    values[FIELD_CPU] = (double)(result->user_ns + result->sys_ns);
    values[FIELD_USER] = (double)result->user_ns;
    values[FIELD_SYSTEM] = (double)result->sys_ns;
    values[FIELD_MEMORY] = 1024.0 * (double)result->max_rss_kb;
    values[FIELD_FLOOR] = 1024.0 * (double)result->rss_floor_kb;
    values[FIELD_MINOR] = (double)result->minor_faults;
    values[FIELD_MAJOR] = (double)result->major_faults;
    values[FIELD_VOLUNTARY] = (double)result->voluntary_switches;
    values[FIELD_INVOLUNTARY] = (double)result->involuntary_switches;
}

static int run_case(void *context, const struct run_case *one, unsigned padding, double *values)
{
    struct timing *timing = context;
    struct pair *pair = timing->pair;
    struct own_keys own;
    struct child_result result;
    struct pair_run run;

    if (pair_run_init(&run, pair, one->build, NULL) != 0)
        return -1;
    pair_run_pad(&run, padding);
    int status = pair_run(pair, &run, &result);
    timing->runs++;
    if (status == 0) {
        read_result(&result, values);
        own_read(&own, pair->counters);
        for (unsigned key = 0; key < timing->own->count; key++) {
            double value = own_value(&own, timing->own->names[key]);
            timing->is_missing[key] |= isnan(value);
            values[FIELD_OWN + key] = isnan(value) ? 0 : value;
        }
    } else if (status > 0) {
        comparison_fail(pair->comparison,
                        "%s.\nIt was run %u of both after the proof, and what does not do the same "
                        "each time cannot be compared. It is: %s",
                        pair_said(pair), timing->runs, pair->side[one->build].text);
    }
    child_result_free(&result);
    pair_run_free(&run);
    return status != 0 ? -1 : 0;
}

static bool is_steady(const struct neighbours *neighbours, unsigned field)
{
    return neighbours_is_steady(neighbours, neighbours->groups, 0, field) &&
           neighbours_is_steady(neighbours, neighbours->groups, 1, field);
}

static void add_metric(struct pair *pair, const struct neighbours *neighbours,
                       enum pair_section section, const struct quantity *what, unsigned field)
{
    struct model *model = &pair->comparison->model;
    const struct group *group = neighbours->groups;
    struct metric metric = {*what, pair->side[0].name, pair->side[1].name, ""};
    double values[PAIR_SIDES][ROUNDS_MAX];

    if (is_steady(neighbours, field)) {
        model_add_exact(model, (int)section, &metric, neighbours_first(neighbours, group, 0, field),
                        neighbours_first(neighbours, group, 1, field));
        return;
    }
    if (group->block_count < LEAST_BLOCKS) {
        metric.condition = model_text(model, "%u runs of each", 2 * group->block_count);
        model_add_single(model, (int)section, &metric,
                         neighbours_median(neighbours, group, 0, field),
                         neighbours_median(neighbours, group, 1, field));
        return;
    }
    for (unsigned side = 0; side < PAIR_SIDES; side++)
        neighbours_values(neighbours, group, side, field, values[side]);
    model_add_rounds(model, (int)section, &metric, values[0], values[1],
                     neighbours_rounds(neighbours, group));
}

/* What is resident below what the workbench itself has is not seen. */
static bool is_memory_seen(struct pair *pair, const struct neighbours *neighbours)
{
    for (unsigned side = 0; side < PAIR_SIDES; side++) {
        double peak = neighbours_median(neighbours, neighbours->groups, side, FIELD_MEMORY);
        double floor = neighbours_median(neighbours, neighbours->groups, side, FIELD_FLOOR);
        if (peak > floor)
            continue;
        pair_lacks(pair, "peak resident memory",
                   "its row; page faults say how many pages were touched",
                   "%s has less than the %.1f MiB that the workbench has when it starts it",
                   pair->side[side].name, floor / 1048576);
        return false;
    }
    return true;
}

/* Counters that the program has written in every run; one that was missing at times says nothing.
 */
static void add_own(struct pair *pair, const struct neighbours *neighbours,
                    const struct timing *timing)
{
    const struct own_keys *own = timing->own;

    for (unsigned key = 0; key < own->count; key++) {
        const char *name = own->names[key];
        const struct quantity what = {model_text(&pair->comparison->model, "own:%s", name), name,
                                      "1", "the program"};
        const bool is_there = !timing->is_missing[key];
        if (is_there)
            add_metric(pair, neighbours, PAIR_OWN, &what, FIELD_OWN + key);
        else
            comparison_warn(pair->comparison,
                            "%s was not in the file of FASTENOUGH_COUNTERS in each run of both",
                            name);
    }
    if (own->left_out > 0)
        comparison_warn(pair->comparison,
                        "%u keys of FASTENOUGH_COUNTERS more than %d are left out", own->left_out,
                        OWN_KEYS);
}

static void set_control(struct pair *pair, const struct neighbours *neighbours, unsigned side)
{
    static const struct {
        enum control_kind kind[PAIR_SIDES];
        unsigned field;
    } controls[] = {{{CONTROL_BEFORE_WALL, CONTROL_WALL}, FIELD_WALL},
                    {{CONTROL_BEFORE_CPU, CONTROL_CPU}, FIELD_CPU}};
    const struct group *group = &neighbours->groups[1 + side];
    double values[2][ROUNDS_MAX];

    for (unsigned i = 0; i < sizeof controls / sizeof *controls; i++) {
        for (unsigned twin = 0; twin < 2; twin++)
            neighbours_values(neighbours, group, twin, controls[i].field, values[twin]);
        model_set_control(&pair->comparison->model, controls[i].kind[side], pair->side[side].name,
                          values[0], values[1], neighbours_rounds(neighbours, group),
                          group->block_count);
    }
}

/* What is left where not even one block was: two runs of the proof. */
static void add_proof(struct pair *pair)
{
    const struct metric metric = {rows[0].what, pair->side[0].name, pair->side[1].name,
                                  "the proof's runs"};

    model_add_single(&pair->comparison->model, PAIR_TIME, &metric, 1e9 * pair->side[0].seconds,
                     1e9 * pair->side[1].seconds);
}

/* How many blocks there are, and of what: as the budget has room. 0: of none. */
static unsigned plan_blocks(struct pair *pair, struct neighbours *neighbours)
{
    const double both = pair->side[0].seconds + pair->side[1].seconds, left = pair_left_s(pair);
    const double pair_s = 2 * both, all_s = 3 * pair_s; /* a block, and one of each group */

    if (pair->is_counted_only) {
        neighbours->group_count = 1;
        neighbours->groups[0].goal = 0;
        return 1;
    }
    neighbours->seconds = share_of_budget * left;
    if (LEAST_BLOCKS * all_s <= neighbours->seconds)
        return LEAST_BLOCKS; /* and more, as long as there is time */
    neighbours->seconds =
        fmax(neighbours->seconds, fmin(most_of_budget * left, LEAST_BLOCKS * pair_s));
    neighbours->group_count = 1;
    const double wanted = ceil(LEAST_BLOCKS * all_s / share_of_budget + both);
    if (LEAST_BLOCKS * pair_s <= neighbours->seconds) {
        pair_lacks(pair, "A/A control", "what a side shows against itself",
                   "there is no time for it: BUDGET=%.0fs would do", wanted);
        return LEAST_BLOCKS;
    }
    neighbours->groups[0].goal = neighbours->seconds = 0;
    pair_lacks(
        pair, "intervals of times", "what of a difference is noise",
        "%d blocks of both take %.0f s, and %.0f s are left of %.0f s: BUDGET=%.0fs would do",
        LEAST_BLOCKS, LEAST_BLOCKS * pair_s, fmax(0, left), pair->budget_s, wanted);
    return left > 0 ? (unsigned)(most_of_budget * left / pair_s) : 0;
}

int pair_measure(struct pair *pair, const struct own_keys *own)
{
    struct run_case cases[1 + PAIR_SIDES][2] = {
        {{.build = PAIR_BEFORE}, {.build = PAIR_AFTER}},
        {{.build = PAIR_BEFORE}, {.build = PAIR_BEFORE}},
        {{.build = PAIR_AFTER}, {.build = PAIR_AFTER}},
    };
    struct group groups[1 + PAIR_SIDES];
    struct timing timing = {.pair = pair, .own = own};
    struct neighbours neighbours = {.groups = groups,
                                    .group_count = 1 + PAIR_SIDES,
                                    .field_count = FIELD_OWN + own->count,
                                    .run = run_case,
                                    .context = &timing};

    for (unsigned i = 0; i < 1 + PAIR_SIDES; i++)
        groups[i] = (struct group){
            .cases = cases[i], .case_count = 2, .goal = goal, .goal_field = FIELD_WALL};
    const unsigned blocks = plan_blocks(pair, &neighbours);
    comparison_announce(pair->comparison, neighbours.seconds,
                        blocks == 0 ? "times: those of the proof"
                        : neighbours.group_count == 1
                            ? "times: both next to each other"
                            : "times: both next to each other, and each against itself");
    if (blocks == 0) {
        add_proof(pair);
        return 0;
    }
    for (unsigned i = 0; i < neighbours.group_count; i++)
        groups[i].blocks = blocks;
    int status = neighbours_run(pair->comparison, &neighbours, pair->comparison->seed);
    for (unsigned i = 0; i < ROWS && status == 0; i++)
        if (rows[i].field != FIELD_MEMORY || is_memory_seen(pair, &neighbours))
            add_metric(pair, &neighbours, rows[i].section, &rows[i].what, rows[i].field);
    if (status == 0)
        add_own(pair, &neighbours, &timing);
    for (unsigned side = 0; side < PAIR_SIDES && status == 0 && neighbours.group_count > 1; side++)
        set_control(pair, &neighbours, side);
    neighbours_free(&neighbours);
    return status;
}
