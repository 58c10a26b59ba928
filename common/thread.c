#include "common/thread.h"

#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/procinfo.h"

/*
 * A live thread, linked into the registry for as long as it runs. It leads neither to the thread's
 * stack nor to what it works on: the registry can be reached by everybody, and whoever looks for
 * what nobody can reach any more (common/pprof/reach.h) is not to find it by way of the registry.
 */
struct live {
    struct live *next, *previous;
    size_t stack_page; /* the number of the stack's highest page, and not its address */
    size_t stack_bytes;
    /* until it runs: */
    char name[16];
    void *(*run)(void *);
    void *argument;
};

/* Process-wide, because threads are: there is one set of them however many pools. */
static struct registry {
    pthread_mutex_t mutex;
    /* guarded by mutex: */
    struct thread_limits limits;
    struct live *first;
    uint32_t alive_count, alive_count_max; /* those being started included */
    uint64_t started_count;
    size_t stack_mapped_bytes; /* of those that are alive or being started */
} registry = {
    .mutex = PTHREAD_MUTEX_INITIALIZER,
    .limits = {.threads_max = 4000, .bytes_max = (size_t)2 << 30},
};

static _Thread_local char error_text[256];

void thread_set_limits(const struct thread_limits *limits)
{
    pthread_mutex_lock(&registry.mutex);
    registry.limits = *limits;
    pthread_mutex_unlock(&registry.mutex);
}

const char *thread_error(void)
{
    return error_text;
}

static void enter(struct live *live)
{
    pthread_mutex_lock(&registry.mutex);
    live->next = registry.first;
    if (live->next != NULL)
        live->next->previous = live;
    registry.first = live;
    pthread_mutex_unlock(&registry.mutex);
}

static void leave(void *argument)
{
    struct live *live = argument;

    pthread_mutex_lock(&registry.mutex);
    if (live->previous != NULL)
        live->previous->next = live->next;
    else
        registry.first = live->next;
    if (live->next != NULL)
        live->next->previous = live->previous;
    registry.alive_count--;
    registry.stack_mapped_bytes -= live->stack_bytes;
    pthread_mutex_unlock(&registry.mutex);
    free(live);
}

static void *run_registered(void *argument)
{
    struct live *live = argument;
    void *(*run)(void *) = live->run;
    void *result;

    argument = live->argument;
    live->argument = NULL;
    live->stack_page = (uintptr_t)&result / (size_t)sysconf(_SC_PAGESIZE);
    pthread_setname_np(pthread_self(), live->name);
    enter(live);
    pthread_cleanup_push(leave, live);
    result = run(argument);
    pthread_cleanup_pop(1);
    return result;
}

/* Counts one more thread in if the guard lets it. */
static int admit(size_t stack_bytes)
{
    size_t resident_bytes = procinfo_resident_bytes();
    int status = 0;

    pthread_mutex_lock(&registry.mutex);
    const struct thread_limits *limits = &registry.limits;
    if (registry.alive_count >= limits->threads_max) {
        snprintf(
            error_text, sizeof error_text,
            "the cap of %u threads is reached (--max-threads): %llu were started and %u of them "
            "are still alive",
            limits->threads_max, (unsigned long long)registry.started_count, registry.alive_count);
        status = -1;
    } else if (resident_bytes >= limits->bytes_max) {
        snprintf(
            error_text, sizeof error_text,
            "the cap of %zu MiB of memory is reached (--max-memory): %zu MiB are resident, with "
            "%u threads alive",
            limits->bytes_max >> 20, resident_bytes >> 20, registry.alive_count);
        status = -1;
    } else {
        registry.alive_count++;
        registry.started_count++;
        registry.stack_mapped_bytes += stack_bytes;
        if (registry.alive_count > registry.alive_count_max)
            registry.alive_count_max = registry.alive_count;
    }
    pthread_mutex_unlock(&registry.mutex);
    if (status != 0)
        errno = EDQUOT;
    return status;
}

