/*
 * database_times.c - the builds with a database that takes 50 us: how long is the lock held and
 * waited for, and what is waiting worth.
 *
 * Waiting can only be measured natively: under Valgrind one thread runs at a time. A sleep of
 * 50 us takes 60 to 125, so the round trip that really happened is reported beside it.
 */
#include <math.h>

#include "bench/compare/comparison.h"
#include "bench/compare/neighbours.h"

enum { LATENCY_US = 50, REQUEST_RECORDS = 50, TABLE_BLOCKS = 2 };

enum {
    FIELD_TIME,
    FIELD_WAIT,
    FIELD_HOLD,
    FIELD_INSIDE_ROUND_TRIPS,
    FIELD_INSIDE_COMPARISONS,
    FIELD_ROUND_TRIP,
    FIELD_COUNT
};

static const struct run_field fields[FIELD_COUNT] = {
    [FIELD_TIME] = {"ns_per_record", NULL},
    [FIELD_WAIT] = {"lock.wait_ns", "accepted"},
    [FIELD_HOLD] = {"lock.hold_ns", "accepted"},
    [FIELD_INSIDE_ROUND_TRIPS] = {"lock.inside.round_trips", "accepted"},
    [FIELD_INSIDE_COMPARISONS] = {"lock.inside.comparisons", "accepted"},
    [FIELD_ROUND_TRIP] = {"round_trip_ns", "round_trips"},
};

static const char condition[] = "database 50 us, requests of 50 records";

/* Two builds, and what is wanted of them. */
struct pair {
    int lesson;
    unsigned naive, fixed;
    const char *name, *label; /* of the metric of time */
    bool is_of_lock;          /* and how long it is held and waited for */
};

enum { PAIRS_MAX = 2 * LESSON_COUNT + 1 };

static unsigned list_pairs(const struct plan *plan, struct pair pairs[PAIRS_MAX])
{
    unsigned count = 0;

    pairs[count++] = (struct pair){
        LESSON_ALL, BUILD_NAIVE, BUILD_FIXED, "database_time", "time with the database", false};
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        const enum lesson_subject subject = lesson_rows[lesson].measures.subject;
        if (!plan_wants(plan, lesson))
            continue;
        if (subject == LESSON_OF_LOCK)
            pairs[count++] = (struct pair){lesson,
                                           BUILD_NAIVE,
                                           build_alone(lesson),
                                           "database_time_alone",
                                           "time with the database, alone",
                                           true};
        if (subject != LESSON_OF_WORK) /* what waits shows beside a database */
            pairs[count++] = (struct pair){lesson,
                                           build_without(lesson),
                                           BUILD_FIXED,
                                           "database_time_last",
                                           "time with the database, last",
                                           false};
    }
    return count;
}

/* All groups of this measurement: the pairs, and one of all builds. */
struct database_times {
    struct pair pairs[PAIRS_MAX];
    unsigned pair_count;
    struct run_case pair_cases[PAIRS_MAX][2], all_cases[BUILD_COUNT];
    struct group groups[PAIRS_MAX + 1];
    struct neighbours neighbours;
};

static void add_rounds(struct comparison *comparison, const struct database_times *times,
                       unsigned i, const struct metric *metric, unsigned field)
{
    const struct group *group = &times->groups[i];
    double values[2][ROUNDS_MAX];

    for (unsigned side = 0; side < 2; side++)
        neighbours_values(&times->neighbours, group, side, field, values[side]);
    model_add_rounds(&comparison->model, times->pairs[i].lesson, metric, values[0], values[1],
                     neighbours_rounds(&times->neighbours, group));
}

/* How long the lock is held and waited for, and what is done meanwhile: counts that are the same in
 * each run. */
static void add_lock(struct comparison *comparison, const struct database_times *times, unsigned i,
                     struct metric metric)
{
    static const struct {
        unsigned field;
        struct quantity what;
    } waits[] = {{FIELD_HOLD, {"lock_hold", "lock held", "ns/record", "lock stats"}},
                 {FIELD_WAIT,
                  {"lock_wait", "lock waited for, all threads", "ns/record", "lock stats"}}},
      counts[] = {
          {FIELD_INSIDE_ROUND_TRIPS,
           {"round_trips_inside", "database waits inside the lock", "1/record", "counters"}},
          {FIELD_INSIDE_COMPARISONS,
           {"comparisons_inside", "tag comparisons inside the lock", "1/record", "counters"}}};

