/*
 * database_times.c - the builds with a database that takes 50 us: how long is the lock held and
 * waited for, and what is waiting worth.
 *
 * Waiting can only be measured natively: under Valgrind one thread runs at a time. A sleep of
 * 50 us takes 60 to 125, so the round trip that really happened is reported beside it.
 */
#include <math.h>
#include <stdlib.h>

#include "bench/compare/document.h"
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
    char naive_code[5], fixed_code[5];
    int naive_case = rounds_find(rounds, pair->naive),
        fixed_case = rounds_find(rounds, pair->fixed);

    if (naive_case < 0 || fixed_case < 0)
        return 0;
    attribution_code(pair->naive, naive_code);
    attribution_code(pair->fixed, fixed_code);
    const struct metric metric = {what, naive_code, fixed_code, condition};
    if (!is_per_record) {
        document_add_rounds(
            comparison, pair->lesson, &metric, rounds_values(rounds, (unsigned)naive_case, field),
            rounds_values(rounds, (unsigned)fixed_case, field), rounds->round_count);
        return 0;
    }
    double *naive = per_record(rounds, (unsigned)naive_case, field);
    double *fixed = per_record(rounds, (unsigned)fixed_case, field);
    int status = naive != NULL && fixed != NULL ? 0 : comparison_fail(comparison, "out of memory");
    if (status == 0)
        document_add_rounds(comparison, pair->lesson, &metric, naive, fixed, rounds->round_count);
    free(naive);
    free(fixed);
    return status;
}

/* Counts per accepted record: the same in each round, so the first one is taken. */
static void add_exact(struct comparison *comparison, const struct rounds *rounds,
                      struct quantity what, unsigned field)
{
    int naive = rounds_find(rounds, 0), fixed = rounds_find(rounds, 1u << LESSON_STORE);

    if (naive < 0 || fixed < 0)
        return;
    const struct metric metric = {what, "nnnn", "nnfn", condition};
    document_add_exact(comparison, LESSON_STORE, &metric,
                       rounds_values(rounds, (unsigned)naive, field)[0] /
                           rounds_values(rounds, (unsigned)naive, FIELD_ACCEPTED)[0],
                       rounds_values(rounds, (unsigned)fixed, field)[0] /
                           rounds_values(rounds, (unsigned)fixed, FIELD_ACCEPTED)[0]);
}

static int add_metrics(struct comparison *comparison, const struct rounds *rounds)
{
    const unsigned all = ATTRIBUTION_VARIANTS - 1, store = 1u << LESSON_STORE;
    const struct pair alone = {LESSON_STORE, 0, store}, last = {LESSON_STORE, all & ~store, all};
    const struct pair workers_last = {LESSON_WORKERS, all & ~(1u << LESSON_WORKERS), all};
    const struct pair whole = {LESSON_ALL, 0, all};
    const struct quantity hold = {"lock_hold", "lock held", "ns/record", "lock stats"};
    const struct quantity wait = {"lock_wait", "lock waited for, all threads", "ns/record",
                                  "lock stats"};
    const struct quantity time = {"database_time_alone", "time with the database, alone",
                                  "ns/record", "wall time"};
    const struct quantity time_last = {"database_time_last", "time with the database, last",
                                       "ns/record", "wall time"};

    if (add_rounds(comparison, rounds, &alone, hold, FIELD_HOLD, true) != 0 ||
        add_rounds(comparison, rounds, &alone, wait, FIELD_WAIT, true) != 0)
        return -1;
    add_exact(comparison, rounds,
              (struct quantity){"round_trips_inside", "database waits inside the lock", "1/record",
                                "counters"},
              FIELD_INSIDE_ROUND_TRIPS);
    add_exact(comparison, rounds,
              (struct quantity){"comparisons_inside", "tag comparisons inside the lock", "1/record",
                                "counters"},
              FIELD_INSIDE_COMPARISONS);
    add_rounds(comparison, rounds, &alone, time, FIELD_NS_PER_RECORD, false);
    add_rounds(comparison, rounds, &last, time_last, FIELD_NS_PER_RECORD, false);
    add_rounds(comparison, rounds, &workers_last, time_last, FIELD_NS_PER_RECORD, false);
    return add_rounds(
        comparison, rounds, &whole,
        (struct quantity){"database_time", "time with the database", "ns/record", "wall time"},
        FIELD_NS_PER_RECORD, false);
}

static int set_variants(struct comparison *comparison, const struct rounds *rounds,
                        const unsigned *masks, unsigned count)
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
            document_set_variant(
                comparison, masks[i], &time, false,
                stats_median(rounds_values(rounds, i, FIELD_NS_PER_RECORD), rounds->round_count));
            document_set_variant(comparison, masks[i], &wait, false,
                                 stats_median(waits, rounds->round_count));
            document_set_variant(comparison, masks[i], &hold, false,
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
    unsigned masks[ATTRIBUTION_VARIANTS];
    struct rounds_case cases[ATTRIBUTION_VARIANTS];
    unsigned count = plan_builds(plan, masks);

    for (unsigned i = 0; i < count; i++)
        cases[i] = (struct rounds_case){.mask = masks[i],
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
        status = set_variants(comparison, &rounds, masks, count);
    if (status == 0 && rounds_find(&rounds, 0) >= 0) {
        unsigned naive = (unsigned)rounds_find(&rounds, 0);
        double trips = rounds_values(&rounds, naive, FIELD_ROUND_TRIPS)[0];
        document_number(comparison->document, "round_trip_ns",
                        trips > 0 ? stats_median(rounds_values(&rounds, naive, FIELD_ROUND_TRIP_NS),
                                                 rounds.round_count) /
                                        trips
                                  : NAN);
    }
    rounds_free(&rounds);
    return status;
}
