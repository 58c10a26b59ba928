/*
 * cpu_timers.h - a timer for each thread of the process, on the thread's own CPU clock, that sends
 * it SIGPROF.
 *
 * A thread that sleeps uses no CPU and gets no signal. The kernel looks at such timers at its ticks
 * only (each 4 ms, say). So the timers ask for a signal at each tick, and of these one a period is
 * due, from a random one on: else threads that live for less than a period would be seen less often
 * than they deserve. One thread scans; cpu_timers_add_self() may be called by any.
 *
 * A thread that runs for some microseconds at a time, and sleeps, is seldom met by a tick: what it
 * used since the last one that met it would be missing, up to 20 ms a thread. The thread's clock
 * knows how much that is, and nobody where: cpu_timers_unseen_ns().
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
    int64_t from_ns; /* of its clock, what was used before that counts for nothing */
    int64_t due_ns;  /* the thread's handler's own: CPU time since the last period was counted */
    _Atomic int64_t counted_ns; /* all such periods; its handler alone adds to it */
    int64_t unseen_ns;          /* what it used and no period stands for, by the last scan */
};

struct cpu_timers {
    int64_t period_ns;
    bool is_scanned; /* at least once: a thread that is found from then on is new */
    pthread_mutex_t mutex;
    /* guarded by mutex: */
    uint64_t random;
    struct cpu_timer **timers; /* by thread_id */
    size_t count, capacity;
    int64_t ended_unseen_ns; /* of threads that have ended, as far as scans saw */
};

void cpu_timers_init(struct cpu_timers *timers, int64_t period_ns);
/* Deletes the timers. A signal may still be on its way, and points to one that is no more. */
void cpu_timers_free(struct cpu_timers *timers);

/* Gives new threads a timer, and takes those of ended ones away. As far as memory lasts. */
void cpu_timers_scan(struct cpu_timers *timers);

/* The calling thread, which has just started. */
void cpu_timers_add_self(struct cpu_timers *timers);

/*
 * What the threads used, less the periods that were counted. Of one that ticks meet while it runs
 * that is as often less than nothing as more, and comes to little over many. Scans once more.
 */
int64_t cpu_timers_unseen_ns(struct cpu_timers *timers);

/*
 * Within the handler: how many periods a signal stands for, which as a rule is 0 or 1. `overrun` is
 * the signal's. Async-signal-safe.
 */
unsigned cpu_timer_periods(struct cpu_timer *timer, int overrun);

#endif
