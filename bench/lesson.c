#include "bench/lesson.h"

#include <assert.h>
#include <string.h>

#include "bench/solutions.h"

const struct lesson lesson_rows[LESSON_COUNT] = {
    {
        .id = "key",
        .file = "key.c",
        .title = "string building",
        .words = "A new, longer string for every tag; fixed: " KEY_SOLUTION ".",
        .headline = "dhat_bytes",
        .while_naive = "while keys are built string by string",
        .while_fixed = KEY_SOLVED,
        .measures =
            {
                .subject = LESSON_OF_WORK,
                .functions = {"key_build"},
                .counts = {"allocated_bytes", "allocations"},
                /* below eight tags the name and the digits are most of a key, and hide how it
                 * grows with tags */
                .growth = {.benchmark = "key/build",
                           .over = "tags",
                           .fit_from = 8,
                           .curves = {{"key_time", "time of a key", "ns", NULL},
                                      {"key_bytes", "bytes allocated for a key", "B",
                                       "allocated_bytes"}}},
            },
        .guesses = {{"time", "time_alone"},
                    {"allocations", "allocations"},
                    {"bytes", "allocated_bytes"},
                    {"instructions", "instructions"}},
        .pictures = {{.kind = "growth"},
                     {.kind = "waste",
                      .of = {"allocated_bytes", "allocations", "function_instructions",
                             "dhat_blocks"},
                      .title = "of the bytes were allocated for nothing",
                      .instead_of = "growth"},
                     {.kind = "note",
                      .absent = "How it grows with the number of tags was not measured in this "
                                "run: QUICK=1 leaves it out.",
                      .instead_of = "growth"}},
        .role = "builds the key of a record",
        .grading =
            {
                .functions = {"key_build"},
                .uses = {"tag_is_sorted", "strcmp", "strncmp", "memcmp"},
                /* not worker.h: a key lies in a worker, beside its counts */
                .headers = {"key.h"},
                .counts = {"allocations", "allocated_bytes"},
                .run = {"--workers=1", "--request=1000000"},
            },
    },
    {
        .id = "sort",
        .file = "sort.c",
        .title = "needless sorting",
        .words = "A copy sorted for each who asks; fixed: " SORT_SOLUTION ".",
        .headline = "comparisons",
        .while_naive = "while tags are sorted twice",
        .while_fixed = SORT_SOLVED,
        .measures =
            {
                .subject = LESSON_OF_WORK,
                .functions = {"sort_tags", "sort_release"},
                .counts = {"comparisons", "sorts", "allocated_bytes"},
            },
        .guesses = {{"time", "time_alone"},
                    {"comparisons", "comparisons"},
                    {"sorts", "sorts"},
                    {"instructions", "instructions"}},
        .pictures = {{.kind = "waste",
                      .of = {"comparisons", "sorts", "function_instructions", "dhat_blocks"},
                      .title = "of the comparisons told nothing new"}},
        .role = "gives whoever asks the tags in order",
        .grading =
            {
                .functions = {"sort_tags", "sort_release"},
                .uses = {"tag_sort", "tag_is_sorted", "shield_compare", "shield_counts"},
                .headers = {"sort.h"},
                .counts = {"comparisons"},
                .run = {"--workers=1", "--request=1000000"},
            },
    },
    {
        .id = "store",
        .file = "store.c",
        .title = "a lock held too long",
        .words = "One lock around everything, the wait for the database included; "
                 "fixed: " STORE_SOLUTION ".",
        .headline = "lock_hold",
        .while_naive = "under the big lock",
        .while_fixed = "without it",
        .measures = {.subject = LESSON_OF_LOCK},
        .guesses = {{"time", "time_alone"},
                    {"hold", "lock_hold"},
                    {"wait", "lock_wait"},
                    {"database", "database_time_alone"}},
        .pictures = {{.kind = "timeline",
                      .absent = "The lock's timeline was not traced in this run."},
                     {.kind = "lock"}},
        .role = "keeps the threads apart that write",
        .grading =
            {
                .functions = {"store_new", "store_delete", "store_begin", "store_commit",
                              "store_abort", "store_sync", "store_lock_stats"},
                .uses = {"lock_init", "lock_free", "lock_acquire", "lock_release", "lock_stats_add",
                         "database_round_trip", "database_put", "database_sync", "aligned_alloc",
                         "shield_counts"},
                .headers = {"store.h", "lock.h", "database.h"},
                .counts = {"waits_inside", "work_inside"},
                .run = {"--workers=4", "--request=10", "--db-latency=200us"},
                .must_lock = true,
            },
    },
    {
        .id = "workers",
        .file = "workers.c",
        .title = "threads that never end",
        .words = "Ten threads a CPU for each request, waiting for ever after; "
                 "fixed: " WORKERS_SOLUTION ".",
        .headline = "threads_alive",
        .while_naive = "with threads for each request",
        .while_fixed = WORKERS_SOLVED,
        .measures = {.subject = LESSON_OF_THREADS},
        .guesses = {{"time", "time_alone"},
                    {"threads", "threads_alive"},
                    {"stacks", "stack_mapped"},
                    {"memory", "retained"}},
        .pictures = {{.kind = "growth",
                      .of = {"threads"},
                      .title = "Threads: each request leaves its own behind"},
                     {.kind = "growth",
                      .of = {"stacks"},
                      .title = "Stacks: mapped, and never given back"},
                     {.kind = "growth",
                      .of = {"rss"},
                      .title = "Resident memory: little at a time, and always more"},
                     {.kind = "forecast"},
                     {.kind = "memory"}},
        .role = "starts the threads that do the work",
        .grading =
            {
                .functions = {"workers_new", "workers_submit", "workers_delete"},
                /* of threads what waits and is waited for; thread_start() starts them */
                .uses = {"thread_start",
                         "thread_error",
                         "thread_cpu_count",
                         "worker_init",
                         "worker_free",
                         "worker_process",
                         "worker_flush",
                         "request_hold",
                         "request_release",
                         "request_wait",
                         "request_is_complete",
                         "aligned_alloc",
                         "sched_yield",
                         "clock_gettime",
                         "nanosleep",
                         "pthread_mutex_*",
                         "pthread_cond_*",
                         "pthread_condattr_*",
                         "pthread_join",
                         "pthread_detach",
                         "pthread_self",
                         "pthread_equal",
                         "sem_*"},
                .headers = {"workers.h", "worker.h", "request.h", "store.h",
                            "thread.h", "pthread.h", "sched.h", "semaphore.h", "unistd.h"},
                .counts = {"threads_alive", "bytes_retained"},
                /* six requests, of four workers each whatever CPUs the grading machine has */
                .run = {"--workers=4", "--request=26"},
                .must_share = true,
            },
    },
};

const char *lesson_id(int lesson)
{
    assert(lesson >= 0 && lesson < LESSON_COUNT);
    return lesson_rows[lesson].id;
}

int lesson_from_id(const char *id)
{
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        if (strcmp(id, lesson_rows[lesson].id) == 0)
            return lesson;
    return LESSON_ALL;
}

unsigned build_alone(int lesson)
{
    assert(lesson >= 0 && lesson < LESSON_COUNT);
    return 1u << lesson;
}

unsigned build_without(int lesson)
{
    return BUILD_FIXED & ~build_alone(lesson);
}

void build_code(unsigned build, char code[BUILD_CODE_SIZE])
{
    assert(build < BUILD_COUNT);
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        code[lesson] = build & build_alone(lesson) ? 'f' : 'n';
    code[LESSON_COUNT] = '\0';
}

int build_from_code(const char *code)
{
    unsigned build = 0;

    if (strlen(code) != LESSON_COUNT || strspn(code, "nf") != LESSON_COUNT)
        return -1;
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        if (code[lesson] == 'f')
            build |= build_alone(lesson);
    return (int)build;
}
