#include "bench/classroom/problem.h"

#include <stddef.h>
#include <string.h>

static const char *const files[LESSON_COUNT] = {"key.c", "sort.c", "store.c", "workers.c"};

static const char *const defines[LESSON_COUNT][8] = {
    [LESSON_KEY] = {"key_build"},
    [LESSON_SORT] = {"sort_tags", "sort_release"},
    [LESSON_STORE] = {"store_new", "store_delete", "store_begin", "store_commit", "store_abort",
                      "store_sync", "store_lock_stats"},
    [LESSON_WORKERS] = {"workers_new", "workers_submit", "workers_delete"},
};

/* Whoever needs memory and texts may have them; what is not here does I/O, or starts something. */
static const char *const common_uses[] = {
    "malloc",    "calloc",           "realloc",       "free",
    "memcpy",    "memmove",          "mempcpy",       "memset",
    "memchr",    "strlen",           "strnlen",       "strcpy",
    "strncpy",   "stpcpy",           "strcat",        "strncat",
    "strchr",    "strrchr",          "sprintf",       "snprintf",
    "vsnprintf", "__errno_location", "__assert_fail", "_GLOBAL_OFFSET_TABLE_",
    NULL,
};

static const char *const uses[LESSON_COUNT][16] = {
    [LESSON_KEY] = {"tag_is_sorted", "strcmp", "strncmp", "memcmp"},
    [LESSON_SORT] = {"tag_sort", "tag_is_sorted", "shield_compare", "shield_counts"},
    [LESSON_STORE] = {"lock_init", "lock_free", "lock_acquire", "lock_release", "lock_stats_add",
                      "database_round_trip", "database_put", "database_sync", "aligned_alloc",
                      "shield_counts"},
    [LESSON_WORKERS] = {"thread_start", "thread_error", "thread_cpu_count", "worker_init",
                        "worker_free", "worker_process", "worker_flush", "request_hold",
                        "request_release", "request_wait", "request_is_complete", "aligned_alloc",
                        "sched_yield", "clock_gettime", "nanosleep"},
};

/* Of threads, what waits and is waited for; they are started with thread_start(). */
static const char *const thread_uses[] = {"pthread_mutex_", "pthread_cond_",  "pthread_condattr_",
                                          "pthread_join",   "pthread_detach", "pthread_self",
                                          "pthread_equal",  "sem_",           NULL};

static const char *const common_headers[] = {
    "tag.h",     "digits.h",   "counts.h", "clock.h", "assert.h",   "ctype.h",
    "errno.h",   "inttypes.h", "limits.h", "math.h",  "stdalign.h", "stdatomic.h",
    "stdbool.h", "stddef.h",   "stdint.h", "stdio.h", "stdlib.h",   "stdnoreturn.h",
    "string.h",  "strings.h",  "time.h",   NULL,
};

/* What a file has no business with is not offered: a key lies in a worker, beside its counts. */
static const char *const headers[LESSON_COUNT][16] = {
    [LESSON_KEY] = {"key.h"},
    [LESSON_SORT] = {"sort.h"},
    [LESSON_STORE] = {"store.h", "lock.h", "database.h"},
    [LESSON_WORKERS] = {"workers.h", "worker.h", "request.h", "store.h", "thread.h", "pthread.h",
                        "sched.h", "semaphore.h", "unistd.h"},
};

const char *problem_file(int lesson)
{
    return files[lesson];
}

const char *const *problem_defines(int lesson)
{
    return defines[lesson];
}

static bool has(const char *const *list, const char *name)
{
    for (; *list != NULL; list++)
        if (strcmp(*list, name) == 0)
            return true;
    return false;
}

bool problem_may_use(int lesson, const char *symbol)
{
    if (has(common_uses, symbol) || has(uses[lesson], symbol))
        return true;
    for (int i = 0; lesson == LESSON_WORKERS && thread_uses[i] != NULL; i++)
        if (strncmp(symbol, thread_uses[i], strlen(thread_uses[i])) == 0)
            return true;
    return false;
}

bool problem_may_include(int lesson, const char *header)
{
    return has(common_headers, header) || has(headers[lesson], header);
}

const char *problem_advice(int lesson, const char *symbol)
{
    static const struct {
        const char *prefix, *advice;
    } table[] = {
        {"printf", "take the debugging output out"},
        {"puts", "take the debugging output out"},
        {"putchar", "take the debugging output out"},
        {"fprintf", "take the debugging output out"},
        {"std", "take the debugging output out"},
        {"fwrite", "take the debugging output out"},
        {"strdup", "allocate with malloc, which is counted"},
        {"asprintf", "allocate with malloc, which is counted"},
        {"vasprintf", "allocate with malloc, which is counted"},
        {"posix_memalign", "allocate with malloc, which is counted"},
        {"aligned_alloc", "allocate with malloc, which is counted"},
        {"pthread_create", "start threads with thread_start(), which counts them"},
        {"pthread_", "lock with lock.h, which is measured"},
        {"sem_", "lock with lock.h, which is measured"},
        {"thread_counts", "the counters are not yours to touch"},
        {"strcmp", "compare with tag_compare(), which is counted"},
        {"strncmp", "compare with tag_compare(), which is counted"},
        {"memcmp", "compare with tag_compare(), which is counted"},
        {"qsort", "sort with tag_sort(), which is counted"},
    };

    (void)lesson;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strncmp(symbol, table[i].prefix, strlen(table[i].prefix)) == 0)
            return table[i].advice;
    return NULL;
}
