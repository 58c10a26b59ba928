#define _GNU_SOURCE
#include "wall.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "halt.h"
#include "threads_list.h"
#include "unwinder.h"

#define NS_PER_S INT64_C(1000000000)
enum { DEPTH_MAX = 128, ANSWER_MS = 100, DEAF_TURNS = 20, OWN_MAX = 8 };

/* Addresses in the first page, at which no code is, from STATE_BASE on. */
enum { STATE_BASE = 0xF00 };
enum state { NONE, RUNNING, LOCK, FUTEX, EVENTS, TRANSFER, PAUSE, OTHER, STUCK, STATE_COUNT };

static const char *const state_names[STATE_COUNT] = {
    [RUNNING] = "[running]",
    [LOCK] = "[waiting: lock]",
    [FUTEX] = "[waiting: condition or thread]",
    [EVENTS] = "[waiting: events]",
    [TRANSFER] = "[waiting: input or output]",
    [PAUSE] = "[waiting: time]",
    [OTHER] = "[waiting: other]",
    [STUCK] = "[waiting: nobody can signal it]",
};

/* A thread, from one sample to the next. Addresses of its stack are kept as complements: reach.h
 * would take the thread for one that this data leads to. */
struct seen {
    pid_t thread_id;
    enum state state;
    uintptr_t sp, pc;          /* where it waits; 0: not known, so its stack is asked for again */
    unsigned deaf_turns;       /* it blocks the signal, or sleeps where that does not reach it */
    unsigned depth;            /* 0: its stack is not known */
    unsigned marked_count;     /* of the return addresses, so many are known by their place: */
    uint16_t marks[DEPTH_MAX]; /* in words from `low` */
    uintptr_t low;
    uintptr_t stack[DEPTH_MAX + 1];
    int64_t samples, ns; /* not in the profile yet */
};

struct wall {
    struct profile *profile;
    struct unwinder *unwinder;
    struct seen *seen; /* by thread_id */
    size_t count, capacity;
    pid_t *asked;   /* whose stacks this sample asks for */
    int64_t end_ns; /* of the last sample, on the monotonic clock */
};

static _Atomic pid_t owner; /* the process that collects; 0: none */
static _Atomic pid_t own_threads[OWN_MAX];

void wall_leave_out_self(void)
{
    pid_t self = gettid(), none = 0;

    for (int i = 0; i < OWN_MAX; i++)
        if (own_threads[i] == self || atomic_compare_exchange_strong(&own_threads[i], &none, self))
            return;
        else
            none = 0;
}

static bool is_own(pid_t thread_id)
{
    for (int i = 0; i < OWN_MAX; i++)
        if (own_threads[i] == thread_id)
            return true;
    return thread_id == gettid();
}

const char *wall_state_name(uintptr_t address)
{
    return address > STATE_BASE && address < STATE_BASE + STATE_COUNT
               ? state_names[address - STATE_BASE]
               : NULL;
}

