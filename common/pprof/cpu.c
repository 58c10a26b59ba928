/*
 * One collection at a time, as SIGPROF is the process's. `cpu` is where the handler finds it, which
 * is told nothing but the signal.
 */
#define _GNU_SOURCE
#include "cpu.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "cpu_ring.h"
#include "cpu_timers.h"
#include "unwinder.h"

#define NS_PER_S INT64_C(1000000000)
#define NS_PER_MS INT64_C(1000000)

enum { DEPTH_MAX = 256, TURN_MS_MIN = 5, TURN_MS_MAX = 20, PERIODS_PER_TURN = 2 };
enum { QUESTION_MS = 100, SCAN_COST_MAX_PERCENT = 1 };

static struct {
    _Atomic pid_t owner;    /* the process that collects; 0: none. A forked child is not it */
    _Atomic bool is_on;     /* handlers may use the ring, starting threads the timers */
    _Atomic int user_count; /* that are using them now */
    struct cpu_ring *ring;
    struct cpu_timers timers;
} cpu;

struct collection {
    struct profile *profile;
    struct unwinder *unwinder;
    int64_t period_ns;
    int64_t scan_at_ns; /* when to look for new threads next */
};

static int64_t now_ns(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* True: the ring and the timers stay until leave(). */
static bool enter(void)
{
    atomic_fetch_add(&cpu.user_count, 1);
    if (atomic_load(&cpu.is_on))
        return true;
    atomic_fetch_sub(&cpu.user_count, 1);
    return false;
}

static void leave(void)
{
    atomic_fetch_sub(&cpu.user_count, 1);
}

/* Stays when the collection is over: a signal may have been on its way, and the default is death.
 */
static void handle(int number, siginfo_t *info, void *context)
{
    (void)number;
    if (info->si_code != SI_TIMER || !enter())
        return;
    unsigned periods = cpu_timer_periods(info->si_value.sival_ptr, info->si_overrun);
    if (periods > 0)
        cpu_ring_put(cpu.ring, periods, context);
    leave();
}

void cpu_profile_thread_started(void)
{
    int problem = errno;

    if (!atomic_load_explicit(&cpu.is_on, memory_order_relaxed) ||
        atomic_load(&cpu.owner) != getpid() || !enter())
        return;
    cpu_timers_add_self(&cpu.timers);
    leave();
    errno = problem;
}

/* What a parent left behind in a forked child: its own timers and threads are not here. */
static void forget_parents(void)
{
    if (atomic_exchange(&cpu.is_on, false))
        munmap(cpu.ring, sizeof *cpu.ring);
    atomic_store(&cpu.user_count, 0);
}

static int claim(void)
{
    pid_t self = getpid(), owner = 0;

    if (!atomic_compare_exchange_strong(&cpu.owner, &owner, self)) {
        if (owner == self || !atomic_compare_exchange_strong(&cpu.owner, &owner, self)) {
            errno = EBUSY;
            return -1;
        }
        forget_parents();
    }
    return 0;
}

static int install_handler(void)
{
    struct sigaction action = {.sa_sigaction = handle}, before;

    if (sigaction(SIGPROF, NULL, &before) != 0)
        return -1;
    if ((before.sa_flags & SA_SIGINFO) != 0 && before.sa_sigaction == handle)
        return 0;
    if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) {
        errno = EBUSY;
        return -1;
    }
    action.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
    sigfillset(&action.sa_mask);
    return sigaction(SIGPROF, &action, NULL);
}

/* Nobody uses the ring any more, as a rule at once. A thread that a debugger stopped may for long.
 */
static bool wait_for_users(void)
{
    for (int i = 0; i < 1000 && atomic_load(&cpu.user_count) > 0; i++)
        nanosleep(&(struct timespec){.tv_nsec = NS_PER_MS}, NULL);
    return atomic_load(&cpu.user_count) == 0;
}

static int add_sample(struct collection *collection, struct cpu_sample *sample)
{
    uintptr_t stack[DEPTH_MAX];
    unsigned depth = unwinder_walk(collection->unwinder, &sample->copy, stack, DEPTH_MAX);
    int64_t values[CPU_PROFILE_TYPES] = {sample->periods, sample->periods * collection->period_ns};

    return profile_add(collection->profile, stack, depth, true, values, NULL, 0);
}

static int empty_ring(struct collection *collection)
{
    struct cpu_sample *sample;
    unsigned position = 0;
    int status = 0;

    if (unwinder_refresh(collection->unwinder) != 0)
        status = -1;
    while ((sample = cpu_ring_take(cpu.ring, &position)) != NULL) {
        if (status == 0)
            status = add_sample(collection, sample);
        cpu_ring_release(sample);
    }
    return status;
}

