#define _DEFAULT_SOURCE /* clock_gettime */
#include "locks.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <time.h>

#include "locks_hook.h"
#include "own_stack.h"
#include "waits_hook.h"

enum { CONTENTIONS, DELAY_NS };

/* hooks/locks.c has it: its address is NULL where the hooks are not linked. */
extern const char locks_hook_is_linked __attribute__((weak));

bool locks_is_on;
struct locks_slot locks_slots[1 << LOCKS_SLOT_BITS];

/* How densely waits of one kind are drawn. */
struct pace {
    _Atomic double recent_ns; /* what was waited before at_ns, the older the less */
    _Atomic int64_t at_ns;
};

/* Process-wide, as the C library's locks are. */
static struct stacks block, mutex;
/* Conditions have their own: a pool's idle hours would leave no draw for its locks. */
static struct pace releases, lock_waits, other_waits;
static double fixed_rate_ns; /* 0: it follows what is waited */
static bool is_prepared;

static _Thread_local uint64_t random_state;

bool locks_is_available(void)
{
    return &locks_hook_is_linked != NULL;
}

/* In a forked child nobody waits. */
static void forget_waiters(void)
{
    memset(locks_slots, 0, sizeof locks_slots);
}

int locks_start(int64_t rate_ns)
{
    if (!locks_is_available()) {
        errno = ENOTSUP;
        return -1;
    }
    if (locks_is_on) {
        errno = EALREADY;
        return -1;
    }
    if (stacks_init(&block) != 0 || stacks_init(&mutex) != 0 ||
        (!is_prepared && pthread_atfork(NULL, NULL, forget_waiters) != 0)) {
        errno = ENOMEM;
        return -1;
    }
    is_prepared = true;
    fixed_rate_ns = (double)rate_ns;
    __atomic_store_n(&locks_is_on, true, __ATOMIC_RELEASE);
    return 0;
}

void locks_stop(void)
{
    __atomic_store_n(&locks_is_on, false, __ATOMIC_RELEASE);
}

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* splitmix64 (Steele, Lea, Flood 2014), as a number in [0, 1). */
static double random_uniform(void)
{
    if (random_state == 0)
        random_state = (uint64_t)(uintptr_t)&random_state ^ (uint64_t)now_ns() << 20;
    uint64_t z = random_state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (double)((z ^ (z >> 31)) >> 11) / 0x1p53;
}

/* What was waited lately, at `now_ns`. */
static double recent_ns(const struct pace *pace, int64_t now_ns)
{
    const double window_ns = LOCKS_WINDOW_S * 1e9;
    int64_t at_ns = atomic_load_explicit(&pace->at_ns, memory_order_relaxed);
    double age_ns = now_ns > at_ns ? (double)(now_ns - at_ns) : 0;

    return atomic_load_explicit(&pace->recent_ns, memory_order_relaxed) * window_ns /
           (window_ns + age_ns);
}

/* R of locks.h. */
static double rate_ns(double recent_ns)
{
    return fixed_rate_ns > 0 ? fixed_rate_ns : recent_ns / LOCKS_WINDOW_SAMPLES;
}

/*
 * How many of its like `ns` of waiting stand for: 0 if they are not to be recorded. Two threads
 * that are here at once may forget one of them for what is recent, and go on a little denser: what
 * was drawn before does not depend on it, and the sums stay right.
 */
static double choose(struct pace *pace, int64_t ns, int64_t now_ns)
{
    double recent = recent_ns(pace, now_ns), rate = rate_ns(recent);
    double wait = ns > 0 ? (double)ns : 1;
    double stands_for = wait < rate ? rate / wait : 1;

    if (stands_for > 1 && random_uniform() * stands_for >= 1)
        return 0;
    atomic_store_explicit(&pace->recent_ns, recent + stands_for * wait, memory_order_relaxed);
    atomic_store_explicit(&pace->at_ns, now_ns, memory_order_relaxed);
    return stands_for;
}

static struct stack_entry *stack_here(struct stacks *stacks, const void *caller)
{
    uintptr_t stack[STACKS_DEPTH_MAX];
    unsigned depth = stacks_cut(stack, own_stack_take(stack, STACKS_DEPTH_MAX), caller);

    return stacks_find(stacks, stack, depth);
}

static void add(struct stack_entry *entry, double stands_for, unsigned contentions, int64_t ns)
{
    atomic_fetch_add_explicit(&entry->values[CONTENTIONS],
                              llround(stands_for * contentions * STACKS_ONE), memory_order_relaxed);
    atomic_fetch_add_explicit(&entry->values[DELAY_NS], llround(stands_for * (double)ns),
                              memory_order_relaxed);
}

static void acquire(struct locks_slot *slot)
{
    while (atomic_flag_test_and_set_explicit(&slot->is_locked, memory_order_acquire))
        sched_yield();
}

static void release(struct locks_slot *slot)
{
    atomic_flag_clear_explicit(&slot->is_locked, memory_order_release);
}

static bool is_of(const struct locks_slot *slot, const void *object)
{
    return atomic_load_explicit(&slot->object, memory_order_relaxed) == object;
}

/* Threads may come out of order by a little: then the difference is negative, and the sum right. */
static void count_up_to(struct locks_slot *slot, int64_t now_ns)
{
    slot->owed_ns += slot->waiter_count * (now_ns - slot->counted_ns);
    slot->counted_ns = now_ns;
}

