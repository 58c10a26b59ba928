/* Whom the mutex profile charges with what: sums that are known, by exact counts and by draws. */
#include <criterion/criterion.h>
#include <math.h>
#include <pthread.h>
#include <time.h>

#include "common/pprof/locks.h"
#include "common/pprof/locks_hook.h"
#include "tests/pprof/place.h"

enum { CONTENTIONS, DELAY_NS };

static void start(int64_t rate_ns)
{
    if (!locks_is_available())
        cr_skip_test("the hooks are not linked with sanitizers");
    cr_assert_eq(locks_start(rate_ns), 0);
}

/* Of all stacks. Deletes the profile. */
static int64_t delay_of(struct profile *profile)
{
    int64_t sum = 0;

    cr_assert_not_null(profile);
    for (size_t i = 0; i < profile->sample_count; i++)
        sum += profile->samples[i]->values[DELAY_NS];
    profile_delete(profile);
    return sum;
}

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void spin_ns(int64_t ns)
{
    int64_t end_ns = now_ns() + ns;
    while (now_ns() < end_ns) {
    }
}

static void *take_often(void *argument)
{
    for (int i = 0; i < 20000; i++) {
        pthread_mutex_lock(argument);
        spin_ns(i % 100 == 0 ? 100000 : 100);
        pthread_mutex_unlock(argument);
    }
    return NULL;
}

/* Each moment of each wait is charged to one release, and to no more than one. */
Test(mutex, sums_to_what_was_waited)
{
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_t threads[8];

    start(1);
    for (int i = 0; i < 8; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, take_often, &mutex), 0);
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    int64_t waited_ns = delay_of(locks_block_profile());
    cr_expect_gt(waited_ns, 0);
    cr_expect_eq(delay_of(locks_mutex_profile()), waited_ns);
    cr_expect_not(locks_is_waited_for(&mutex));
}

/* What follows calls the hooks itself: so it is known who waits, and how long. */

static const int object;

static __attribute__((noinline)) void release_here(void)
{
    locks_release(&object, __builtin_return_address(0));
    __asm__ volatile("" ::: "memory");
}

static PLACE void release_often(void)
{
    release_here();
    __asm__ volatile("" ::: "memory");
}

static PLACE void release_seldom(void)
{
    release_here();
    __asm__ volatile("" ::: "memory");
}

static void wait_begin(struct locks_wait *waits, int count)
{
    for (int i = 0; i < count; i++)
        locks_wait_begin(&waits[i], &object, true);
}

static void wait_end(struct locks_wait *waits, int count)
{
    for (int i = 0; i < count; i++)
        locks_wait_end(&waits[i], &object);
}

/* The first wait for a lock is always recorded, whatever idle threads waited before. */
Test(mutex, idle_threads_take_no_draws_from_locks)
{
    struct locks_wait idle, wait;
    int64_t before_ns, after_ns;

    start(0);
    locks_wait_begin(&idle, &idle, false);
    idle.since_ns -= INT64_C(3600000000000); /* as if it had begun then */
    wait_end(&idle, 1);
    before_ns = delay_of(locks_block_profile());
    wait_begin(&wait, 1);
    wait_end(&wait, 1);
    after_ns = delay_of(locks_block_profile());
    cr_expect_geq(before_ns, INT64_C(3600000000000));
    cr_expect_gt(after_ns, before_ns);
}

Test(mutex, each_holder_is_charged_with_its_own_part)
{
    struct locks_wait waits[3];
    int64_t often[2], seldom[2];

    start(1);
    wait_begin(waits, 3);
    spin_ns(2000000);
    release_often();
    spin_ns(6000000);
    release_seldom();
    wait_end(waits, 3);
    place_sums(locks_mutex_profile(), release_often, often);
    place_sums(locks_mutex_profile(), release_seldom, seldom);
    cr_expect_eq(often[CONTENTIONS], 1);
    cr_expect_eq(seldom[CONTENTIONS], 1);
    cr_expect_geq(often[DELAY_NS], 3 * 2000000);
    cr_expect_geq(seldom[DELAY_NS], 3 * 6000000);
    cr_expect_eq(often[DELAY_NS] + seldom[DELAY_NS], delay_of(locks_block_profile()));
}

/* Who waits wakes late: that is charged to who released it as far as it had held the lock, too. */
Test(mutex, a_long_way_to_the_next_holder_is_not_all_the_last_ones)
{
    struct locks_wait wait;
    int64_t often[2], seldom[2];

    start(1);
    int64_t begin_ns = now_ns();
    wait_begin(&wait, 1);
    spin_ns(2000000);
    release_often();
    spin_ns(3 * (now_ns() - begin_ns));
    wait_end(&wait, 1);
    place_sums(locks_mutex_profile(), release_often, often);
    release_seldom();
    place_sums(locks_mutex_profile(), release_seldom, seldom);
    cr_expect_geq(often[DELAY_NS], 2 * 2000000);
    cr_expect_eq(often[DELAY_NS] + seldom[DELAY_NS], delay_of(locks_block_profile()));
    cr_expect_gt(seldom[DELAY_NS], 0);
    cr_expect_eq(seldom[CONTENTIONS], 0); /* nobody waits any more */
    cr_expect_not(locks_is_waited_for(&object));
}

/*
 * Few of many short holds are drawn while many wait for long, and sums and shares are those of all:
 * within six standard errors, of sqrt(R / T) and less, where R is T / 4000 or so.
 */
static void expect_draws_stand_for_the_unseen(int64_t rate_ns)
{
    enum { WAITERS = 20, RELEASES = 20000 };
    struct locks_wait waits[WAITERS];
    int64_t often[2], seldom[2], seldom_ns = 0;
    const struct locks_slot *slot = locks_slot_of(&object);

    start(rate_ns);
    wait_begin(waits, WAITERS);
    int64_t begin_ns = slot->counted_ns, last_ns = begin_ns;
    for (int i = 0; i < RELEASES; i++) {
        spin_ns(1000);
        if (i % 10 == 0)
            release_seldom();
        else
            release_often();
        seldom_ns += i % 10 == 0 ? slot->counted_ns - last_ns : 0;
        last_ns = slot->counted_ns;
    }
    wait_end(waits, WAITERS);
    place_sums(locks_mutex_profile(), release_often, often);
    place_sums(locks_mutex_profile(), release_seldom, seldom);
    double sum = (double)(often[DELAY_NS] + seldom[DELAY_NS]);
    double whole = (double)WAITERS * (double)(last_ns - begin_ns);
    double share = (double)seldom_ns / (double)(last_ns - begin_ns);
    cr_expect(fabs(sum / whole - 1) < 0.1, "%.0f of %.0f ns", sum, whole);
    cr_expect(fabs((double)seldom[DELAY_NS] / sum - share) < 0.05,
              "a share of %.3f instead of %.3f", (double)seldom[DELAY_NS] / sum, share);
}

Test(mutex, a_draw_stands_for_the_unseen)
{
    expect_draws_stand_for_the_unseen(100000);
}

Test(mutex, draws_follow_what_is_waited)
{
    expect_draws_stand_for_the_unseen(0);
}
