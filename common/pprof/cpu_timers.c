#define _GNU_SOURCE
#include "cpu_timers.h"

#include <ctype.h>
#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NS_PER_S INT64_C(1000000000)

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

/* The kernel's name for the CPU clock of a thread: pthread_getcpuclockid() wants a pthread_t. */
static clockid_t clock_of(pid_t thread_id)
{
    enum { CLOCK_SCHEDULER = 2, CLOCK_OF_THREAD = 4 };
    return (clockid_t)(~(unsigned)thread_id << 3 | CLOCK_OF_THREAD | CLOCK_SCHEDULER);
}

void cpu_timers_init(struct cpu_timers *timers, int64_t period_ns)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    *timers = (struct cpu_timers){.period_ns = period_ns,
                                  .random = (uint64_t)now.tv_nsec ^ (uint64_t)now.tv_sec << 30};
    pthread_mutex_init(&timers->mutex, NULL);
}

static void end(struct cpu_timer *timer)
{
    timer_delete(timer->timer);
    free(timer);
}

void cpu_timers_free(struct cpu_timers *timers)
{
    for (size_t i = 0; i < timers->count; i++)
        end(timers->timers[i]);
    free(timers->timers);
    pthread_mutex_destroy(&timers->mutex);
}

/* splitmix64. */
static uint64_t random_next(struct cpu_timers *timers)
{
    uint64_t z = timers->random += UINT64_C(0x9E3779B97F4A7C15);

    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static struct timespec timespec_of(int64_t ns)
{
    return (struct timespec){.tv_sec = ns / NS_PER_S, .tv_nsec = ns % NS_PER_S};
}

static int64_t now_ns(clockid_t clock)
{
    struct timespec now;

    return clock_gettime(clock, &now) == 0 ? now.tv_sec * NS_PER_S + now.tv_nsec : 0;
}

/* From one signal to the next: a tick, if that is less than a period. */
static int64_t signal_interval_ns(int64_t period_ns)
{
    struct timespec tick;

    if (clock_getres(CLOCK_MONOTONIC_COARSE, &tick) != 0 || tick.tv_sec != 0 || tick.tv_nsec == 0)
        return period_ns;
    return tick.tv_nsec < period_ns ? tick.tv_nsec : period_ns;
}

/* Makes the thread's timer and starts it. What a new thread used so far counts, too. */
static int start(struct cpu_timers *timers, struct cpu_timer *timer, bool is_new)
{
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGPROF};
    clockid_t clock = clock_of(timer->thread_id);

    event.sigev_notify_thread_id = timer->thread_id;
    event.sigev_value.sival_ptr = timer;
    if (timer_create(clock, &event, &timer->timer) != 0)
        return -1; /* it has ended; or no more signals may be queued (ulimit -i) */
    timer->period_ns = timers->period_ns;
    timer->interval_ns = signal_interval_ns(timers->period_ns);
    int64_t used_ns = now_ns(clock);
    timer->from_ns = is_new ? 0 : used_ns;
    timer->counted_ns = timer->unseen_ns = 0;
    timer->due_ns =
        (int64_t)(random_next(timers) % (uint64_t)timers->period_ns) + (is_new ? used_ns : 0);
    /* the first at the next tick: a time that is over would signal a thread that sleeps */
    struct itimerspec times = {timespec_of(timer->interval_ns), timespec_of(1)};
    if (timer_settime(timer->timer, 0, &times, NULL) != 0) {
        timer_delete(timer->timer);
        return -1;
    }
    return 0;
}

unsigned cpu_timer_periods(struct cpu_timer *timer, int overrun)
{
    timer->due_ns += timer->interval_ns * (1 + (overrun > 0 ? overrun : 0));
    int64_t periods = timer->due_ns / timer->period_ns;
    timer->counted_ns += periods * timer->period_ns;
    timer->due_ns %= timer->period_ns;
    return (unsigned)periods;
}

