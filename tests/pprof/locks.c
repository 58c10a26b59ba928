/* What the mutex and block profiles say of waits that are known. */
#include <criterion/criterion.h>
#include <dlfcn.h>
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/pprof/heap.h"
#include "common/pprof/locks.h"
#include "common/pprof/locks_hook.h"
#include "common/pprof/threadcreate.h"
#include "common/pprof/waits.h"
#include "tests/pprof/place.h"

enum { CONTENTIONS, DELAY_NS };
enum { HOLD_NS = 20000000 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static sem_t semaphore;
static bool is_signalled; /* guarded by mutex */

static void start(int64_t rate_ns)
{
    if (!locks_is_available())
        cr_skip_test("the hooks are not linked with sanitizers");
    cr_assert_eq(locks_start(rate_ns), 0);
}

static void count_waiters(void *closure, const struct wait *wait)
{
    const void **object_and_count = closure;
    if (wait->object == object_and_count[0])
        object_and_count[1] = (const char *)object_and_count[1] + 1;
}

/* Until so many threads wait for `object`. */
static void await_waiters(const void *object, uintptr_t count)
{
    const void *seen[2];
    do {
        usleep(100);
        seen[0] = object;
        seen[1] = NULL;
        waits_each(count_waiters, seen);
    } while ((uintptr_t)seen[1] != count);
}

static void sleep_ns(int64_t ns)
{
    struct timespec left = {.tv_nsec = ns};
    while (nanosleep(&left, &left) != 0)
        ;
}

static PLACE void *wait_for_mutex(void *argument)
{
    pthread_mutex_lock(argument);
    __asm__ volatile("" ::: "memory");
    return argument;
}

static PLACE void release_mutex(void)
{
    pthread_mutex_unlock(&mutex);
    __asm__ volatile("" ::: "memory"); /* no tail call, which would lose this frame */
}

static PLACE void *take_mutex(void *argument)
{
    wait_for_mutex(argument);
    pthread_mutex_unlock(argument);
    return NULL;
}

/*
 * The release is charged with the wait: where the thread that was woken ran later than it had
 * waited before, the rest is its own release's.
 */
static void expect_charged(const int64_t *block, const int64_t *released, const int64_t *later)
{
    cr_expect_eq(released[DELAY_NS] + later[DELAY_NS], block[DELAY_NS]);
    cr_expect_gt(released[DELAY_NS], 0);
}

Test(locks, a_wait_is_charged_to_who_waited_and_to_who_released)
{
    pthread_t thread;
    int64_t block[2], released[2], later[2];

    start(1);
    pthread_mutex_lock(&mutex);
    cr_assert_eq(pthread_create(&thread, NULL, take_mutex, &mutex), 0);
    await_waiters(&mutex, 1);
    sleep_ns(HOLD_NS);
    release_mutex();
    pthread_join(thread, NULL);
    place_sums(locks_block_profile(), wait_for_mutex, block);
    place_sums(locks_mutex_profile(), release_mutex, released);
    cr_expect_eq(block[CONTENTIONS], 1);
    cr_expect_geq(block[DELAY_NS], HOLD_NS);
    cr_expect_eq(released[CONTENTIONS], 1);
    place_sums(locks_mutex_profile(), take_mutex, later);
    cr_expect_eq(later[CONTENTIONS], 0);
    expect_charged(block, released, later);
}

Test(locks, several_waiters_are_charged_each)
{
    enum { WAITERS = 5 };
    pthread_t threads[WAITERS];
    int64_t block[2], released[2];

    start(1);
    pthread_mutex_lock(&mutex);
    for (int i = 0; i < WAITERS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, take_mutex, &mutex), 0);
    await_waiters(&mutex, WAITERS);
    sleep_ns(HOLD_NS);
    release_mutex();
    for (int i = 0; i < WAITERS; i++)
        pthread_join(threads[i], NULL);
    place_sums(locks_block_profile(), wait_for_mutex, block);
    cr_expect_eq(block[CONTENTIONS], WAITERS);
    cr_expect_geq(block[DELAY_NS], (int64_t)WAITERS * HOLD_NS);
    place_sums(locks_mutex_profile(), release_mutex, released);
    cr_expect_geq(released[CONTENTIONS], 1);
    cr_expect_geq(released[DELAY_NS], HOLD_NS);
}