    for (unsigned k = 0; k < sizeof waits / sizeof *waits; k++) {
        metric.what = waits[k].what;
        add_rounds(comparison, times, i, &metric, waits[k].field);
    }
    for (unsigned k = 0; k < sizeof counts / sizeof *counts; k++) {
        metric.what = counts[k].what;
        model_add_exact(
            &comparison->model, times->pairs[i].lesson, &metric,
            neighbours_first(&times->neighbours, &times->groups[i], 0, counts[k].field),
            neighbours_first(&times->neighbours, &times->groups[i], 1, counts[k].field));
    }
}

static void add_metrics(struct comparison *comparison, const struct database_times *times)
{
    for (unsigned i = 0; i < times->pair_count; i++) {
        const struct pair *pair = &times->pairs[i];
        char naive[BUILD_CODE_SIZE], fixed[BUILD_CODE_SIZE];
        build_code(pair->naive, naive);
        build_code(pair->fixed, fixed);
        const struct metric metric = {
            {pair->name, pair->label, "ns/record", "wall time"}, naive, fixed, condition};
        if (pair->is_of_lock)
            add_lock(comparison, times, i, metric);
        add_rounds(comparison, times, i, &metric, FIELD_TIME);
    }
}

static void set_builds(struct comparison *comparison, const struct database_times *times)
{
    static const struct {
        unsigned field;
        struct quantity what;
    } columns[] = {
        {FIELD_TIME, {"database_time", "time with the database", "ns/record", "wall time"}},
        {FIELD_WAIT, {"lock_wait", "lock waited for", "ns/record", "lock stats"}},
        {FIELD_HOLD, {"lock_hold", "lock held", "ns/record", "lock stats"}},
    };

    for (unsigned i = 0; i < sizeof columns / sizeof *columns; i++) {
        double costs[BUILD_COUNT];
        neighbours_costs(&times->neighbours, times->groups, times->pair_count + 1, columns[i].field,
                         costs);
        for (unsigned build = 0; build < BUILD_COUNT; build++)
            if (!isnan(costs[build]))
                model_set_build(&comparison->model, build, &columns[i].what, false, costs[build]);
    }
}

static struct run_case case_of(const struct comparison *comparison, unsigned build)
{
    return (struct run_case){.build = build,
                             .setup = {.input = &comparison->database,
                                       .request_records = REQUEST_RECORDS,
                                       .latency_us = LATENCY_US}};
}

int measure_database(struct comparison *comparison)
{
    static struct database_times times; /* large */
    unsigned builds[BUILD_COUNT], count = plan_builds(&comparison->plan, builds);

    times = (struct database_times){.pair_count = 0};
    times.pair_count = list_pairs(&comparison->plan, times.pairs);
    for (unsigned i = 0; i < times.pair_count; i++) {
        struct run_case *cases = times.pair_cases[i];
        cases[0] = case_of(comparison, times.pairs[i].naive);
        cases[1] = case_of(comparison, times.pairs[i].fixed);
        times.groups[i] = (struct group){
            .cases = cases, .case_count = 2, .blocks = comparison->plan.database_blocks};
    }
    for (unsigned i = 0; i < count; i++)
        times.all_cases[i] = case_of(comparison, builds[i]);
    times.groups[times.pair_count] =
        (struct group){.cases = times.all_cases, .case_count = count, .blocks = TABLE_BLOCKS};
    times.neighbours = (struct neighbours){.groups = times.groups,
                                           .group_count = times.pair_count + 1,
                                           .fields = fields,
                                           .field_count = FIELD_COUNT};
    comparison_announce(
        comparison,
        (comparison->plan.database_blocks * times.pair_count * 4 + TABLE_BLOCKS * 2 * count) *
            (0.01 + 5e-5 * (double)comparison->database.records),
        "locks: %u pairs of builds with a database of %d us", times.pair_count, LATENCY_US);
    int status = neighbours_run(comparison, &times.neighbours, comparison->seed + 1);
    if (status == 0) {
        add_metrics(comparison, &times);
        set_builds(comparison, &times);
        comparison->model.round_trip_ns =
            neighbours_median(&times.neighbours, &times.groups[0], 0, FIELD_ROUND_TRIP);
    }
    neighbours_free(&times.neighbours);
    return status;
}
