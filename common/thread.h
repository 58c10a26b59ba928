/*
 * thread.h - starts threads, knows them, and refuses to start too many.
 *
 * Both trees start their threads here, so that they are named, counted, and measured alike, and so
 * that a program whose threads never end stops with a message before the machine does (the
 * guard). All functions are thread-safe.
 */
#ifndef THREAD_H
#define THREAD_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

struct thread_limits {
    uint32_t threads_max; /* alive at a time, main excluded */
    size_t bytes_max; /* resident memory of the process at which no thread is started any more */
};

/* What is started and not yet ended, main excluded. */
struct thread_usage {
    uint32_t alive_count;
    uint32_t alive_count_max; /* the most at a time so far */
    uint64_t started_count;
    size_t stack_mapped_bytes;   /* address space reserved for their stacks */
    size_t stack_resident_bytes; /* the part of it that is in memory */
};

/* The guard's limits, for the process. Before the first thread. Default: 4,000 and 2 GiB. */
void thread_set_limits(const struct thread_limits *limits);

/*
 * Starts a thread, named `name` (at most 15 bytes) for the tools that show threads. Returns 0, or
 * -1 with errno set: EDQUOT if the guard refused, otherwise pthread_create's. thread_error() then
 * says it in a sentence.
 */
int thread_start(pthread_t *thread, const char *name, void *(*run)(void *), void *argument);

/* Why the calling thread's last thread_start() failed, in words; valid until its next one. */
const char *thread_error(void);

/* Looks at each page of each stack (mincore): some microseconds a thread. */
void thread_usage(struct thread_usage *usage);

/* The CPUs that this process may run on, at least 1. */
unsigned thread_cpu_count(void);

#endif