Test(locks, what_is_free_leaves_nothing)
{
    int64_t values[2];

    start(1);
    for (int i = 0; i < 1000; i++) {
        wait_for_mutex(&mutex);
        release_mutex();
    }
    place_sums(locks_block_profile(), wait_for_mutex, values);
    cr_expect_eq(values[CONTENTIONS], 0);
    place_sums(locks_mutex_profile(), release_mutex, values);
    cr_expect_eq(values[CONTENTIONS], 0);
}

static PLACE void wait_for_condition(void)
{
    while (!is_signalled)
        pthread_cond_wait(&condition, &mutex);
}

static void *take_condition(void *argument)
{
    pthread_mutex_lock(&mutex);
    wait_for_condition();
    pthread_mutex_unlock(&mutex);
    return argument;
}

Test(locks, a_wait_for_a_condition_blocks)
{
    pthread_t thread;
    int64_t values[2];

    start(1);
    cr_assert_eq(pthread_create(&thread, NULL, take_condition, NULL), 0);
    await_waiters(&condition, 1);
    sleep_ns(HOLD_NS);
    pthread_mutex_lock(&mutex);
    is_signalled = true;
    pthread_cond_signal(&condition);
    pthread_mutex_unlock(&mutex);
    pthread_join(thread, NULL);
    place_sums(locks_block_profile(), wait_for_condition, values);
    cr_expect_geq(values[CONTENTIONS], 1);
    cr_expect_geq(values[DELAY_NS], HOLD_NS);
    place_sums(locks_mutex_profile(), wait_for_condition, values);
    cr_expect_eq(values[CONTENTIONS], 0);
}

/* Who waits for a condition releases its mutex, and those who wait for that are charged to it. */
Test(locks, a_wait_for_a_condition_releases)
{
    pthread_t thread;
    int64_t values[2];
    struct timespec past = {0};

    start(1);
    pthread_mutex_lock(&mutex);
    cr_assert_eq(pthread_create(&thread, NULL, take_condition, NULL), 0);
    await_waiters(&mutex, 1);
    sleep_ns(HOLD_NS);
    is_signalled = true;
    cr_expect_eq(pthread_cond_timedwait(&condition, &mutex, &past), ETIMEDOUT);
    pthread_mutex_unlock(&mutex);
    pthread_join(thread, NULL);
    struct profile *profile = locks_mutex_profile();
    int64_t delay_ns = 0;
    for (size_t i = 0; i < profile->sample_count; i++)
        delay_ns += profile->samples[i]->values[DELAY_NS];
    profile_delete(profile);
    cr_expect_geq(delay_ns, HOLD_NS);
    place_sums(locks_block_profile(), wait_for_condition, values);
    cr_expect_eq(values[CONTENTIONS], 0);
}

/* The C library's present condition, not the one from before 2003, which knows no other clock. */
Test(locks, conditions_keep_their_clock)
{
    pthread_condattr_t attributes;
    pthread_cond_t monotonic;
    struct timespec until;

    start(1);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&monotonic, &attributes);
    clock_gettime(CLOCK_MONOTONIC, &until);
    pthread_mutex_lock(&mutex);
    cr_expect_eq(pthread_cond_timedwait(&monotonic, &mutex, &until), ETIMEDOUT);
    cr_expect_eq(pthread_cond_clockwait(&monotonic, &mutex, CLOCK_MONOTONIC, &until), ETIMEDOUT);
    pthread_mutex_unlock(&mutex);
    pthread_cond_destroy(&monotonic);
    pthread_condattr_destroy(&attributes);
}

static PLACE void *wait_for_rwlock(void *is_writer)
{
    if (is_writer != NULL)
        pthread_rwlock_wrlock(&rwlock);
    else
        pthread_rwlock_rdlock(&rwlock);
    pthread_rwlock_unlock(&rwlock);
    __asm__ volatile("" ::: "memory");
    return NULL;
}

static PLACE void release_rwlock(void)
{
    pthread_rwlock_unlock(&rwlock);
    __asm__ volatile("" ::: "memory");
}

Test(locks, read_write_locks)
{
    for (int is_writer = 0; is_writer < 2; is_writer++) {
        pthread_t thread;
        int64_t block[2], released[2], later[2];

        if (is_writer == 0)
            start(1);
        pthread_rwlock_wrlock(&rwlock);
        cr_assert_eq(pthread_create(&thread, NULL, wait_for_rwlock, is_writer ? &thread : NULL), 0);
        await_waiters(&rwlock, 1);
        release_rwlock();
        pthread_join(thread, NULL);
        place_sums(locks_block_profile(), wait_for_rwlock, block);
        place_sums(locks_mutex_profile(), release_rwlock, released);
        place_sums(locks_mutex_profile(), wait_for_rwlock, later);
        cr_expect_eq(block[CONTENTIONS], 1 + is_writer);
        expect_charged(block, released, later);
    }
}

