/* lock.c - a lock that knows what it went through: each acquisition, each wait, and what was done.
 */
#include "common/lock.h"

#include <criterion/criterion.h>
#include <stddef.h>

#include "common/clock.h"

/* Or else a compiler may write it by instructions that fault in what malloc() returns. */
_Static_assert(_Alignof(struct lock) <= _Alignof(max_align_t),
               "a lock may be in what malloc() returns");

enum { THREADS = 6, HOLDS = 5000 };

Test(lock, counts_acquisitions_and_what_was_done_inside)
{
    struct lock_stats stats = {0};
    struct lock lock;

    cr_assert_eq(lock_init(&lock), 0);
    thread_counts.sorts += 100;
    for (int i = 0; i < 10; i++) {
        lock_acquire(&lock);
        thread_counts.comparisons += 3;
        thread_counts.round_trips++;
        lock_release(&lock);
        thread_counts.comparisons += 1000;
    }
    lock_stats_add(&stats, &lock);
    cr_expect_eq(stats.acquisitions, 10);
    cr_expect_eq(stats.contended, 0);
    cr_expect_eq(stats.wait_ns, 0);
    cr_expect_eq(stats.inside.comparisons, 30);
    cr_expect_eq(stats.inside.round_trips, 10);
    cr_expect_eq(stats.inside.sorts, 0);
    lock_free(&lock);
}

/* Between two looks at the clock inside the hold lies a part of it. */
Test(lock, knows_how_long_it_was_held)
{
    struct lock_stats stats = {0};
    uint64_t inside_ns = 0, longest_ns = 0, start_ns = clock_ns();
    struct lock lock;

    cr_assert_eq(lock_init(&lock), 0);
    for (int i = 0; i < 100; i++) {
        lock_acquire(&lock);
        uint64_t from_ns = clock_ns();
        uint64_t hold_ns = clock_ns() - from_ns;
        lock_release(&lock);
        inside_ns += hold_ns;
        longest_ns = hold_ns > longest_ns ? hold_ns : longest_ns;
    }
    uint64_t outside_ns = clock_ns() - start_ns;
    lock_stats_add(&stats, &lock);
    cr_expect_geq(stats.hold_ns, inside_ns);
    cr_expect_leq(stats.hold_ns, outside_ns);
    cr_expect_geq(stats.hold_ns_max, longest_ns);
    cr_expect_leq(stats.hold_ns_max, stats.hold_ns);
    lock_free(&lock);
}

Test(lock, adds_to_the_statistics_it_is_given)
{
    struct lock_stats sum = {.acquisitions = 5, .hold_ns_max = UINT64_MAX, .inside.sorts = 2};
    struct lock lock;

    cr_assert_eq(lock_init(&lock), 0);
    lock_acquire(&lock);
    thread_counts.sorts++;
    lock_release(&lock);
    lock_stats_add(&sum, &lock);
    lock_stats_add(&sum, &lock);
    cr_expect_eq(sum.acquisitions, 7);
    cr_expect_eq(sum.inside.sorts, 4);
    cr_expect_eq(sum.hold_ns_max, UINT64_MAX, "the longest of all");
    lock_free(&lock);
}

struct shared {
    struct lock lock;
    uint64_t sum; /* guarded by lock */
};

static void *add_many(void *argument)
{
    struct shared *shared = argument;
    for (int i = 0; i < HOLDS; i++) {
        lock_acquire(&shared->lock);
        shared->sum++;
        thread_counts.sorts++;
        lock_release(&shared->lock);
        thread_counts.comparisons++;
    }
    return NULL;
}

Test(lock, lets_one_thread_in_at_a_time)
{
    struct lock_stats stats = {0};
    pthread_t threads[THREADS];
    struct shared shared;

    shared.sum = 0;
    cr_assert_eq(lock_init(&shared.lock), 0);
    for (int i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, add_many, &shared), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    lock_stats_add(&stats, &shared.lock);
    cr_expect_eq(shared.sum, THREADS * HOLDS);
    cr_expect_eq(stats.acquisitions, THREADS * HOLDS);
    cr_expect_eq(stats.inside.sorts, THREADS * HOLDS, "each holder's own");
    cr_expect_eq(stats.inside.comparisons, 0);
    cr_expect_leq(stats.contended, stats.acquisitions);
    lock_free(&shared.lock);
}

static void *acquire_once(void *argument)
{
    lock_acquire(argument);
    lock_release(argument);
    return NULL;
}

/* The other thread is seen to wait before the lock is released, so its wait has to be counted. */
Test(lock, counts_a_wait)
{
    struct lock_stats stats = {0};
    struct lock lock;
    pthread_t thread;

    cr_assert_eq(lock_init(&lock), 0);
    lock_acquire(&lock);
    cr_assert_eq(pthread_create(&thread, NULL, acquire_once, &lock), 0);
    while (lock.mutex.__data.__lock != 2) /* glibc: locked, and somebody sleeps on it */
        sched_yield();
    lock_release(&lock);
    pthread_join(thread, NULL);
    lock_stats_add(&stats, &lock);
    cr_expect_eq(stats.acquisitions, 2);
    cr_expect_eq(stats.contended, 1);
    cr_expect_gt(stats.wait_ns, 0);
    lock_free(&lock);
}
