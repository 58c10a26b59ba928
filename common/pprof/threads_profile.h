/*
 * threads_profile.h - where each thread stands now: the place of Go's goroutine profile.
 *
 * All threads are stopped for a moment, by a real-time signal that the program does not use. What
 * it notices: poll(), epoll_wait(), nanosleep() and the like return EINTR once. A thread that
 * blocks the signal is reported without its stack.
 *
 * What Go cannot say: which threads wait for something that nobody can ever signal again (reach.h).
 */
#ifndef PPROF_THREADS_PROFILE_H
#define PPROF_THREADS_PROFILE_H

#include <stdio.h>

#include "profile.h"

/*
 * Adds each thread's stack to a profile of one type, {"threads", "count"}. Labels: thread, name,
 * state ("running"; "waiting"; "waiting, nobody can signal it"; "did not answer"), cpu_ms,
 * stack_bytes (mapped), stack_resident_bytes; and where it is known request, waiting_ms,
 * held_bytes. 0; or -1 with errno: EBUSY (a dump is under way), ENOMEM, ENOTSUP.
 */
int threads_profile_collect(struct profile *profile);

/* The same in words, each thread with its stack, and first what stands out. As above. */
int threads_profile_write_text(FILE *file);

#endif
