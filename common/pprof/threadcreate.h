/*
 * threadcreate.h - the profile threadcreate: who started the threads, all of them so far.
 *
 * Needs hooks/threads.c, which stands in front of pthread_create(). It also hands on to a new
 * thread what its starter was working for (pprof_started_for() in waits.h), and tells a CPU profile
 * in progress of the new thread. Off, pthread_create() costs one branch more.
 */
#ifndef PPROF_THREADCREATE_H
#define PPROF_THREADCREATE_H

#include <stdbool.h>

#include "profile.h"

/* False: the hooks are not linked (a build with a sanitizer). */
bool threadcreate_is_available(void);

/* From now on. 0, or -1 with errno set: ENOTSUP if it is not available, ENOMEM. */
int threadcreate_start(void);
void threadcreate_stop(void);

/* threadcreate/count. The caller deletes it. NULL: no memory. Any thread. */
struct profile *threadcreate_profile(void);

#endif
