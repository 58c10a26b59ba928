/*
 * cpu_ring.h - samples on their way from signal handlers to the thread that unwinds them.
 *
 * A fixed number of slots, in memory that is there from the start, so that a handler never waits
 * and never causes a page fault. Any number of handlers fill slots, one thread empties them. Where
 * none is free a sample is dropped, and counted. A forked child sees the memory wiped.
 */
#ifndef PPROF_CPU_RING_H
#define PPROF_CPU_RING_H

#include <stdatomic.h>
#include <sys/types.h>

#include "stack_copy.h"

enum { CPU_RING_SLOTS = 256 };

struct cpu_sample {
    _Atomic int state;
    pid_t thread_id;
    unsigned periods; /* that it stands for: 1, and those that went by unnoticed */
    struct stack_copy copy;
    unsigned char bytes[STACK_COPY_BYTES_MAX];
};

struct cpu_ring {
    struct cpu_sample samples[CPU_RING_SLOTS];
    _Atomic unsigned next;            /* where a handler looks first */
    _Atomic uint64_t dropped_periods; /* of samples for which there was no slot */
};

struct cpu_ring *cpu_ring_new(void); /* NULL: no memory */
/* Wipes it and gives it back. No handler may be using it. */
void cpu_ring_delete(struct cpu_ring *ring);

/* Async-signal-safe: the calling thread, at `context`. */
void cpu_ring_put(struct cpu_ring *ring, unsigned periods, const ucontext_t *context);

/*
 * The next full slot after *position, or NULL at the ring's end. Start with *position 0. What is
 * taken is given back, wiped, by cpu_ring_release().
 */
struct cpu_sample *cpu_ring_take(struct cpu_ring *ring, unsigned *position);
void cpu_ring_release(struct cpu_sample *sample);

#endif
