/* Which thread waits, for what, and for which request it was started. */
#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "common/pprof/locks.h"
#include "common/pprof/threadcreate.h"
#include "common/pprof/waits.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static bool is_over; /* guarded by mutex */

static atomic_int waiter_id;
static atomic_uintptr_t waiter_frame;

struct search {
    pid_t thread_id;
    bool is_found;
    struct wait wait;
};

static void look(void *closure, const struct wait *wait)
{
    struct search *search = closure;
    if (wait->thread_id == search->thread_id) {
        cr_expect_not(search->is_found, "a thread has one record");
        search->is_found = true;
        search->wait = *wait;
    }
}

static bool find(pid_t thread_id, struct wait *wait)
{
    struct search search = {.thread_id = thread_id};
    waits_each(look, &search);
    *wait = search.wait;
    return search.is_found;
}

static void *wait_for_over(void *argument)
{
    waiter_frame = (uintptr_t)__builtin_frame_address(0);
    waiter_id = gettid();
    pthread_mutex_lock(&mutex);
    while (!is_over)
        pthread_cond_wait(&condition, &mutex);
    pthread_mutex_unlock(&mutex);
    return argument;
}

static void await_wait(struct wait *wait)
{
    while (waiter_id == 0 || !find(waiter_id, wait) || wait->object != &condition)
        usleep(100);
}

static void end(pthread_t thread)
{
    pthread_mutex_lock(&mutex);
    is_over = true;
    pthread_cond_broadcast(&condition);
    pthread_mutex_unlock(&mutex);
    pthread_join(thread, NULL);
}

static void start(void)
{
    if (!locks_is_available())
        cr_skip_test("the hooks are not linked with sanitizers");
    cr_assert_eq(locks_start(0), 0);
    cr_assert_eq(threadcreate_start(), 0);
}

Test(waits, a_thread_that_waits_is_known_until_it_ends)
{
    pthread_t thread;
    struct timespec now;
    struct wait wait, again;

    start();
    cr_assert_eq(pthread_create(&thread, NULL, wait_for_over, NULL), 0);
    await_wait(&wait);
    clock_gettime(CLOCK_MONOTONIC, &now);
    cr_expect_gt(wait.since_ns, 0);
    cr_expect_leq(wait.since_ns, now.tv_sec * 1000000000 + now.tv_nsec);
    cr_expect_lt(wait.stack_low, waiter_frame);
    cr_expect_gt(wait.stack_high, waiter_frame);
    cr_expect_eq(wait.started_for, 0);
    cr_expect_null(wait.started_for_name);
    await_wait(&again);
    cr_expect_eq(again.since_ns, wait.since_ns, "it is one wait");
    end(thread);
    cr_expect_not(find(waiter_id, &wait));
}

static void *start_a_waiter(void *argument)
{
    if (pthread_create(argument, NULL, wait_for_over, NULL) != 0)
        abort();
    return NULL;
}

/* The request's thread starts another, and that starts the one which waits. */
Test(waits, a_thread_inherits_what_it_was_started_for)
{
    pthread_t thread, waiter;
    struct wait wait;

    start();
    pprof_started_for(42, "POST /process", 123456);
    cr_assert_eq(pthread_create(&thread, NULL, start_a_waiter, &waiter), 0);
    pthread_join(thread, NULL);
    pprof_started_for(0, NULL, 0);
    await_wait(&wait);
    cr_expect_eq(wait.started_for, 42);
    cr_expect_str_eq(wait.started_for_name, "POST /process");
    cr_expect_eq(wait.held_bytes, 123456);
    cr_assert(find(gettid(), &wait));
    cr_expect_eq(wait.started_for, 0);
    cr_expect_null(wait.object);
    end(waiter);
}

static void *nothing(void *argument)
{
    return argument;
}

static void count(void *closure, const struct wait *wait)
{
    (void)wait;
    ++*(int *)closure;
}

/* Records go from thread to thread: there are never more than threads. */
Test(waits, records_of_ended_threads_are_used_again)
{
    int threads = 0;

    start();
    for (int i = 0; i < 2000; i++) {
        pthread_t thread;
        cr_assert_eq(pthread_create(&thread, NULL, nothing, NULL), 0);
        pthread_join(thread, NULL);
    }
    waits_each(count, &threads);
    cr_expect_leq(threads, 1);
}

Test(waits, many_threads_at_once)
{
    enum { COUNT = 500 };
    static pthread_t threads[COUNT];
    int known = 0;

    start();
    for (int i = 0; i < COUNT; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, wait_for_over, NULL), 0);
    while (known < COUNT) {
        known = 0;
        waits_each(count, &known);
    }
    for (int i = 0; i < COUNT; i++)
        end(threads[i]);
    known = 0;
    waits_each(count, &known);
    cr_expect_leq(known, 1);
}
