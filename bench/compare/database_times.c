/*
 * database_times.c - the builds with a database that takes 50 us: how long is the lock held and
 * waited for, and what is waiting worth.
 *
 * Waiting can only be measured natively: under Valgrind one thread runs at a time. A sleep of
 * 50 us takes 60 to 125, so the round trip that really happened is reported beside it.
 */
#include <math.h>
#include <stdlib.h>

#include "bench/compare/comparison.h"
#include "bench/compare/rounds.h"

enum { LATENCY_US = 50, REQUEST_RECORDS = 50 };

enum {
    FIELD_NS_PER_RECORD,
    FIELD_WAIT,
    FIELD_HOLD,
    FIELD_ACCEPTED,
    FIELD_ROUND_TRIPS,
    FIELD_INSIDE_ROUND_TRIPS,
    FIELD_INSIDE_COMPARISONS,
    FIELD_INSIDE_BYTES,
    FIELD_ROUND_TRIP_NS,
    FIELD_HOLD_MAX,
    FIELD_COUNT
};

static const char *const fields[FIELD_COUNT] = {
    "ns_per_record",
    "lock.wait_ns",
    "lock.hold_ns",
    "accepted",
    "round_trips",
    "lock.inside.round_trips",
    "lock.inside.comparisons",
    "lock.inside.allocated_bytes",
    "round_trip_ns",
    "lock.hold_ns_max",
};

static const char condition[] = "database 50 us, requests of 50 records";

/* A field divided by the accepted records, round by round. Owned by the caller; NULL without
 * memory. */
static double *per_record(const struct rounds *rounds, unsigned case_index, unsigned field)
{
    const double *values = rounds_values(rounds, case_index, field);
    const double *accepted = rounds_values(rounds, case_index, FIELD_ACCEPTED);
    double *result = malloc(rounds->round_count * sizeof *result);

    for (unsigned i = 0; result != NULL && i < rounds->round_count; i++)
        result[i] = values[i] / (accepted[i] > 0 ? accepted[i] : 1);
    return result;
}

struct pair {
    int lesson;
    unsigned naive, fixed;
};

static int add_rounds(struct comparison *comparison, const struct rounds *rounds,
                      const struct pair *pair, struct quantity what, unsigned field,
                      bool is_per_record)
{
    char naive_code[BUILD_CODE_SIZE], fixed_code[BUILD_CODE_SIZE];
    int naive_case = rounds_find(rounds, pair->naive),
        fixed_case = rounds_find(rounds, pair->fixed);

    if (naive_case < 0 || fixed_case < 0)
        return 0;
    build_code(pair->naive, naive_code);
    build_code(pair->fixed, fixed_code);
    const struct metric metric = {what, naive_code, fixed_code, condition};
    if (!is_per_record) {
        model_add_rounds(&comparison->model, pair->lesson, &metric,
                         rounds_values(rounds, (unsigned)naive_case, field),
                         rounds_values(rounds, (unsigned)fixed_case, field), rounds->round_count);
        return 0;
    }
    double *naive = per_record(rounds, (unsigned)naive_case, field);
    double *fixed = per_record(rounds, (unsigned)fixed_case, field);
    int status = naive != NULL && fixed != NULL ? 0 : comparison_fail(comparison, "out of memory");
    if (status == 0)
        model_add_rounds(&comparison->model, pair->lesson, &metric, naive, fixed,
                         rounds->round_count);
    free(naive);
    free(fixed);
    return status;
}

/* Counts per accepted record: the same in each round, so the first one is taken. */
static void add_exact(struct comparison *comparison, const struct rounds *rounds, int lesson,
                      struct quantity what, unsigned field)
{
    const unsigned alone = build_alone(lesson);
    int naive = rounds_find(rounds, BUILD_NAIVE), fixed = rounds_find(rounds, alone);
    char code[BUILD_CODE_SIZE];

    if (naive < 0 || fixed < 0)
        return;
    build_code(alone, code);
    const struct metric metric = {what, CODE_NAIVE, code, condition};
    model_add_exact(&comparison->model, lesson, &metric,
                    rounds_values(rounds, (unsigned)naive, field)[0] /
                        rounds_values(rounds, (unsigned)naive, FIELD_ACCEPTED)[0],
                    rounds_values(rounds, (unsigned)fixed, field)[0] /
                        rounds_values(rounds, (unsigned)fixed, FIELD_ACCEPTED)[0]);
}

