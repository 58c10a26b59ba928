#include "lock.h"

#include <assert.h>
#include <errno.h>

#include "clock.h"

int lock_init(struct lock *lock)
{
    *lock = (struct lock){0};
    int error = pthread_mutex_init(&lock->mutex, NULL);
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
    if (pthread_mutex_trylock(&lock->mutex) == 0) {
        lock->acquired_ns = clock_ns();
    } else {
        uint64_t since_ns = clock_ns();
        pthread_mutex_lock(&lock->mutex);
        lock->acquired_ns = clock_ns();
        lock->stats.contended++;
        lock->stats.wait_ns += lock->acquired_ns - since_ns;
    }
    lock->stats.acquisitions++;
    lock->at_acquire = thread_counts;
}

void lock_release(struct lock *lock)
{
    uint64_t hold_ns = clock_ns() - lock->acquired_ns;
    uint64_t max_ns = lock->stats.hold_ns_max;
    lock->stats.hold_ns += hold_ns;
    /* always stored, so that the instructions of a record do not depend on the clock */
    lock->stats.hold_ns_max = hold_ns > max_ns ? hold_ns : max_ns;
    counts_add_since(&lock->stats.inside, &lock->at_acquire, &thread_counts);
    pthread_mutex_unlock(&lock->mutex);
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
