#include "bench/load/cell.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "bench/statistics/stats.h"

void cell_free(struct cell *cell)
{
    for (unsigned i = 0; i < cell->round_count; i++)
        wrk_result_free(&cell->rounds[i].load);
    cell->round_count = 0;
}

struct spread spread_of(const double *values, unsigned count)
{
    struct spread spread = {NAN, NAN, NAN};

    if (count == 0)
        return spread;
    spread.median = stats_median(values, count);
    spread.low = spread.high = values[0];
    for (unsigned i = 1; i < count; i++) {
        spread.low = fmin(spread.low, values[i]);
        spread.high = fmax(spread.high, values[i]);
    }
    return spread;
}

double round_records_per_s(const struct cell *cell, unsigned round)
{
    const struct wrk_result *load = &cell->rounds[round].load;
    return load->seconds > 0 ? (double)load->ok_count * (double)cell->records / load->seconds : 0;
}

struct spread cell_records_per_s(const struct cell *cell)
{
    double values[LOAD_ROUNDS_MAX];

    for (unsigned i = 0; i < cell->round_count; i++)
        values[i] = round_records_per_s(cell, i);
    return spread_of(values, cell->round_count);
}

static int compare(const void *a, const void *b)
{
    double left = ((const struct wrk_latency *)a)->us, right = ((const struct wrk_latency *)b)->us;
    return (left > right) - (left < right);
}

/* The nearest rank: the smallest latency that at least `share` of the answers do not exceed. */
static double quantile_ms(const struct wrk_latency *latencies, size_t count, double share)
{
    uint64_t total = 0, seen = 0;

    for (size_t i = 0; i < count; i++)
        total += latencies[i].count;
    if (total == 0)
        return NAN;
    uint64_t rank = (uint64_t)ceil(share * (double)total);
    size_t i = 0;
    while (i < count && (seen += latencies[i].count) < rank)
        i++;
    return latencies[i < count ? i : count - 1].us / 1e3;
}

double round_latency_ms(const struct round *round, double share)
{
    return quantile_ms(round->load.latencies, round->load.latency_count, share);
}

double cell_latency_ms(const struct cell *cell, double share)
{
    struct wrk_latency *all;
    size_t count = 0;

    for (unsigned i = 0; i < cell->round_count; i++)
        count += cell->rounds[i].load.latency_count;
    all = malloc((count + 1) * sizeof *all);
    if (all == NULL)
        return NAN;
    count = 0;
    for (unsigned i = 0; i < cell->round_count; i++)
        for (size_t j = 0; j < cell->rounds[i].load.latency_count; j++)
            all[count++] = cell->rounds[i].load.latencies[j];
    qsort(all, count, sizeof *all, compare);
    double ms = quantile_ms(all, count, share);
    free(all);
    return ms;
}

struct spread cell_latency_spread(const struct cell *cell, double share)
{
    double values[LOAD_ROUNDS_MAX];
    unsigned count = 0;

    for (unsigned i = 0; i < cell->round_count; i++) {
        values[count] = round_latency_ms(&cell->rounds[i], share);
        count += !isnan(values[count]);
    }
    struct spread spread = spread_of(values, count);
    spread.median = cell_latency_ms(cell, share);
    return spread;
}

uint64_t cell_ok_count(const struct cell *cell)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < cell->round_count; i++)
        sum += cell->rounds[i].load.ok_count;
    return sum;
}

uint64_t cell_refused_count(const struct cell *cell)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < cell->round_count; i++)
        sum += cell->rounds[i].load.refused_count > 0;
    return sum;
}

uint64_t cell_error_count(const struct cell *cell)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < cell->round_count; i++)
        sum += cell->rounds[i].load.socket_errors + cell->rounds[i].load.timeouts;
    return sum;
}

/* The median over the rounds of the field at this offset of the state. */
static uint64_t median_at(const struct cell *cell, int is_after, size_t offset)
{
    double values[LOAD_ROUNDS_MAX];

    for (unsigned i = 0; i < cell->round_count; i++) {
        const struct target_state *state =
            is_after ? &cell->rounds[i].after : &cell->rounds[i].before;
        values[i] = (double)*(const uint64_t *)((const char *)state + offset);
    }
    return cell->round_count > 0 ? (uint64_t)stats_median(values, cell->round_count) : 0;
}

struct target_state cell_state(const struct cell *cell, int is_after)
{
    struct target_state state;
    uint64_t *fields = (uint64_t *)&state;

    for (size_t i = 0; i < sizeof state / sizeof *fields; i++)
        fields[i] = median_at(cell, is_after, i * sizeof *fields);
    return state;
}