static int64_t now_ns(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* A mutex's word is 2 where threads wait for it, with glibc and others; what waits for a time by
 * the wall clock, or may, is a condition or a semaphore. */
static enum state state_of_futex(unsigned long operation, unsigned long value)
{
    bool is_wait = (operation & FUTEX_CMD_MASK & ~FUTEX_CLOCK_REALTIME) == FUTEX_WAIT;

    return is_wait && value == 2 ? LOCK : FUTEX;
}

static enum state state_of(long call, unsigned long second, unsigned long third)
{
    switch (call) {
    case SYS_futex:
        return state_of_futex(second, third);
    case SYS_ppoll:
    case SYS_pselect6:
    case SYS_epoll_pwait:
    case SYS_rt_sigtimedwait:
#ifdef SYS_poll
    case SYS_poll:
    case SYS_select:
    case SYS_epoll_wait:
    case SYS_pause:
#endif
        return EVENTS;
    case SYS_nanosleep:
    case SYS_clock_nanosleep:
        return PAUSE;
    case SYS_read:
    case SYS_write:
    case SYS_readv:
    case SYS_writev:
    case SYS_pread64:
    case SYS_pwrite64:
    case SYS_recvfrom:
    case SYS_recvmsg:
    case SYS_sendto:
    case SYS_sendmsg:
    case SYS_accept:
    case SYS_accept4:
    case SYS_connect:
    case SYS_fsync:
    case SYS_fdatasync:
        return TRANSFER;
    default:
        return OTHER;
    }
}

/* Where it is now. 1: it waits; 0: it runs; -1: /proc does not say (the process has changed its
 * user, say), and it counts as running or waiting by its stat. */
static int look(pid_t thread_id, enum state *state, uintptr_t *sp, uintptr_t *pc)
{
    char path[64], text[256];
    unsigned long stack, code, second = 0, third = 0;
    long call;

    snprintf(path, sizeof path, "/proc/self/task/%d/syscall", (int)thread_id);
    FILE *file = fopen(path, "re");
    bool is_read = file != NULL && fgets(text, sizeof text, file) != NULL;
    if (file != NULL)
        fclose(file);
    *sp = *pc = 0;
    if (is_read && strncmp(text, "running", 7) == 0) {
        *state = RUNNING;
        return 0;
    }
    if (is_read && sscanf(text, "%ld %*x %lx %lx", &call, &second, &third) >= 1) {
        const char *last = strrchr(text, ' '), *before = last;
        while (before != NULL && before > text && *--before != ' ')
            ;
        *state = call < 0 ? OTHER : state_of(call, second, third);
        if (before != NULL && sscanf(before, " %lx %lx", &stack, &code) == 2) {
            *sp = stack;
            *pc = code;
        }
        return 1;
    }
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", (int)thread_id);
    file = fopen(path, "re");
    is_read = file != NULL && fgets(text, sizeof text, file) != NULL;
    if (file != NULL)
        fclose(file);
    const char *end = is_read ? strrchr(text, ')') : NULL;
    *state = end != NULL && end[1] == ' ' && end[2] == 'R' ? RUNNING : OTHER;
    return -1;
}

/* Puts what was counted into the profile. 0 or -1. */
static int flush(struct wall *wall, struct seen *seen)
{
    const int64_t values[WALL_TYPES] = {seen->samples, seen->ns};
    struct profile_label label = {.key = "state",
                                  .text = seen->state == RUNNING ? "running" : "waiting"};

    if (seen->samples == 0)
        return 0;
    /* the root: a return address is behind its call, and a leaf is exact */
    seen->stack[seen->depth] = STATE_BASE + (uintptr_t)seen->state + (seen->depth > 0);
    seen->samples = seen->ns = 0;
    return profile_add(wall->profile, seen->stack, seen->depth + 1, true, values, &label, 1);
}

/* Whether it stands where it did, by the return addresses on its stack. */
static bool stands_still(const struct seen *seen, uintptr_t sp, uintptr_t pc)
{
    uintptr_t words[STACK_COPY_BYTES_MAX / sizeof(uintptr_t)];

    if (seen->sp == 0 || ~sp != seen->sp || pc != seen->pc)
        return false;
    if (seen->marked_count == 0)
        return true;
    size_t bytes = (seen->marks[seen->marked_count - 1] + 1u) * sizeof *words;
    if (stack_copy_bytes(words, ~seen->low, bytes) != bytes)
        return false;
    for (unsigned i = 0; i < seen->marked_count; i++)
        if (words[seen->marks[i]] != seen->stack[i + 1])
            return false;
    return true;
}

/* Where on the stack the return addresses are, as far as they are found in order. */
static void mark(struct seen *seen, const struct stack_copy *copy)
{
    const uintptr_t *words = (const void *)copy->bytes;
    size_t count = copy->length / sizeof *words, at = 0;

    seen->low = ~copy->low;
    seen->marked_count = 0;
    for (unsigned i = 1; i < seen->depth; i++, at++) {
        while (at < count && words[at] != seen->stack[i])
            at++;
        if (at == count)
            break;
        seen->marks[seen->marked_count++] = (uint16_t)at;
    }
}

static int by_id(const void *a, const void *b)
{
    pid_t first = *(const pid_t *)a, second = *(const pid_t *)b;
    return (first > second) - (first < second);
}

/* All threads but the listener's, sorted. Their number, or -1. */
static ssize_t list_threads(pid_t **ids)
{
    DIR *folder = opendir("/proc/self/task");
    size_t count = 0, capacity = 0;

    *ids = NULL;
    if (folder == NULL)
        return -1;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        pid_t id = isdigit((unsigned char)entry->d_name[0]) ? atoi(entry->d_name) : 0;
        if (id == 0 || is_own(id))
            continue;
        if (count == capacity) {
            capacity = capacity > 0 ? 2 * capacity : 64;
            pid_t *larger = realloc(*ids, capacity * sizeof **ids);
            if (larger == NULL) {
                closedir(folder);
                errno = ENOMEM;
                return -1;
            }
            *ids = larger;
        }
        (*ids)[count++] = id;
    }
    closedir(folder);
    qsort(*ids, count, sizeof **ids, by_id);
    return (ssize_t)count;
}

