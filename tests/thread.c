/* thread.c - threads are counted while they live, and refused beyond the limits. */
#include "common/thread.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "common/memory.h"
#include "common/procinfo.h"

enum { THREADS = 12 };

/* Threads that stay until they are let go. */
struct gate {
    pthread_mutex_t mutex;
    pthread_cond_t has_changed;
    /* guarded by mutex: */
    unsigned inside_count;
    bool is_open;
};

static struct gate gate = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, false};

static void *wait_inside(void *argument)
{
    (void)argument;
    pthread_mutex_lock(&gate.mutex);
    gate.inside_count++;
    pthread_cond_broadcast(&gate.has_changed);
    while (!gate.is_open)
        pthread_cond_wait(&gate.has_changed, &gate.mutex);
    pthread_mutex_unlock(&gate.mutex);
    return argument;
}

/* Starts threads and returns once all of them are inside. */
static void start_all(pthread_t *threads, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        cr_assert_eq(thread_start(&threads[i], "inside", wait_inside, &threads[i]), 0, "%s",
                     thread_error());
    pthread_mutex_lock(&gate.mutex);
    while (gate.inside_count < count)
        pthread_cond_wait(&gate.has_changed, &gate.mutex);
    pthread_mutex_unlock(&gate.mutex);
}

static void end_all(pthread_t *threads, unsigned count)
{
    pthread_mutex_lock(&gate.mutex);
    gate.is_open = true;
    pthread_cond_broadcast(&gate.has_changed);
    pthread_mutex_unlock(&gate.mutex);
    for (unsigned i = 0; i < count; i++) {
        void *result;
        cr_assert_eq(pthread_join(threads[i], &result), 0);
        cr_expect_eq(result, &threads[i], "it got its argument");
    }
}

Test(thread, is_counted_while_it_lives)
{
    pthread_t threads[THREADS];
    struct thread_usage usage;

    thread_usage(&usage);
    cr_expect_eq(usage.alive_count, 0);
    cr_expect_eq(usage.stack_mapped_bytes, 0);
    start_all(threads, THREADS);
    thread_usage(&usage);
    cr_expect_eq(usage.alive_count, THREADS);
    cr_expect_eq(usage.alive_count_max, THREADS);
    cr_expect_eq(usage.started_count, THREADS);
    end_all(threads, THREADS);
    thread_usage(&usage);
    cr_expect_eq(usage.alive_count, 0);
    cr_expect_eq(usage.alive_count_max, THREADS);
    cr_expect_eq(usage.started_count, THREADS);
    cr_expect_eq(usage.stack_mapped_bytes, 0);
    cr_expect_eq(usage.stack_resident_bytes, 0);
}

Test(thread, has_a_stack_of_which_a_part_is_resident)
{
    pthread_t threads[THREADS];
    struct thread_usage one, all;
    pthread_attr_t attributes;
    size_t stack_bytes;

    pthread_attr_init(&attributes);
    pthread_attr_getstacksize(&attributes, &stack_bytes);
    pthread_attr_destroy(&attributes);
    start_all(threads, 1);
    thread_usage(&one);
    gate.inside_count = 0;
    start_all(threads + 1, THREADS - 1);
    thread_usage(&all);
    cr_expect_eq(one.stack_mapped_bytes, stack_bytes);
    cr_expect_eq(all.stack_mapped_bytes, THREADS * stack_bytes);
    cr_expect_geq(one.stack_resident_bytes, 4096, "it runs, so a page at least");
    cr_expect_lt(all.stack_resident_bytes, all.stack_mapped_bytes);
    cr_expect_geq(all.stack_resident_bytes, THREADS * 4096);
    end_all(threads, THREADS);
}