/* How long the lock is held and waited for, and what is done meanwhile. */
static int add_lock(struct comparison *comparison, const struct rounds *rounds, int lesson)
{
    const struct pair alone = {lesson, BUILD_NAIVE, build_alone(lesson)};
    const struct quantity hold = {"lock_hold", "lock held", "ns/record", "lock stats"};
    const struct quantity wait = {"lock_wait", "lock waited for, all threads", "ns/record",
                                  "lock stats"};
    const struct quantity time = {"database_time_alone", "time with the database, alone",
                                  "ns/record", "wall time"};

    if (add_rounds(comparison, rounds, &alone, hold, FIELD_HOLD, true) != 0 ||
        add_rounds(comparison, rounds, &alone, wait, FIELD_WAIT, true) != 0)
        return -1;
    add_exact(comparison, rounds, lesson,
              (struct quantity){"round_trips_inside", "database waits inside the lock", "1/record",
                                "counters"},
              FIELD_INSIDE_ROUND_TRIPS);
    add_exact(comparison, rounds, lesson,
              (struct quantity){"comparisons_inside", "tag comparisons inside the lock", "1/record",
                                "counters"},
              FIELD_INSIDE_COMPARISONS);
    return add_rounds(comparison, rounds, &alone, time, FIELD_NS_PER_RECORD, false);
}

static int add_metrics(struct comparison *comparison, const struct rounds *rounds)
{
    const struct pair whole = {LESSON_ALL, BUILD_NAIVE, BUILD_FIXED};
    const struct quantity time = {"database_time", "time with the database", "ns/record",
                                  "wall time"};
    const struct quantity time_last = {"database_time_last", "time with the database, last",
                                       "ns/record", "wall time"};

    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        const enum lesson_subject subject = lesson_rows[lesson].measures.subject;
        const struct pair last = {lesson, build_without(lesson), BUILD_FIXED};
        if (subject == LESSON_OF_LOCK && add_lock(comparison, rounds, lesson) != 0)
            return -1;
        if (subject != LESSON_OF_WORK) /* what waits shows beside a database */
            add_rounds(comparison, rounds, &last, time_last, FIELD_NS_PER_RECORD, false);
    }
    return add_rounds(comparison, rounds, &whole, time, FIELD_NS_PER_RECORD, false);
}

static int set_variants(struct comparison *comparison, const struct rounds *rounds,
                        const unsigned *builds, unsigned count)
{
    const struct quantity time = {"database_time", "time with the database", "ns/record",
                                  "wall time"};
    const struct quantity wait = {"lock_wait", "lock waited for", "ns/record", "lock stats"};
    const struct quantity hold = {"lock_hold", "lock held", "ns/record", "lock stats"};

    for (unsigned i = 0; i < count; i++) {
        double *waits = per_record(rounds, i, FIELD_WAIT),
               *holds = per_record(rounds, i, FIELD_HOLD);
        bool is_good = waits != NULL && holds != NULL;
        if (is_good) {
            model_set_build(
                &comparison->model, builds[i], &time, false,
                stats_median(rounds_values(rounds, i, FIELD_NS_PER_RECORD), rounds->round_count));
            model_set_build(&comparison->model, builds[i], &wait, false,
                            stats_median(waits, rounds->round_count));
            model_set_build(&comparison->model, builds[i], &hold, false,
                            stats_median(holds, rounds->round_count));
        }
        free(waits);
        free(holds);
        if (!is_good)
            return comparison_fail(comparison, "out of memory");
    }
    return 0;
}

int measure_database(struct comparison *comparison)
{
    const struct plan *plan = &comparison->plan;
    unsigned builds[BUILD_COUNT];
    struct rounds_case cases[BUILD_COUNT];
    unsigned count = plan_builds(plan, builds);

    for (unsigned i = 0; i < count; i++)
        cases[i] = (struct rounds_case){.build = builds[i],
                                        .setup = {.input = &comparison->database,
                                                  .request_records = REQUEST_RECORDS,
                                                  .latency_us = LATENCY_US}};
    struct rounds rounds = {
        .cases = cases,
        .case_count = count,
        .fields = fields,
        .field_count = FIELD_COUNT,
        .round_count = plan->database_rounds,
    };
    comparison_announce(comparison,
                        plan->database_rounds * count *
                            (0.02 + 7e-5 * (double)comparison->database.records),
                        "locks: %u builds with a database of %d us, %u rounds", count, LATENCY_US,
                        plan->database_rounds);
    int status = rounds_run(comparison, &rounds, comparison->seed + 1);
    if (status == 0)
        status = add_metrics(comparison, &rounds);
    if (status == 0)
        status = set_variants(comparison, &rounds, builds, count);
    if (status == 0 && rounds_find(&rounds, BUILD_NAIVE) >= 0) {
        unsigned naive = (unsigned)rounds_find(&rounds, BUILD_NAIVE);
        double trips = rounds_values(&rounds, naive, FIELD_ROUND_TRIPS)[0];
        if (trips > 0)
            comparison->model.round_trip_ns =
                stats_median(rounds_values(&rounds, naive, FIELD_ROUND_TRIP_NS),
                             rounds.round_count) /
                trips;
    }
    rounds_free(&rounds);
    return status;
}