/* Those that have ended go, with what they were; those that are new come. 0 or -1. */
static int follow(struct wall *wall)
{
    pid_t *ids;
    ssize_t count = list_threads(&ids);
    size_t old = 0;
    int status = 0;

    if (count < 0)
        return -1;
    struct seen *seen = calloc((size_t)count + 1, sizeof *seen);
    pid_t *asked = realloc(wall->asked, ((size_t)count + 1) * sizeof *asked);
    if (asked != NULL)
        wall->asked = asked;
    if (seen == NULL || asked == NULL) {
        free(seen);
        free(ids);
        errno = ENOMEM;
        return -1;
    }
    for (ssize_t i = 0; i < count; i++) {
        while (old < wall->count && wall->seen[old].thread_id < ids[i])
            status |= flush(wall, &wall->seen[old++]);
        if (old < wall->count && wall->seen[old].thread_id == ids[i])
            seen[i] = wall->seen[old++];
        else
            seen[i].thread_id = ids[i];
    }
    while (old < wall->count)
        status |= flush(wall, &wall->seen[old++]);
    free(ids);
    free(wall->seen);
    wall->seen = seen;
    wall->count = (size_t)count;
    return status;
}

static int compare_seen(const void *key, const void *item)
{
    return by_id(key, &((const struct seen *)item)->thread_id);
}

/* Asks them for their stacks. 0, or -1 with errno: EBUSY, and they are as they were. */
static int ask(struct wall *wall, size_t asked_count)
{
    struct halt *halt = halt_begin_some(wall->asked, (unsigned)asked_count, ANSWER_MS);

    if (halt == NULL)
        return -1;
    halt_end(halt);
    unwinder_refresh(wall->unwinder);
    for (unsigned i = 0; i < halt->count; i++) {
        struct halted *thread = &halt->threads[i];
        struct seen *seen =
            bsearch(&thread->thread_id, wall->seen, wall->count, sizeof *seen, compare_seen);
        if (seen == NULL)
            continue;
        seen->depth = seen->marked_count = 0;
        if (!thread->is_stopped) {
            /* one that runs, or is about to, had no CPU meanwhile */
            seen->deaf_turns = seen->state == RUNNING ? 0 : DEAF_TURNS;
            if (seen->pc != 0)
                seen->stack[seen->depth++] = seen->pc;
            continue;
        }
        seen->depth = unwinder_walk(wall->unwinder, &thread->copy, seen->stack, DEPTH_MAX);
        mark(seen, &thread->copy);
        if (~stack_copy_sp(thread->copy.registers) != seen->sp) /* it went on in between */
            seen->sp = 0;
    }
    halt_delete(halt);
    return 0;
}

/* Looks at each thread once. 0 or -1. */
static int take_sample(struct wall *wall, int64_t ns)
{
    size_t asked_count = 0;

    if (follow(wall) != 0)
        return -1;
    for (size_t i = 0; i < wall->count; i++) {
        struct seen *seen = &wall->seen[i];
        enum state state;
        uintptr_t sp, pc;
        int is_waiting = look(seen->thread_id, &state, &sp, &pc);
        if (is_waiting == 1 && state == seen->state && stands_still(seen, sp, pc))
            continue;
        if (flush(wall, seen) != 0)
            return -1;
        seen->state = state;
        seen->sp = sp != 0 ? ~sp : 0;
        seen->pc = pc;
        if (seen->deaf_turns > 0) {
            seen->deaf_turns--;
            seen->stack[0] = pc;
            seen->depth = pc != 0;
            seen->marked_count = 0;
        } else {
            wall->asked[asked_count++] = seen->thread_id;
        }
    }
    if (asked_count > 0 && ask(wall, asked_count) != 0 && errno != EBUSY)
        return -1;
    for (size_t i = 0; i < wall->count; i++) {
        wall->seen[i].samples++;
        wall->seen[i].ns += ns;
    }
    return 0;
}

