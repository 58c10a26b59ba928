#include "bench/hooks/operations.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "common/arena.h"
#include "common/command/options.h"
#include "common/command/run.h"
#include "common/generate.h"
#include "common/pprof/heap.h"
#include "common/pprof/locks.h"
#include "common/pprof/threadcreate.h"

/* The C library's own names for what is hooked (common/pprof/hooks/). */
void *__libc_malloc(size_t size);
void __libc_free(void *block);
__asm__(".symver library_lock,__pthread_mutex_lock@GLIBC_2.2.5");
__asm__(".symver library_unlock,__pthread_mutex_unlock@GLIBC_2.2.5");
int library_lock(pthread_mutex_t *mutex);
int library_unlock(pthread_mutex_t *mutex);

/* Called through pointers in all modes alike, so that the compiler can leave none of them out. */
static void *(*volatile const allocate[])(size_t) = {__libc_malloc, malloc};
static void (*volatile const release[])(void *) = {__libc_free, free};
static int (*volatile const lock[])(pthread_mutex_t *) = {library_lock, pthread_mutex_lock};
static int (*volatile const unlock[])(pthread_mutex_t *) = {library_unlock, pthread_mutex_unlock};

/* CLOCK_THREAD_CPUTIME_ID leaves out what other programs take; waiting needs CLOCK_MONOTONIC. */
static double now_ns(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

void operations_switch(enum operation_mode mode)
{
    static bool is_on;

    if (is_on == (mode == OPERATION_ON))
        return;
    is_on = !is_on;
    if (is_on) {
        int status = heap_start(0) | locks_start(0) | threadcreate_start();
        assert(status == 0);
        (void)status;
    } else {
        threadcreate_stop();
        locks_stop();
        heap_stop();
    }
}

/* 64 blocks are in use at a time, of the size that is asked for. */
static double run_blocks(uint64_t count, enum operation_mode mode, size_t size)
{
    enum { BLOCKS = 64 };
    void *(*take)(size_t) = allocate[mode != OPERATION_PAST];
    void (*give)(void *) = release[mode != OPERATION_PAST];
    void *blocks[BLOCKS] = {0};

    double start_ns = now_ns(CLOCK_THREAD_CPUTIME_ID);
    for (uint64_t i = 0; i < count; i++) {
        give(blocks[i % BLOCKS]);
        blocks[i % BLOCKS] = take(size);
    }
    double elapsed_ns = now_ns(CLOCK_THREAD_CPUTIME_ID) - start_ns;
    for (unsigned i = 0; i < BLOCKS; i++)
        give(blocks[i]);
    return elapsed_ns / (double)count;
}

static double run_small_blocks(uint64_t count, enum operation_mode mode)
{
    return run_blocks(count, mode, 64);
}

static double run_large_blocks(uint64_t count, enum operation_mode mode)
{
    return run_blocks(count, mode, 16 << 10);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void take_turns(uint64_t count, enum operation_mode mode)
{
    int (*acquire)(pthread_mutex_t *) = lock[mode != OPERATION_PAST];
    int (*leave)(pthread_mutex_t *) = unlock[mode != OPERATION_PAST];

    for (uint64_t i = 0; i < count; i++) {
        acquire(&mutex);
        leave(&mutex);
    }
}

static double run_free_lock(uint64_t count, enum operation_mode mode)
{
    double start_ns = now_ns(CLOCK_THREAD_CPUTIME_ID);
    take_turns(count, mode);
    return (now_ns(CLOCK_THREAD_CPUTIME_ID) - start_ns) / (double)count;
}

struct turns {
    uint64_t count;
    enum operation_mode mode;
};

static void *take_turns_too(void *argument)
{
    const struct turns *turns = argument;
    take_turns(turns->count, turns->mode);
    return NULL;
}

/* Two threads that do nothing but take it from each other: the worst that can be. */
static double run_contended_lock(uint64_t count, enum operation_mode mode)
{
    struct turns turns = {.count = count / 2, .mode = mode};
    pthread_t thread;

    double start_ns = now_ns(CLOCK_MONOTONIC);
    if (pthread_create(&thread, NULL, take_turns_too, &turns) != 0)
        abort();
    take_turns(turns.count, mode);
    pthread_join(thread, NULL);
    return (now_ns(CLOCK_MONOTONIC) - start_ns) / (double)count;
}

static void *end_at_once(void *argument)
{
    return argument;
}

/* Past is off: the C library has no second name for it. */
static double run_thread(uint64_t count, enum operation_mode mode)
{
    (void)mode;
    double start_ns = now_ns(CLOCK_MONOTONIC);
    for (uint64_t i = 0; i < count; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, end_at_once, NULL) != 0)
            abort();
        pthread_join(thread, NULL);
    }
    return (now_ns(CLOCK_MONOTONIC) - start_ns) / (double)count;
}

/* The records, written once into memory; its name as a file. */
static const char *records_path(void)
{
    enum { RECORDS = 5000 };
    static char path[32], line[GENERATE_LINE_MAX];

    if (path[0] != '\0')
        return path;
    arena_install_cjson_hooks(); /* as the program's main() does */
    int file = memfd_create("records", MFD_CLOEXEC);
    for (uint64_t i = 0; i < RECORDS; i++) {
        size_t length = generate_line(1, i, line);
        if (file < 0 || write(file, line, length) != (ssize_t)length)
            abort();
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    return path;
}

/* All of ffff's work on a record, in requests of 100: CPU time of all threads. Past is off. */
static double run_records(uint64_t count, enum operation_mode mode)
{
    static const volatile sig_atomic_t is_stopped;
    static struct run_result result;
    const char *arguments[] = {"run", records_path(), "--quiet", "--request", "100", NULL};
    struct run_options options;

    (void)count;
    (void)mode;
    memset(&result, 0, sizeof result);
    if (options_parse_run(5, (char **)arguments, &options) != 0)
        abort();
    if (run(&options, &is_stopped, &result) != 0) {
        fprintf(stderr, "hooks: %s\n", result.error);
        exit(EXIT_FAILURE);
    }
    return (double)result.cpu_ns / (double)result.tally.accepted;
}

const struct operation operations[] = {
    {"malloc and free, 64 B", run_small_blocks, 50000},
    {"malloc and free, 16 KiB", run_large_blocks, 20000},
    {"lock and unlock, free", run_free_lock, 50000},
    {"lock and unlock, two threads", run_contended_lock, 50000},
    {"a thread, started and joined", run_thread, 50},
    {"a record, all fixed", run_records, 0},
};
const unsigned operation_count = sizeof operations / sizeof *operations;