/* The index of the first timer of that thread or one behind it. */
static size_t find(const struct cpu_timers *timers, pid_t thread_id)
{
    size_t low = 0, high = timers->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (timers->timers[middle]->thread_id < thread_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct cpu_timer *lookup(struct cpu_timers *timers, pid_t thread_id)
{
    size_t i = find(timers, thread_id);

    return i < timers->count && timers->timers[i]->thread_id == thread_id ? timers->timers[i]
                                                                          : NULL;
}

static int reserve(struct cpu_timers *timers)
{
    if (timers->count < timers->capacity)
        return 0;
    size_t capacity = timers->capacity ? 2 * timers->capacity : 64;
    struct cpu_timer **larger = realloc(timers->timers, capacity * sizeof(struct cpu_timer *));
    if (larger == NULL)
        return -1;
    timers->timers = larger;
    timers->capacity = capacity;
    return 0;
}

static void add(struct cpu_timers *timers, pid_t thread_id, bool is_new)
{
    struct cpu_timer *timer = calloc(1, sizeof *timer);

    if (timer == NULL)
        return;
    timer->thread_id = thread_id;
    timer->is_seen = true;
    if (reserve(timers) != 0 || start(timers, timer, is_new) != 0) {
        free(timer);
        return;
    }
    size_t i = find(timers, thread_id);
    memmove(&timers->timers[i + 1], &timers->timers[i],
            (timers->count - i) * sizeof(struct cpu_timer *));
    timers->timers[i] = timer;
    timers->count++;
}

/* Of a timer that could not be started. */
static void drop(struct cpu_timers *timers, struct cpu_timer *timer)
{
    size_t i = find(timers, timer->thread_id);

    timers->count--;
    memmove(&timers->timers[i], &timers->timers[i + 1],
            (timers->count - i) * sizeof(struct cpu_timer *));
    free(timer);
}

void cpu_timers_add_self(struct cpu_timers *timers)
{
    pid_t self = gettid();

    pthread_mutex_lock(&timers->mutex);
    struct cpu_timer *known = lookup(timers, self);
    if (known == NULL) {
        add(timers, self, true);
    } else {
        /* by a scan already, or it is of a thread that ended, whose number this one has now */
        timer_delete(known->timer);
        known->is_seen = true;
        if (start(timers, known, true) != 0)
            drop(timers, known);
    }
    pthread_mutex_unlock(&timers->mutex);
}

/* A thread that is added while a scan is under way may be missed by it: is_seen is set for it. */
static void forget_ended(struct cpu_timers *timers)
{
    size_t kept = 0;

    for (size_t i = 0; i < timers->count; i++) {
        struct cpu_timer *timer = timers->timers[i];
        if (!timer->is_seen) {
            timers->ended_unseen_ns += timer->unseen_ns;
            end(timer);
            continue;
        }
        timer->is_seen = false; /* for the next scan */
        timers->timers[kept++] = timer;
    }
    timers->count = kept;
}

/* Of a thread that lives. */
static void look_at(struct cpu_timer *timer)
{
    int64_t used_ns = now_ns(clock_of(timer->thread_id));

    timer->is_seen = true;
    if (used_ns > 0) /* or it has just ended */
        timer->unseen_ns = used_ns - timer->from_ns - timer->counted_ns;
}

void cpu_timers_scan(struct cpu_timers *timers)
{
    DIR *folder = opendir("/proc/self/task");

    if (folder == NULL)
        return;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (!isdigit((unsigned char)entry->d_name[0]))
            continue;
        pid_t thread_id = atoi(entry->d_name);
        pthread_mutex_lock(&timers->mutex);
        struct cpu_timer *known = lookup(timers, thread_id);
        if (known != NULL)
            look_at(known);
        else
            add(timers, thread_id, timers->is_scanned);
        pthread_mutex_unlock(&timers->mutex);
    }
    closedir(folder);
    pthread_mutex_lock(&timers->mutex);
    forget_ended(timers);
    pthread_mutex_unlock(&timers->mutex);
    timers->is_scanned = true;
}

int64_t cpu_timers_unseen_ns(struct cpu_timers *timers)
{
    cpu_timers_scan(timers);
    int64_t unseen_ns = timers->ended_unseen_ns;
    for (size_t i = 0; i < timers->count; i++)
        unseen_ns += timers->timers[i]->unseen_ns;
    return unseen_ns;
}