/* Not in step with what the program does at fixed times: half a period to one and a half. */
static int64_t pause_ns(int64_t cost_ns, uint64_t *random)
{
    int64_t period_ns = NS_PER_S / WALL_HZ, least_ns = cost_ns * 100 / WALL_COST_MAX_PERCENT;

    *random = *random * UINT64_C(6364136223846793005) + 1442695040888963407;
    int64_t wanted_ns = period_ns / 2 + (int64_t)((*random >> 33) % (uint64_t)period_ns);
    return wanted_ns > least_ns ? wanted_ns : least_ns < NS_PER_S ? least_ns : NS_PER_S;
}

/*
 * Whoever can never go on has not moved since it was first seen, so nothing of it is in the profile
 * yet. One look at the end, as the threads profile has it; where that cannot tell, nobody is
 * marked.
 */
static void mark_stuck(struct wall *wall)
{
    struct threads_list list;

    if (threads_list_take(&list) != 0)
        return;
    for (size_t i = 0; i < list.count; i++) {
        struct seen *seen = bsearch(&list.entries[i].thread_id, wall->seen, wall->count,
                                    sizeof *seen, compare_seen);
        if (seen != NULL && list.entries[i].is_stuck && seen->state == FUTEX)
            seen->state = STUCK;
    }
    threads_list_free(&list);
}

static int collect_for(struct wall *wall, unsigned milliseconds, bool (*is_cancelled)(void *),
                       void *closure)
{
    int64_t last_ns = now_ns(CLOCK_MONOTONIC), end_ns = last_ns + milliseconds * (NS_PER_S / 1000);
    uint64_t random = (uint64_t)last_ns;
    int64_t wait_ns = pause_ns(0, &random);
    bool is_last = false;

    while (!is_last) {
        int64_t left_ns = end_ns - now_ns(CLOCK_MONOTONIC);
        is_last = left_ns <= wait_ns;
        if (is_last)
            wait_ns = left_ns > 0 ? left_ns : 0;
        nanosleep(&(struct timespec){wait_ns / NS_PER_S, wait_ns % NS_PER_S}, NULL);
        if (is_cancelled != NULL && is_cancelled(closure)) {
            errno = ECANCELED;
            return -1;
        }
        int64_t begin_ns = now_ns(CLOCK_MONOTONIC), cost_ns = now_ns(CLOCK_THREAD_CPUTIME_ID);
        if (take_sample(wall, begin_ns - last_ns) != 0)
            return -1;
        last_ns = begin_ns;
        wait_ns = pause_ns(now_ns(CLOCK_THREAD_CPUTIME_ID) - cost_ns, &random);
    }
    wall->end_ns = last_ns;
    mark_stuck(wall);
    for (size_t i = 0; i < wall->count; i++)
        if (flush(wall, &wall->seen[i]) != 0)
            return -1;
    return 0;
}

int wall_collect(struct profile *profile, unsigned milliseconds, bool (*is_cancelled)(void *),
                 void *closure)
{
    int64_t start_ns = now_ns(CLOCK_REALTIME), begin_ns = now_ns(CLOCK_MONOTONIC);
    struct wall wall = {.profile = profile, .end_ns = begin_ns};
    pid_t self = getpid(), before = 0;

    if (STACK_COPY_REGISTERS == 1) {
        errno = ENOTSUP;
        return -1;
    }
    /* a forked child's parent may have been at it: its thread is not here */
    if (!atomic_compare_exchange_strong(&owner, &before, self) &&
        (before == self || !atomic_compare_exchange_strong(&owner, &before, self))) {
        errno = EBUSY;
        return -1;
    }
    int status = -1, problem = ENOMEM;
    if ((wall.unwinder = unwinder_new()) != NULL) {
        errno = ENOMEM; /* what profile_add() fails for */
        status = collect_for(&wall, milliseconds, is_cancelled, closure);
        problem = errno;
    }
    unwinder_delete(wall.unwinder);
    free(wall.seen);
    free(wall.asked);
    profile_set_period(profile, (struct profile_type){"wall", "nanoseconds"}, NS_PER_S / WALL_HZ);
    profile_set_time(profile, start_ns, wall.end_ns - begin_ns);
    atomic_store(&owner, 0);
    errno = problem;
    return status;
}
