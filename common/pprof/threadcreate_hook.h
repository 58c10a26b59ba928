/* threadcreate_hook.h - what hooks/threads.c needs of threadcreate.c. */
#ifndef PPROF_THREADCREATE_HOOK_H
#define PPROF_THREADCREATE_HOOK_H

#include <stdbool.h>

extern bool threadcreate_is_on;

static inline bool threadcreate_is_recording(void)
{
    return __builtin_expect(__atomic_load_n(&threadcreate_is_on, __ATOMIC_RELAXED), 0);
}

/* A thread was started by the code at `caller`. */
void threadcreate_count(const void *caller);

/* In the new thread. */
void threadcreate_greet(void);

#endif
