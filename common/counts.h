/*
 * counts.h - what the calling thread has done so far, counted and not timed.
 *
 * A count is the same on a busy machine as on a quiet one, so counts are the evidence that the
 * four problems are proved with. Each thread counts for itself without atomics (about one
 * instruction a count); a worker adds its counts to its request's tally when it is through.
 *
 * This is the one piece of state that is not passed as an argument: malloc() has no argument to
 * pass it in. Thread-safety: thread-local, so only ever touched by its own thread.
 */
#ifndef COUNTS_H
#define COUNTS_H

#include <stdint.h>

struct counts {
    uint64_t allocations;     /* calls of malloc, calloc and realloc in this project's code */
    uint64_t allocated_bytes; /* what they asked for, in bytes */
    uint64_t sort_calls;      /* times that a sorted view of tags was asked for */
    uint64_t sorts;           /* times that tags were really sorted */
    uint64_t comparisons;     /* of two tags, while sorting or while looking for disorder */
    uint64_t round_trips;     /* waits for the database */
};

extern _Thread_local struct counts thread_counts;

/* sum += now - before, field by field. */
void counts_add_since(struct counts *sum, const struct counts *before, const struct counts *now);

#endif