static PLACE void *wait_for_semaphore(void *argument)
{
    while (sem_wait(&semaphore) != 0)
        ;
    return argument;
}

Test(locks, semaphores)
{
    pthread_t thread;
    int64_t values[2];

    start(1);
    sem_init(&semaphore, 0, 1);
    errno = 7;
    wait_for_semaphore(NULL);
    cr_expect_eq(errno, 7);
    place_sums(locks_block_profile(), wait_for_semaphore, values);
    cr_expect_eq(values[CONTENTIONS], 0);
    cr_assert_eq(pthread_create(&thread, NULL, wait_for_semaphore, NULL), 0);
    await_waiters(&semaphore, 1);
    sem_post(&semaphore);
    pthread_join(thread, NULL);
    place_sums(locks_block_profile(), wait_for_semaphore, values);
    cr_expect_eq(values[CONTENTIONS], 1);
    cr_expect_gt(values[DELAY_NS], 0);
    struct timespec past = {0};
    cr_expect_eq(sem_timedwait(&semaphore, &past), -1);
    cr_expect_eq(errno, ETIMEDOUT);
}

Test(locks, kinds_of_mutexes_stay_what_they_are)
{
    pthread_mutexattr_t attributes;
    pthread_mutex_t checked, recursive;

    start(1);
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&checked, &attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&recursive, &attributes);
    cr_expect_eq(pthread_mutex_lock(&checked), 0);
    cr_expect_eq(pthread_mutex_lock(&checked), EDEADLK);
    cr_expect_eq(pthread_mutex_unlock(&checked), 0);
    cr_expect_eq(pthread_mutex_unlock(&checked), EPERM);
    cr_expect_eq(pthread_mutex_lock(&recursive), 0);
    cr_expect_eq(pthread_mutex_lock(&recursive), 0);
    cr_expect_eq(pthread_mutex_unlock(&recursive), 0);
    cr_expect_eq(pthread_mutex_unlock(&recursive), 0);
    pthread_mutex_destroy(&checked);
    pthread_mutex_destroy(&recursive);
    pthread_mutexattr_destroy(&attributes);
}

/* Waits far shorter than the rate: few are recorded, and they stand for all. */
Test(locks, a_sample_stands_for_the_unseen)
{
    enum { COUNT = 40000, RATE_NS = 100000, WAIT_NS = 2000 };
    struct timespec begin, now;
    struct locks_wait wait;
    double contentions = 0;

    start(RATE_NS);
    for (int i = 0; i < COUNT; i++) {
        locks_wait_begin(&wait, &mutex, false);
        clock_gettime(CLOCK_MONOTONIC, &begin);
        do
            clock_gettime(CLOCK_MONOTONIC, &now);
        while ((now.tv_sec - begin.tv_sec) * 1000000000 + now.tv_nsec - begin.tv_nsec < WAIT_NS);
        locks_wait_end(&wait, &mutex);
    }
    struct profile *profile = locks_block_profile();
    for (size_t i = 0; i < profile->sample_count; i++)
        if (profile->samples[i]->stack[0] == (uintptr_t)&mutex)
            contentions += (double)profile->samples[i]->values[CONTENTIONS];
    profile_delete(profile);
    /* each is recorded with at least p = WAIT_NS / RATE_NS; six standard deviations */
    double bound = 6 * sqrt(COUNT * ((double)RATE_NS / WAIT_NS - 1));
    cr_expect(fabs(contentions - COUNT) < bound, "%.0f for %d, give or take %.0f", contentions,
              COUNT, bound);
}

Test(locks, a_forked_child_knows_no_waiters)
{
    pthread_t thread;

    start(1);
    pthread_mutex_lock(&mutex);
    cr_assert_eq(pthread_create(&thread, NULL, take_mutex, &mutex), 0);
    await_waiters(&mutex, 1);
    pid_t child = fork();
    if (child == 0) {
        const void *seen[2] = {&mutex, NULL};
        waits_each(count_waiters, seen);
        pthread_mutex_unlock(&mutex);
        pthread_mutex_lock(&mutex);
        _exit(seen[1] == NULL && !locks_is_waited_for(&mutex) ? 0 : 1);
    }
    int status;
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_expect_eq(status, 0);
    release_mutex();
    pthread_join(thread, NULL);
}

