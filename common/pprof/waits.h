/*
 * waits.h - what each thread waits for at present, and which request started it.
 *
 * For a dump of all threads. The hooks note waits for mutexes, conditions, read-write locks and
 * semaphores that begin while locks_start() (locks.h) is in force; what a thread was started for is
 * known where threadcreate_start() is, or where the thread says so itself. All functions are
 * thread-safe; none waits for a thread that is waiting.
 */
#ifndef PPROF_WAITS_H
#define PPROF_WAITS_H

#include <stdint.h>
#include <sys/types.h>

/* A thread, at a moment. Those that have neither waited nor been labelled are not known here. */
struct wait {
    pid_t thread_id;
    const void *object;              /* the mutex, condition, ... NULL: it is not waiting */
    int64_t since_ns;                /* by CLOCK_MONOTONIC */
    uint64_t started_for;            /* the request's number; 0: none */
    const char *started_for_name;    /* NULL: none */
    uint64_t held_bytes;             /* of the request, for as long as the thread lives */
    uintptr_t stack_low, stack_high; /* of its stack, as mapped; 0: unknown */
};

void waits_each(void (*visit)(void *closure, const struct wait *wait), void *closure);

/*
 * From now on the calling thread works for this request, and so do the threads that it starts,
 * theirs included: they hold on to `held_bytes`. `name` is not copied: a literal. 0 and NULL end it
 * for the calling thread.
 */
void pprof_started_for(uint64_t request_id, const char *name, uint64_t held_bytes);

#endif
