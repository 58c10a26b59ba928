/*
 * lock_times.h - how long the calling thread waited for locks and held them: counts by duration.
 *
 * Each thread counts for itself, like thread_counts (counts.h), and a worker adds what it saw to
 * its request's tally: buckets in the lock itself would be one more cache line that goes from core
 * to core with it. Thread-safety: thread-local.
 */
#ifndef LOCK_TIMES_H
#define LOCK_TIMES_H

#include <stdint.h>

/* Bucket i counts what took more than the bucket before it and at most lock_times_bound_ns(i). */
enum { LOCK_TIMES_BUCKETS = 24, LOCK_TIMES_SHIFT = 7 };

struct lock_times {
    uint64_t wait_ns, hold_ns;          /* sums */
    uint64_t waits[LOCK_TIMES_BUCKETS]; /* of contended acquisitions only */
    uint64_t holds[LOCK_TIMES_BUCKETS];
};

extern _Thread_local struct lock_times thread_lock_times;

/* 128 ns, 256 ns, ... 537 ms; UINT64_MAX for the last bucket. */
uint64_t lock_times_bound_ns(unsigned bucket);

/* Without a branch: how many instructions a record takes must not depend on the clock. */
static inline unsigned lock_times_bucket(uint64_t ns)
{
    const uint64_t below_first = (1u << LOCK_TIMES_SHIFT) - 1;
    unsigned bits = 64 - (unsigned)__builtin_clzll((ns - (ns > 0)) | below_first);
    unsigned bucket = bits - LOCK_TIMES_SHIFT;
    return bucket < LOCK_TIMES_BUCKETS ? bucket : LOCK_TIMES_BUCKETS - 1;
}

static inline void lock_times_add_wait(struct lock_times *times, uint64_t ns)
{
    times->wait_ns += ns;
    times->waits[lock_times_bucket(ns)]++;
}

static inline void lock_times_add_hold(struct lock_times *times, uint64_t ns)
{
    times->hold_ns += ns;
    times->holds[lock_times_bucket(ns)]++;
}

/* sum += now - before. */
void lock_times_add_since(struct lock_times *sum, const struct lock_times *before,
                          const struct lock_times *now);

#endif
