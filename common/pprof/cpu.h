/*
 * cpu.h - what the threads of this process do with the CPUs: their stacks, so many times a second
 * of CPU time.
 *
 * Each thread has a timer on its own CPU clock, so nobody who sleeps is woken, and sleep(), poll()
 * and pause() go on as they were. The signal is SIGPROF; a thread that blocks it is not seen. While
 * a program has a handler for SIGPROF of its own it cannot be profiled. Afterwards all is gone but
 * a handler that does nothing.
 */
#ifndef PPROF_CPU_H
#define PPROF_CPU_H

#include <stdbool.h>

#include "profile.h"

/* The types that the profile must have: {"samples", "count"} and {"cpu", "nanoseconds"}. */
enum { CPU_PROFILE_TYPES = 2, CPU_PROFILE_HZ_MAX = 1000 };

/*
 * Collects for so long, `hz` (1 to CPU_PROFILE_HZ_MAX) samples a second of CPU time, in the calling
 * thread, which unwinds them meanwhile. is_cancelled (may be NULL) is asked some ten times a
 * second; true ends it. Samples that were lost, for want of room, are in the profile without a
 * stack, labelled "lost"; and, labelled "unseen", the time of threads that ran so briefly each time
 * that no tick of the kernel met them. The profile's period and time are set.
 *
 * 0; or -1 with errno set: EBUSY (another one is being collected, or the program handles SIGPROF),
 * ECANCELED, ENOMEM, ENOTSUP (not on this machine), EINVAL.
 */
int cpu_profile_collect(struct profile *profile, unsigned hz, unsigned milliseconds,
                        bool (*is_cancelled)(void *closure), void *closure);

/*
 * To be called by threads when they start, where that can be had: then even those that end at once
 * are seen. Else they are found by looking at /proc/self/task, up to 50 times a second.
 */
void cpu_profile_thread_started(void);

#endif
