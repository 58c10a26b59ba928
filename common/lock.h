/*
 * lock.h - a mutex that knows how long it was waited for and how long it was held.
 *
 * lock_acquire() tries first: only a contended acquisition reads the clock for its wait. The hold
 * time takes two readings of the clock a hold (about 70 ns together on a virtual machine), in both
 * trees alike. Not recursive, and a thread holds at most one such lock at a time. Lock order, for
 * all of the project: see request.h.
 *
 * What is written on each hold stands in the lock's first 64 bytes, and what a holder remembers
 * stands with its thread: so one cache line goes from core to core with the lock, and not three,
 * where the lock starts one. It does not ask for that: what has a lock in it may come from
 * malloc().
 */
#ifndef LOCK_H
#define LOCK_H

#include <pthread.h>
#include <stdint.h>

#include "common/counts.h"

struct lock_stats {
    uint64_t acquisitions;
    uint64_t hold_ns;     /* sum over all acquisitions */
    uint64_t hold_ns_max; /* the longest hold */
    uint64_t contended;   /* acquisitions that had to wait */
    uint64_t wait_ns;     /* sum over the contended acquisitions */
    struct counts inside; /* the work that was done while the lock was held */
};

struct lock {
    pthread_mutex_t mutex;
    /* guarded by mutex: */
    struct lock_stats stats;
};

/* 0, or -1 with errno set. */
int lock_init(struct lock *lock);
/* The lock must be free. */
void lock_free(struct lock *lock);

void lock_acquire(struct lock *lock);
void lock_release(struct lock *lock);

/* sum += what this lock has seen. Takes the lock's mutex for a moment, uncounted. */
void lock_stats_add(struct lock_stats *sum, struct lock *lock);

#endif
