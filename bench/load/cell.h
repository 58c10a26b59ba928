/*
 * cell.h - one build under one load: its rounds, and what they come to together.
 *
 * Each round is a fresh process of the service. What is compared is compared over rounds; latencies
 * are pooled over them, as a round may have few.
 */
#ifndef LOAD_CELL_H
#define LOAD_CELL_H

#include <stdint.h>

#include "bench/load/target.h"
#include "bench/load/wrk.h"

enum { LOAD_ROUNDS_MAX = 64 };

struct round {
    struct wrk_result load;
    struct target_state before, after;
};

struct cell {
    const char *variant;
    const char *db_latency; /* as --db-latency takes it */
    unsigned connections;
    uint32_t records; /* of a body */
    struct round rounds[LOAD_ROUNDS_MAX];
    unsigned round_count;
};

/* The median over the rounds, and the extremes. */
struct spread {
    double median, low, high;
};

void cell_free(struct cell *cell);

double round_records_per_s(const struct cell *cell, unsigned round);
struct spread cell_records_per_s(const struct cell *cell);

/* The latency below which a share (0 to 1) of all answers lie, in ms; of one round, or of all. */
double cell_latency_ms(const struct cell *cell, double share);
double round_latency_ms(const struct round *round, double share);
/* The rounds' quantiles, against the pooled one as `median`. */
struct spread cell_latency_spread(const struct cell *cell, double share);

/* Sums and maxima over the rounds. */
uint64_t cell_ok_count(const struct cell *cell);
uint64_t cell_refused_count(const struct cell *cell); /* rounds that ended with a refusal */
uint64_t cell_error_count(const struct cell *cell);

/* The medians of the states before and after the load. */
struct target_state cell_state(const struct cell *cell, int is_after);

struct spread spread_of(const double *values, unsigned count);

#endif