/* Once nobody waits and nothing is owed, the slot may be another lock's. */
static void give_up_if_unused(struct locks_slot *slot)
{
    if (slot->waiter_count == 0 && slot->owed_ns == 0)
        atomic_store_explicit(&slot->object, NULL, memory_order_relaxed);
}

/* The slot of a lock that one more waits for; NULL: another lock has it. */
static struct locks_slot *enter(const void *object, int64_t since_ns)
{
    struct locks_slot *slot = locks_slot_of(object);

    acquire(slot);
    if (slot->waiter_count == 0 && !is_of(slot, object)) {
        atomic_store_explicit(&slot->object, object, memory_order_relaxed);
        slot->owed_ns = slot->handover_ns = 0;
    }
    bool is_mine = is_of(slot, object);
    if (is_mine) {
        count_up_to(slot, since_ns);
        slot->waiter_count++;
    }
    release(slot);
    return is_mine ? slot : NULL;
}

/*
 * One waits no more: it has the lock. That was free since it was released, so what was waited since
 * then is charged to that release, too, but not more than it was charged with before: or one that
 * was drawn at a small chance would stand for a lot.
 */
static void leave(struct locks_slot *slot, int64_t now_ns)
{
    acquire(slot);
    count_up_to(slot, now_ns);
    slot->waiter_count--;
    int64_t owed_ns = slot->owed_ns > 0 ? slot->owed_ns : 0;
    int64_t ns = owed_ns < slot->handover_ns ? owed_ns : slot->handover_ns;
    struct stack_entry *entry = slot->release_entry;
    double stands_for = slot->release_stands_for;
    slot->owed_ns -= ns;
    slot->handover_ns -= ns;
    give_up_if_unused(slot);
    release(slot);
    if (entry != NULL && ns > 0)
        add(entry, stands_for, 0, ns);
}

void locks_wait_begin(struct locks_wait *wait, const void *object, bool is_lock)
{
    int error = errno;

    wait->since_ns = now_ns();
    wait->is_lock = is_lock;
    wait->slot = is_lock ? enter(object, wait->since_ns) : NULL;
    waits_begin(object, wait->since_ns);
    errno = error;
}

void locks_wait_end(struct locks_wait *wait, const void *caller)
{
    int error = errno;
    int64_t end_ns = now_ns(), delay_ns = end_ns - wait->since_ns;

    waits_end();
    if (wait->slot != NULL)
        leave(wait->slot, end_ns);
    else if (wait->is_lock)
        add(&mutex.lost, 1, 1, delay_ns);
    double stands_for = choose(wait->is_lock ? &lock_waits : &other_waits, delay_ns, end_ns);
    if (stands_for > 0)
        add(stack_here(&block, caller), stands_for, 1, delay_ns);
    errno = error;
}

/* Walking the stack lengthens the hold: it is done for the chosen, and outside the slot. */
static void record_release(struct locks_slot *slot, const void *object, const void *caller,
                           double stands_for, unsigned contentions, int64_t charge_ns)
{
    struct stack_entry *entry = stack_here(&mutex, caller);

    add(entry, stands_for, contentions, charge_ns);
    acquire(slot);
    if (is_of(slot, object)) {
        slot->release_entry = entry;
        slot->release_stands_for = stands_for;
        slot->handover_ns = charge_ns;
    }
    release(slot);
}

void locks_release(const void *object, const void *caller)
{
    int error = errno;
    struct locks_slot *slot = locks_slot_of(object);
    int64_t released_ns = now_ns(), charge_ns = 0;
    unsigned contentions = 0; /* that somebody waits is one, what is owed from before is none */
    double stands_for = 0;

    acquire(slot);
    if (is_of(slot, object)) {
        count_up_to(slot, released_ns);
        contentions = slot->waiter_count > 0;
        charge_ns = slot->owed_ns > 0 ? slot->owed_ns : 0;
        if (charge_ns > 0)
            stands_for = choose(&releases, charge_ns, released_ns);
        slot->owed_ns -= charge_ns;
        slot->release_entry = NULL;
        slot->handover_ns = charge_ns;
        give_up_if_unused(slot);
    }
    release(slot);
    if (stands_for > 0)
        record_release(slot, object, caller, stands_for, contentions, charge_ns);
    errno = error;
}

static struct profile *profile_of(struct stacks *stacks)
{
    static const struct profile_type types[] = {{"contentions", "count"}, {"delay", "nanoseconds"}};
    struct profile *profile = profile_new(types, 2);
    if (profile == NULL)
        return NULL;
    profile_set_period(profile, types[0], 1);
    if (stacks_add_to(profile, stacks) != 0) {
        profile_delete(profile);
        return NULL;
    }
    return profile;
}

struct profile *locks_block_profile(void)
{
    return profile_of(&block);
}

struct profile *locks_mutex_profile(void)
{
    return profile_of(&mutex);
}

/* A sum T has a relative standard error of sqrt(R / T). */
static int64_t exact_ns(const struct pace *pace)
{
    const double error_max = 0.06;
    double ns = rate_ns(recent_ns(pace, now_ns())) / (error_max * error_max);

    return ns > LOCKS_EXACT_NS ? (int64_t)ns : LOCKS_EXACT_NS;
}

int64_t locks_block_exact_ns(void)
{
    int64_t locks_ns = exact_ns(&lock_waits), others_ns = exact_ns(&other_waits);

    return locks_ns > others_ns ? locks_ns : others_ns;
}

int64_t locks_mutex_exact_ns(void)
{
    return exact_ns(&releases);
}
