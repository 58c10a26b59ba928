/* lock_times.c - durations find their bucket, and what a thread's locks took is counted once. */
#include "common/lock_times.h"

#include <criterion/criterion.h>

#include "common/lock.h"

Test(lock_times, puts_each_duration_below_its_bound)
{
    for (unsigned i = 0; i + 1 < LOCK_TIMES_BUCKETS; i++) {
        uint64_t bound_ns = lock_times_bound_ns(i);
        cr_expect_eq(lock_times_bucket(bound_ns - 1), i);
        cr_expect_eq(lock_times_bucket(bound_ns), i, "at most the bound");
        cr_expect_eq(lock_times_bucket(bound_ns + 1), i + 1);
    }
    cr_expect_eq(lock_times_bucket(0), 0);
    cr_expect_eq(lock_times_bucket(UINT64_MAX), LOCK_TIMES_BUCKETS - 1);
    cr_expect_eq(lock_times_bound_ns(0), 128);
    cr_expect_eq(lock_times_bound_ns(LOCK_TIMES_BUCKETS - 1), UINT64_MAX);
}

Test(lock_times, adds_what_came_since)
{
    struct lock_times before = {.waits = {1}, .holds = {[3] = 5}};
    struct lock_times now = {.waits = {4}, .holds = {[3] = 5, [23] = 2}};
    struct lock_times sum = {.waits = {10}};

    lock_times_add_since(&sum, &before, &now);
    cr_expect_eq(sum.waits[0], 13);
    cr_expect_eq(sum.holds[3], 0);
    cr_expect_eq(sum.holds[23], 2);
}

Test(lock_times, counts_each_hold_and_no_wait_that_was_none)
{
    struct lock lock;
    uint64_t holds = 0, waits = 0;

    cr_assert_eq(lock_init(&lock), 0);
    for (int i = 0; i < 7; i++) {
        lock_acquire(&lock);
        lock_release(&lock);
    }
    for (unsigned i = 0; i < LOCK_TIMES_BUCKETS; i++) {
        holds += thread_lock_times.holds[i];
        waits += thread_lock_times.waits[i];
    }
    cr_expect_eq(holds, 7);
    cr_expect_eq(waits, 0);
    lock_free(&lock);
}
