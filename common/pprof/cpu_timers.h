/*
 * cpu_timers.h - a timer for each thread of the process, on the thread's own CPU clock, that sends
 * it SIGPROF.
 *
 * A thread that sleeps uses no CPU and gets no signal. The kernel looks at such timers at its ticks
 * only (each 4 ms, say). So the timers ask for a signal at each tick, and of these one a period is
 * due, from a random one on: else threads that live for less than a period would be seen less often
 * than they deserve. One thread scans; cpu_timers_add_self() may be called by any.
 */
#ifndef PPROF_CPU_TIMERS_H
#define PPROF_CPU_TIMERS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

/* Signals carry a pointer to it. */
struct cpu_timer {
    pid_t thread_id;
    timer_t timer;
    bool is_seen; /* by the scan that is under way */
    int64_t interval_ns, period_ns;
    int64_t due_ns; /* the thread's handler's own: CPU time since the last period was counted */
};

struct cpu_timers {
    int64_t period_ns;
    bool is_scanned; /* at least once: a thread that is found from then on is new */
    pthread_mutex_t mutex;
    /* guarded by mutex: */
    uint64_t random;
    struct cpu_timer **timers; /* by thread_id */
    size_t count, capacity;
};

void cpu_timers_init(struct cpu_timers *timers, int64_t period_ns);
/* Deletes the timers. A signal may still be on its way, and points to one that is no more. */
void cpu_timers_free(struct cpu_timers *timers);

/* Gives new threads a timer, and takes those of ended ones away. As far as memory lasts. */
void cpu_timers_scan(struct cpu_timers *timers);

/* The calling thread, which has just started. */
void cpu_timers_add_self(struct cpu_timers *timers);

/*
 * Within the handler: how many periods a signal stands for, which as a rule is 0 or 1. `overrun` is
 * the signal's. Async-signal-safe.
 */
unsigned cpu_timer_periods(struct cpu_timer *timer, int overrun);

#endif