Test(locks, a_wait_may_be_cancelled)
{
    pthread_t thread;
    const void *seen[2] = {&condition, NULL};

    start(1);
    cr_assert_eq(pthread_create(&thread, NULL, take_condition, NULL), 0);
    await_waiters(&condition, 1);
    pthread_cancel(thread);
    /* it has the mutex again, and nobody to unlock it: glibc's cancellation keeps it so */
    void *result;
    pthread_join(thread, &result);
    cr_expect_eq(result, PTHREAD_CANCELED);
    waits_each(count_waiters, seen);
    cr_expect_null(seen[1]);
}

Test(locks, starts_once_and_stops)
{
    int64_t values[2];
    pthread_t thread;

    start(1);
    cr_expect_eq(locks_start(1), -1);
    cr_expect_eq(errno, EALREADY);
    pthread_mutex_lock(&mutex);
    cr_assert_eq(pthread_create(&thread, NULL, take_mutex, &mutex), 0);
    await_waiters(&mutex, 1);
    locks_stop();
    release_mutex(); /* not seen any more */
    pthread_join(thread, NULL);
    place_sums(locks_block_profile(), wait_for_mutex, values);
    cr_expect_eq(values[CONTENTIONS], 1); /* it had begun */
    place_sums(locks_mutex_profile(), release_mutex, values);
    cr_expect_eq(values[CONTENTIONS], 0);
}

/* Threads that start and end, locks, allocations, forks, libraries that come and go: all at once.
 */

static atomic_bool is_over;

static void *come_and_go(void *argument)
{
    void *block = malloc(1000);
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    free(block);
    return argument;
}

static void *churn_threads(void *argument)
{
    pthread_t threads[4];
    while (!is_over) {
        for (int i = 0; i < 4; i++)
            if (pthread_create(&threads[i], NULL, come_and_go, NULL) != 0)
                abort();
        for (int i = 0; i < 4; i++)
            pthread_join(threads[i], NULL);
    }
    return argument;
}

static void *churn_libraries(void *argument)
{
    while (!is_over) {
        void *library = dlopen("libresolv.so.2", RTLD_NOW);
        if (library != NULL)
            dlclose(library);
    }
    return argument;
}

static void *churn_blocks(void *argument)
{
    void *blocks[64] = {0};
    for (unsigned i = 0; !is_over; i++) {
        free(blocks[i % 64]);
        blocks[i % 64] = malloc(i % 5000);
        blocks[i * 7 % 64] = realloc(blocks[i * 7 % 64], i % 3000 + 1);
        pthread_rwlock_rdlock(&rwlock);
        pthread_rwlock_unlock(&rwlock);
    }
    for (unsigned i = 0; i < 64; i++)
        free(blocks[i]);
    return argument;
}

static void *churn_locks(void *argument)
{
    while (!is_over) {
        pthread_mutex_lock(&mutex);
        pthread_rwlock_wrlock(&rwlock);
        pthread_rwlock_unlock(&rwlock);
        pthread_mutex_unlock(&mutex);
    }
    return argument;
}

static void ignore(void *closure, const struct wait *wait)
{
    (void)closure;
    (void)wait;
}

Test(locks, churn, .timeout = 300)
{
    void *(*const churns[])(void *) = {churn_threads, churn_libraries, churn_blocks,
                                       churn_blocks,  churn_locks,     churn_locks};
    enum { CHURNS = sizeof churns / sizeof *churns };
    pthread_t threads[CHURNS];

    start(1000);
    cr_assert_eq(threadcreate_start(), 0);
    cr_assert_eq(heap_start(4096), 0);
    for (int i = 0; i < CHURNS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, churns[i], NULL), 0);
    for (int i = 0; i < 40; i++) {
        struct profile *profiles[] = {heap_profile(), locks_block_profile(), locks_mutex_profile(),
                                      threadcreate_profile()};
        for (int p = 0; p < 4; p++) {
            cr_assert_not_null(profiles[p]);
            profile_delete(profiles[p]);
        }
        waits_each(ignore, NULL);
        if (i % 4 == 0) {
            pid_t child = fork();
            if (child == 0) {
#ifndef __SANITIZE_ADDRESS__ /* its allocator's locks stay as another thread had them */
                free(malloc(100000));
#endif
                _exit(0);
            }
            int status;
            cr_assert_eq(waitpid(child, &status, 0), child);
            cr_assert_eq(status, 0);
        }
        if (i % 10 == 9) {
            heap_stop();
            cr_assert_eq(heap_start(4096), 0);
        }
        usleep(20000);
    }
    is_over = true;
    for (int i = 0; i < CHURNS; i++)
        pthread_join(threads[i], NULL);
}
