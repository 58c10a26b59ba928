#include "common/lock.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "common/clock.h"
#include "common/lock_times.h"

/* When this thread acquired the lock that it holds, and what it had done by then. */
static _Thread_local struct {
    const struct lock *lock; /* NULL: it holds none */
    uint64_t acquired_ns;
    struct counts counts;
} held;

int lock_init(struct lock *lock)
{
    pthread_mutexattr_t attributes;

    *lock = (struct lock){0};
    pthread_mutexattr_init(&attributes);
    /* Spins for a moment before it sleeps: a row is published sooner than a thread is woken. */
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ADAPTIVE_NP);
    int error = pthread_mutex_init(&lock->mutex, &attributes);
    pthread_mutexattr_destroy(&attributes);
    if (error != 0) {
        errno = error;
        return -1;
    }
    return 0;
}

void lock_free(struct lock *lock)
{
    int error = pthread_mutex_destroy(&lock->mutex);
    assert(error == 0);
    (void)error;
}

void lock_acquire(struct lock *lock)
{
    assert(held.lock == NULL);
    if (pthread_mutex_trylock(&lock->mutex) == 0) {
        held.acquired_ns = clock_ns();
    } else {
        uint64_t since_ns = clock_ns();
        pthread_mutex_lock(&lock->mutex);
        held.acquired_ns = clock_ns();
        lock->stats.contended++;
        lock->stats.wait_ns += held.acquired_ns - since_ns;
        lock_times_add_wait(&thread_lock_times, held.acquired_ns - since_ns);
    }
    lock->stats.acquisitions++;
    held.lock = lock;
    held.counts = thread_counts;
}

void lock_release(struct lock *lock)
{
    struct lock_stats *stats = &lock->stats;

    assert(held.lock == lock);
    held.lock = NULL;
    if (memcmp(&held.counts, &thread_counts, sizeof held.counts) != 0)
        counts_add_since(&stats->inside, &held.counts, &thread_counts);
    uint64_t hold_ns = clock_ns() - held.acquired_ns;
    stats->hold_ns += hold_ns;
    /* stored without a branch: how many instructions a record takes must not depend on the clock */
    stats->hold_ns_max = hold_ns > stats->hold_ns_max ? hold_ns : stats->hold_ns_max;
    pthread_mutex_unlock(&lock->mutex);
    lock_times_add_hold(&thread_lock_times, hold_ns);
}

void lock_stats_add(struct lock_stats *sum, struct lock *lock)
{
    static const struct counts nothing;

    pthread_mutex_lock(&lock->mutex);
    const struct lock_stats *seen = &lock->stats;
    sum->acquisitions += seen->acquisitions;
    sum->contended += seen->contended;
    sum->wait_ns += seen->wait_ns;
    sum->hold_ns += seen->hold_ns;
    if (seen->hold_ns_max > sum->hold_ns_max)
        sum->hold_ns_max = seen->hold_ns_max;
    counts_add_since(&sum->inside, &nothing, &seen->inside);
    pthread_mutex_unlock(&lock->mutex);
}
