/*
 * tally.h - what has become of the records: counts, digest, and where the first rejects stand.
 *
 * A tally is a sum: tallies of parts, added in any order, are the tally of the whole. All zero is
 * an empty one. Not thread-safe.
 */
#ifndef TALLY_H
#define TALLY_H

#include <stdint.h>

#include "common/counts.h"
#include "common/lock_times.h"
#include "common/reject.h"

enum { TALLY_LINES_KEPT = 5 };

struct tally_line {
    uint64_t number; /* in the input, from 1 */
    uint32_t offset; /* bytes into the record, or REJECT_OFFSET_UNKNOWN */
};

struct tally {
    uint64_t accepted;
    uint64_t rejected[REJECT_COUNT];
    struct tally_line first[REJECT_COUNT][TALLY_LINES_KEPT]; /* the lowest numbers, ascending */
    uint64_t digest;
    int64_t score_sum;
    uint64_t round_trip_ns; /* the time that the database's round trips really took */
    struct counts counts;
    struct lock_times lock_times; /* of the store's locks */
};

void tally_accept(struct tally *tally, uint64_t digest, int64_t score);
void tally_reject(struct tally *tally, const struct reject *reject, uint64_t line_number);
void tally_add(struct tally *sum, const struct tally *part);

/* Over all reasons. */
uint64_t tally_rejected(const struct tally *tally);

#endif
