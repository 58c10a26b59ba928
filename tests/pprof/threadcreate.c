/* Who started threads. */
#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

#include "common/pprof/threadcreate.h"
#include "tests/pprof/place.h"

static atomic_int run_count;

static void *run(void *argument)
{
    run_count++;
    return argument;
}

static PLACE int start_one(pthread_t *thread, const pthread_attr_t *attributes)
{
    int error = pthread_create(thread, attributes, run, &run_count);
    __asm__ volatile("" ::: "memory");
    return error;
}

static PLACE int start_another(pthread_t *thread)
{
    int error = pthread_create(thread, NULL, run, &run_count);
    __asm__ volatile("" ::: "memory");
    return error;
}

static int64_t count_of(const void *function)
{
    int64_t count;
    place_sums(threadcreate_profile(), function, &count);
    return count;
}

Test(threadcreate, counts_by_the_stack_that_started)
{
    pthread_t thread;
    void *result;

    if (!threadcreate_is_available())
        cr_skip_test("the hooks are not linked with sanitizers");
    cr_assert_eq(start_one(&thread, NULL), 0); /* before it is on: not counted */
    pthread_join(thread, NULL);
    cr_assert_eq(threadcreate_start(), 0);
    for (int i = 0; i < 30; i++) {
        cr_assert_eq(i % 3 == 0 ? start_another(&thread) : start_one(&thread, NULL), 0);
        pthread_join(thread, &result);
        cr_expect_eq(result, &run_count);
    }
    threadcreate_stop();
    cr_assert_eq(start_one(&thread, NULL), 0);
    pthread_join(thread, NULL);
    cr_expect_eq(count_of(start_one), 20);
    cr_expect_eq(count_of(start_another), 10);
    cr_expect_eq(run_count, 32);
}

Test(threadcreate, what_could_not_be_started_does_not_count)
{
    pthread_attr_t attributes;
    pthread_t thread;

    if (!threadcreate_is_available())
        cr_skip_test("the hooks are not linked with sanitizers");
    cr_assert_eq(threadcreate_start(), 0);
    pthread_attr_init(&attributes);
    cr_assert_eq(pthread_attr_setstacksize(&attributes, (size_t)1 << 50), 0);
    cr_expect_neq(start_one(&thread, &attributes), 0);
    pthread_attr_destroy(&attributes);
    cr_expect_eq(count_of(start_one), 0);
    cr_expect_eq(run_count, 0);
}

Test(threadcreate, without_hooks_it_says_so)
{
    if (threadcreate_is_available())
        cr_skip_test("the hooks are linked");
    cr_expect_eq(threadcreate_start(), -1);
    cr_expect_eq(errno, ENOTSUP);
}