Test(thread, is_known_to_the_kernel_by_its_name)
{
    pthread_t thread;
    char name[16];
    unsigned before = procinfo_thread_count();

    start_all(&thread, 1);
    cr_expect_eq(procinfo_thread_count(), before + 1);
    cr_assert_eq(pthread_getname_np(thread, name, sizeof name), 0);
    cr_expect_str_eq(name, "inside");
    end_all(&thread, 1);
    while (procinfo_thread_count() > before) /* joined, it is still there for a moment */
        sched_yield();
}

Test(thread, is_refused_beyond_the_limit_of_threads)
{
    pthread_t threads[3], refused;

    thread_set_limits(&(struct thread_limits){3, SIZE_MAX});
    start_all(threads, 3);
    errno = 0;
    cr_expect_eq(thread_start(&refused, "refused", wait_inside, NULL), -1);
    cr_expect_eq(errno, EDQUOT);
    cr_expect_not_null(strstr(thread_error(), "3 threads"), "%s", thread_error());
    cr_expect_not_null(strstr(thread_error(), "--max-threads"));
    end_all(threads, 3);
    gate.inside_count = 0;
    start_all(threads, 1);
    end_all(threads, 1);
}

Test(thread, is_refused_beyond_the_limit_of_memory)
{
    struct thread_usage usage;
    pthread_t refused;

    thread_set_limits(&(struct thread_limits){100, 1 << 20});
    errno = 0;
    cr_expect_eq(thread_start(&refused, "refused", wait_inside, NULL), -1);
    cr_expect_eq(errno, EDQUOT);
    cr_expect_not_null(strstr(thread_error(), "--max-memory"), "%s", thread_error());
    thread_usage(&usage);
    cr_expect_eq(usage.alive_count, 0);
    cr_expect_eq(usage.started_count, 0);
}

Test(thread, is_not_counted_if_it_could_not_be_started)
{
    struct thread_usage usage;
    pthread_t thread;

    memory_fail_at(1);
    int status = thread_start(&thread, "refused", wait_inside, NULL);
    memory_fail_at(0);
    cr_expect_eq(status, -1);
    cr_expect_neq(thread_error()[0], '\0');
    thread_usage(&usage);
    cr_expect_eq(usage.alive_count, 0);
    cr_expect_eq(usage.started_count, 0);
}

Test(thread, that_has_no_room_for_its_stack_names_the_limit)
{
    const struct rlimit limit = {procinfo_mapped_bytes() + (1 << 20), RLIM_INFINITY};
    pthread_t thread;

    cr_assert_eq(setrlimit(RLIMIT_AS, &limit), 0);
    cr_expect_eq(thread_start(&thread, "refused", wait_inside, NULL), -1);
    cr_expect_not_null(strstr(thread_error(), "ulimit -v allows"), "%s", thread_error());
    cr_expect_null(strstr(thread_error(), "ulimit -u"), "%s", thread_error());
}

static void *exit_early(void *argument)
{
    pthread_exit(argument);
}

Test(thread, is_not_counted_any_more_if_it_exits_early)
{
    struct thread_usage usage;
    pthread_t thread;
    void *result;

    cr_assert_eq(thread_start(&thread, "early", exit_early, &usage), 0);
    pthread_join(thread, &result);
    cr_expect_eq(result, &usage);
    thread_usage(&usage);
    cr_expect_eq(usage.alive_count, 0);
}

Test(thread, knows_of_one_cpu_at_least)
{
    cr_expect_geq(thread_cpu_count(), 1);
}

Test(procinfo, sees_memory_that_is_used)
{
    enum { BYTES = 64 << 20 };
    size_t before = procinfo_resident_bytes();
    char *memory = malloc(BYTES);

    cr_assert_not_null(memory);
    memset(memory, 1, BYTES);
    __asm__ volatile("" : : "r"(memory) : "memory"); /* or the compiler leaves all of it out */
    cr_expect_geq(procinfo_resident_bytes(), before + BYTES / 2);
    cr_expect_geq(procinfo_resident_bytes_max(), before + BYTES / 2);
    free(memory);
    cr_expect_geq(procinfo_resident_bytes_max(), before + BYTES / 2, "the highest so far");
}