/* Which limit it was: the kernel says "try again" for all of them. */
static void name_limit(char *text, size_t size, size_t stack_bytes)
{
    struct rlimit space, tasks;

    if (getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY &&
        procinfo_mapped_bytes() + stack_bytes + stack_bytes / 2 > space.rlim_cur)
        snprintf(text, size,
                 "its stack takes %zu MiB, %zu MiB are in use, and ulimit -v allows %llu MiB",
                 stack_bytes >> 20, procinfo_mapped_bytes() >> 20,
                 (unsigned long long)space.rlim_cur >> 20);
    else if (getrlimit(RLIMIT_NPROC, &tasks) == 0 && tasks.rlim_cur != RLIM_INFINITY)
        snprintf(
            text, size,
            "ulimit -u allows this user %llu threads in all; the pids limit of the container or "
            "cgroup may allow fewer",
            (unsigned long long)tasks.rlim_cur);
    else
        snprintf(text, size, "see the pids limit of the container or cgroup");
}

/* Takes an admitted thread back that could not be started. */
static int give_up(int error, size_t stack_bytes)
{
    char limit[128];

    pthread_mutex_lock(&registry.mutex);
    registry.alive_count--;
    registry.started_count--;
    registry.stack_mapped_bytes -= stack_bytes;
    uint32_t alive_count = registry.alive_count;
    pthread_mutex_unlock(&registry.mutex);
    name_limit(limit, sizeof limit, stack_bytes);
    snprintf(error_text, sizeof error_text,
             "no thread could be started beside the %u that are alive: %s (%s)", alive_count,
             strerror(error), limit);
    errno = error;
    return -1;
}

int thread_start(pthread_t *thread, const char *name, void *(*run)(void *), void *argument)
{
    pthread_attr_t attributes;
    size_t stack_bytes;

    pthread_attr_init(&attributes);
    pthread_attr_getstacksize(&attributes, &stack_bytes);
    if (admit(stack_bytes) != 0) {
        pthread_attr_destroy(&attributes);
        return -1;
    }
    int error = ENOMEM;
    struct live *live = malloc(sizeof *live);
    if (live != NULL) {
        *live = (struct live){.run = run, .argument = argument, .stack_bytes = stack_bytes};
        snprintf(live->name, sizeof live->name, "%s", name);
        error = pthread_create(thread, &attributes, run_registered, live);
    }
    pthread_attr_destroy(&attributes);
    if (error != 0) {
        free(live);
        return give_up(error, stack_bytes);
    }
    return 0;
}

/* The resident bytes of a stack, which grows downwards. */
static size_t stack_resident(const struct live *live, size_t page_bytes)
{
    enum { PAGES_AT_A_TIME = 256 };
    unsigned char is_resident[PAGES_AT_A_TIME];
    char *end = (char *)((live->stack_page + 1) * page_bytes);
    size_t left = live->stack_bytes / page_bytes, resident = 0;

    while (left > 0) {
        size_t pages = left < PAGES_AT_A_TIME ? left : PAGES_AT_A_TIME, found = 0;
        end -= pages * page_bytes;
        if (mincore(end, pages * page_bytes, is_resident) != 0)
            break; /* the thread's own guard page, or what lies below it */
        for (size_t i = 0; i < pages; i++)
            found += is_resident[i] & 1;
        resident += found * page_bytes;
        if (found == 0)
            break; /* stacks are used from the top without holes */
        left -= pages;
    }
    return resident;
}

void thread_usage(struct thread_usage *usage)
{
    size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);

    pthread_mutex_lock(&registry.mutex);
    *usage = (struct thread_usage){
        .alive_count = registry.alive_count,
        .alive_count_max = registry.alive_count_max,
        .started_count = registry.started_count,
        .stack_mapped_bytes = registry.stack_mapped_bytes,
    };
    for (const struct live *live = registry.first; live != NULL; live = live->next)
        usage->stack_resident_bytes += stack_resident(live, page_bytes);
    pthread_mutex_unlock(&registry.mutex);
}

unsigned thread_cpu_count(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return (unsigned)CPU_COUNT(&set);
    return 1;
}