/* With thousands of threads a look at all of them takes its time: then it is done less often. */
static void scan(struct collection *collection)
{
    int64_t start_ns = now_ns(CLOCK_MONOTONIC);

    if (start_ns < collection->scan_at_ns)
        return;
    cpu_timers_scan(&cpu.timers);
    int64_t cost_ns = now_ns(CLOCK_MONOTONIC) - start_ns;
    collection->scan_at_ns = start_ns + cost_ns * 100 / SCAN_COST_MAX_PERCENT;
}

static int collect_for(struct collection *collection, unsigned milliseconds,
                       bool (*is_cancelled)(void *), void *closure)
{
    int64_t end_ns = now_ns(CLOCK_MONOTONIC) + milliseconds * NS_PER_MS;
    int64_t turn_ns = PERIODS_PER_TURN * collection->period_ns, unasked_ns = 0;

    if (turn_ns > TURN_MS_MAX * NS_PER_MS)
        turn_ns = TURN_MS_MAX * NS_PER_MS;
    else if (turn_ns < TURN_MS_MIN * NS_PER_MS)
        turn_ns = TURN_MS_MIN * NS_PER_MS;
    for (;;) {
        scan(collection);
        int64_t left_ns = end_ns - now_ns(CLOCK_MONOTONIC);
        if (left_ns <= 0)
            return 0;
        if (left_ns > turn_ns)
            left_ns = turn_ns;
        nanosleep(&(struct timespec){.tv_nsec = left_ns}, NULL);
        if (empty_ring(collection) != 0) {
            errno = ENOMEM;
            return -1;
        }
        unasked_ns += turn_ns;
        if (unasked_ns < QUESTION_MS * NS_PER_MS || is_cancelled == NULL)
            continue;
        unasked_ns = 0;
        if (is_cancelled(closure)) {
            errno = ECANCELED;
            return -1;
        }
    }
}

/* What has no stack, and why. */
static int add_without_stack(struct collection *collection, int64_t periods, const char *key,
                             const char *text)
{
    struct profile_label label = {.key = key, .text = text};
    int64_t values[CPU_PROFILE_TYPES] = {periods, periods * collection->period_ns};

    return periods <= 0 ? 0 : profile_add(collection->profile, NULL, 0, false, values, &label, 1);
}

/* Between claim() and the owner's end: with a ring, timers and the signal. */
static int collect_signals(struct collection *collection, unsigned milliseconds,
                           bool (*is_cancelled)(void *), void *closure)
{
    sigset_t set, previous;

    cpu.ring = cpu_ring_new();
    if (cpu.ring == NULL) {
        errno = ENOMEM;
        return -1;
    }
    cpu_timers_init(&cpu.timers, collection->period_ns);
    sigemptyset(&set);
    sigaddset(&set, SIGPROF);
    pthread_sigmask(SIG_UNBLOCK, &set, &previous); /* this thread's work is seen, too */
    atomic_store(&cpu.is_on, true);

    int status = collect_for(collection, milliseconds, is_cancelled, closure);
    int problem = errno;

    atomic_store(&cpu.is_on, false);
    bool is_unused = wait_for_users();
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
    int64_t dropped = (int64_t)atomic_load(&cpu.ring->dropped_periods);
    int64_t unseen = cpu_timers_unseen_ns(&cpu.timers) / collection->period_ns;
    if (status == 0 &&
        (empty_ring(collection) != 0 ||
         add_without_stack(collection, dropped, "lost", "no room for the sample") != 0 ||
         add_without_stack(collection, unseen, "unseen", "ran between the kernel's ticks") != 0)) {
        status = -1;
        problem = ENOMEM;
    }
    cpu_timers_free(&cpu.timers);
    if (is_unused)
        cpu_ring_delete(cpu.ring);
    else
        explicit_bzero(cpu.ring, sizeof *cpu.ring);
    errno = problem;
    return status;
}

int cpu_profile_collect(struct profile *profile, unsigned hz, unsigned milliseconds,
                        bool (*is_cancelled)(void *closure), void *closure)
{
    if (hz == 0 || hz > CPU_PROFILE_HZ_MAX) {
        errno = EINVAL;
        return -1;
    }
    if (STACK_COPY_REGISTERS == 1) {
        errno = ENOTSUP;
        return -1;
    }
    if (claim() != 0)
        return -1;

    struct collection collection = {.profile = profile, .period_ns = NS_PER_S / hz};
    int64_t start_ns = now_ns(CLOCK_REALTIME), begin_ns = now_ns(CLOCK_MONOTONIC);
    int status = install_handler();
    if (status == 0 && (collection.unwinder = unwinder_new()) == NULL) {
        errno = ENOMEM;
        status = -1;
    }
    if (status == 0)
        status = collect_signals(&collection, milliseconds, is_cancelled, closure);
    int problem = errno;
    unwinder_delete(collection.unwinder);
    profile_set_period(profile, (struct profile_type){"cpu", "nanoseconds"}, collection.period_ns);
    profile_set_time(profile, start_ns, now_ns(CLOCK_MONOTONIC) - begin_ns);
    atomic_store(&cpu.owner, 0);
    errno = problem;
    return status;
}
