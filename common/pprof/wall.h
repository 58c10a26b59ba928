/*
 * wall.h - where the time of all threads goes, whether they run or wait: a sample of each of them,
 * some ten times a second.
 *
 * Each sample says in the label "state", and in the frame at the root, so that a flame graph is
 * split by it: running; or waiting, by the system call, for a lock, for a condition or a thread,
 * for events (poll, epoll_wait), for input or output, for time to pass, or for another thing. At
 * the end one look at all threads (threads_list.h) says which of them nobody can ever signal.
 *
 * A thread that runs is stopped for some microseconds by a signal, which copies its stack. One that
 * waits is left alone, if /proc/self/task/ID/syscall and the return addresses on its stack say that
 * it stands where it was seen before: only the first time does its poll(), epoll_wait() or
 * nanosleep() return EINTR. This costs some system calls a thread; with many of them samples are
 * taken less often, so that it comes to WALL_COST_MAX_PERCENT of a CPU. The listener's own threads
 * are left out.
 */
#ifndef PPROF_WALL_H
#define PPROF_WALL_H

#include <stdbool.h>
#include <stdint.h>

#include "profile.h"

/* The types that the profile must have: {"samples", "count"} and {"wall", "nanoseconds"}. */
enum { WALL_TYPES = 2, WALL_HZ = 40, WALL_COST_MAX_PERCENT = 2 };

/*
 * Collects for so long in the calling thread. is_cancelled (may be NULL) is asked at each sample.
 * The profile's period and time are set. 0; or -1 with errno set: EBUSY (another one is being
 * collected), ECANCELED, ENOMEM, ENOTSUP (not on this machine).
 */
int wall_collect(struct profile *profile, unsigned milliseconds, bool (*is_cancelled)(void *),
                 void *closure);

/* The calling thread is the listener's: it is left out from now on. */
void wall_leave_out_self(void);

/* The name of a frame that stands for a state; NULL: the address is not one of these. */
const char *wall_state_name(uintptr_t address);

#endif
