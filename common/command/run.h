/*
 * run.h - a batch run: an input from its first byte to its last, through the workers.
 */
#ifndef RUN_H
#define RUN_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/lock.h"
#include "common/command/options.h"
#include "common/tally.h"
#include "common/thread.h"

/* What a run came to. All zero before run(). */
struct run_result {
    struct tally tally; /* its counts are those of the whole process */
    struct counts work; /* the workers' part of them: what the records took, without set-up */
    uint64_t request_count;
    uint64_t byte_count; /* of input, over all repeats */
    uint64_t elapsed_ns; /* from the first read until the last record was done */
    uint64_t cpu_ns;     /* user and system time of all threads meanwhile */
    struct lock_stats lock;
    struct thread_usage threads; /* after the workers were deleted: who is left */
    unsigned threads_alive;      /* the kernel's count then, main included, without a profile's */
    size_t resident_bytes;       /* at that point */
    size_t resident_bytes_max;
    bool is_interrupted; /* *is_stopped became true: counts so far */
    char error[512];     /* empty, or why the run ended early: counts so far */
};

/*
 * Runs. *is_stopped may become true at any time (a signal handler's), and ends the run cleanly.
 * Returns 0, or -1 with result->error set; the result holds what was done until then either way.
 */
int run(const struct run_options *options, const volatile sig_atomic_t *is_stopped,
        struct run_result *result);

#endif
