#include "bench/load/cell.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

/* A round with these latencies, in ms, once each. */
static struct round make_round(const double *ms, size_t count, double seconds)
{
    struct round round = {.load = {.ok_count = count, .seconds = seconds, .latency_count = count}};

    round.load.latencies = malloc((count + 1) * sizeof *round.load.latencies);
    for (size_t i = 0; i < count; i++)
        round.load.latencies[i] = (struct wrk_latency){ms[i] * 1000, 1};
    return round;
}

Test(cell, quantiles_are_nearest_ranks)
{
    static const double ms[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    struct cell cell = {.records = 100, .round_count = 1};

    cell.rounds[0] = make_round(ms, 10, 1);
    cr_assert_eq(cell_latency_ms(&cell, 0.5), 5);
    cr_assert_eq(cell_latency_ms(&cell, 0.51), 6);
    cr_assert_eq(cell_latency_ms(&cell, 0.99), 10);
    cr_assert_eq(cell_latency_ms(&cell, 0), 1);
    cr_assert_eq(cell_latency_ms(&cell, 1), 10);
    cell_free(&cell);
}

Test(cell, counts_weigh)
{
    struct cell cell = {.round_count = 1};

    cell.rounds[0] = make_round((const double[]){1, 100}, 2, 1);
    cell.rounds[0].load.latencies[0].count = 999;
    cr_assert_eq(cell_latency_ms(&cell, 0.999), 1);
    cr_assert_eq(cell_latency_ms(&cell, 0.9991), 100);
    cell_free(&cell);
}

Test(cell, pools_latencies_over_rounds_and_spreads_them_over_rounds)
{
    struct cell cell = {.records = 1000, .round_count = 2};

    cell.rounds[0] = make_round((const double[]){1, 2, 3}, 3, 1);
    cell.rounds[1] = make_round((const double[]){2, 40}, 2, 4);
    cr_assert_eq(cell_latency_ms(&cell, 0.5), 2);
    struct spread p99 = cell_latency_spread(&cell, 0.99);
    cr_assert_eq(p99.median, 40);
    cr_assert_eq(p99.low, 3);
    cr_assert_eq(p99.high, 40);
    struct spread speed = cell_records_per_s(&cell);
    cr_assert_eq(speed.low, 500);
    cr_assert_eq(speed.high, 3000);
    cr_assert_eq(speed.median, 1750);
    cr_assert_eq(cell_ok_count(&cell), 5);
    cell_free(&cell);
}

Test(cell, without_an_answer_has_no_latency_and_no_throughput)
{
    struct cell cell = {.records = 1000, .round_count = 1};

    cell.rounds[0] = make_round(NULL, 0, 0);
    cell.rounds[0].load.refused_count = 3;
    cr_assert(isnan(cell_latency_ms(&cell, 0.5)));
    cr_assert_eq(cell_records_per_s(&cell).median, 0);
    cr_assert_eq(cell_refused_count(&cell), 1);
    cell_free(&cell);
}

Test(cell, states_are_medians)
{
    struct cell cell = {.round_count = 3};

    for (unsigned i = 0; i < 3; i++) {
        cell.rounds[i] = make_round(NULL, 0, 0);
        cell.rounds[i].after.resident_bytes = (uint64_t[]){300, 100, 200}[i];
        cell.rounds[i].after.accepted = (uint64_t[]){7, 9, 8}[i];
    }
    cr_assert_eq(cell_state(&cell, 1).resident_bytes, 200);
    cr_assert_eq(cell_state(&cell, 1).accepted, 8);
    cr_assert_eq(cell_state(&cell, 0).resident_bytes, 0);
    cell_free(&cell);
}
