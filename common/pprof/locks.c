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

/* Contentions are kept as fixed-point numbers: one may stand for 1.3 of its like. */
enum { ONE_CONTENTION = 1024 };
enum { CONTENTIONS, DELAY_NS };

/* hooks/locks.c has it: its address is NULL where the hooks are not linked. */
extern const char locks_hook_is_linked __attribute__((weak));

bool locks_is_on;
struct locks_slot locks_slots[1 << LOCKS_SLOT_BITS];

/* Process-wide, as the C library's locks are. */
static struct stacks block_stacks, mutex_stacks;
static double rate_ns_mean = LOCKS_RATE_NS;
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
    if (stacks_init(&block_stacks) != 0 || stacks_init(&mutex_stacks) != 0 ||
        (!is_prepared && pthread_atfork(NULL, NULL, forget_waiters) != 0)) {
        errno = ENOMEM;
        return -1;
    }
    is_prepared = true;
    rate_ns_mean = rate_ns > 0 ? (double)rate_ns : LOCKS_RATE_NS;
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

/* How many a wait of `ns` stands for: 0 if it is not to be recorded. */
static double choose(int64_t ns)
{
    if (ns <= 0)
        ns = 1;
    if ((double)ns >= rate_ns_mean)
        return 1;
    double probability = (double)ns / rate_ns_mean;
    return random_uniform() < probability ? 1 / probability : 0;
}

static struct stack_entry *stack_here(struct stacks *stacks, const void *caller)
{
    uintptr_t stack[STACKS_DEPTH_MAX];
    unsigned depth = stacks_cut(stack, own_stack_take(stack, STACKS_DEPTH_MAX), caller);

    return stacks_find(stacks, stack, depth);
}

static void add(struct stack_entry *entry, double stands_for, int64_t delay_ns)
{
    atomic_fetch_add_explicit(&entry->values[CONTENTIONS], llround(stands_for * ONE_CONTENTION),
                              memory_order_relaxed);
    atomic_fetch_add_explicit(&entry->values[DELAY_NS], llround(stands_for * (double)delay_ns),
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

/* The slot of a lock that one more waits for; NULL: another lock has it. */
static struct locks_slot *enter(const void *object, int64_t since_ns)
{
    struct locks_slot *slot = locks_slot_of(object);

    acquire(slot);
    if (slot->waiter_count == 0) {
        atomic_store_explicit(&slot->object, object, memory_order_relaxed);
        slot->since_ns = since_ns;
        slot->release_entry = NULL;
    }
    bool is_mine = atomic_load_explicit(&slot->object, memory_order_relaxed) == object;
    if (is_mine)
        slot->waiter_count++;
    release(slot);
    return is_mine ? slot : NULL;
}

/* One waits no more, and charges its wait to who released the lock. */
static void leave(struct locks_slot *slot, int64_t delay_ns)
{
    acquire(slot);
    struct stack_entry *entry = slot->release_entry;
    double stands_for = slot->release_stands_for;
    if (--slot->waiter_count == 0)
        atomic_store_explicit(&slot->object, NULL, memory_order_relaxed);
    release(slot);
    if (entry != NULL)
        add(entry, stands_for, delay_ns);
}

void locks_wait_begin(struct locks_wait *wait, const void *object, bool is_lock)
{
    int error = errno;

    wait->since_ns = now_ns();
    wait->slot = is_lock ? enter(object, wait->since_ns) : NULL;
    waits_begin(object, wait->since_ns);
    errno = error;
}

void locks_wait_end(struct locks_wait *wait, const void *caller)
{
    int error = errno;
    int64_t delay_ns = now_ns() - wait->since_ns;

    waits_end();
    if (wait->slot != NULL)
        leave(wait->slot, delay_ns);
    double stands_for = choose(delay_ns);
    if (stands_for > 0) {
        struct stack_entry *entry = stack_here(&block_stacks, caller);
        if (entry != NULL)
            add(entry, stands_for, delay_ns);
    }
    errno = error;
}

void locks_release(const void *object, const void *caller)
{
    int error = errno;
    struct locks_slot *slot = locks_slot_of(object);
    int64_t released_ns = now_ns();

    acquire(slot);
    int64_t since_ns = slot->since_ns;
    release(slot);
    /* Walking the stack lengthens the hold: so it is done for the chosen, and outside the slot. */
    double stands_for = choose(released_ns - since_ns);
    struct stack_entry *entry = stands_for > 0 ? stack_here(&mutex_stacks, caller) : NULL;
    acquire(slot);
    if (atomic_load_explicit(&slot->object, memory_order_relaxed) == object) {
        slot->since_ns = released_ns;
        slot->release_entry = entry;
        slot->release_stands_for = stands_for;
    }
    release(slot);
    errno = error;
}

static struct profile *profile_of(struct stacks *stacks)
{
    static const struct profile_type types[] = {{"contentions", "count"}, {"delay", "nanoseconds"}};
    struct profile *profile = profile_new(types, 2);
    if (profile == NULL)
        return NULL;
    profile_set_period(profile, types[0], 1);
    for (struct stack_entry *entry = NULL; (entry = stacks_next(stacks, entry)) != NULL;) {
        int64_t contentions =
            atomic_load_explicit(&entry->values[CONTENTIONS], memory_order_relaxed);
        int64_t values[] = {(contentions + ONE_CONTENTION / 2) / ONE_CONTENTION,
                            atomic_load_explicit(&entry->values[DELAY_NS], memory_order_relaxed)};
        if (profile_add(profile, entry->stack, entry->depth, false, values, NULL, 0) != 0) {
            profile_delete(profile);
            return NULL;
        }
    }
    return profile;
}

struct profile *locks_block_profile(void)
{
    return profile_of(&block_stacks);
}

struct profile *locks_mutex_profile(void)
{
    return profile_of(&mutex_stacks);
}

uint64_t locks_lost_count(void)
{
    return atomic_load_explicit(&block_stacks.lost_count, memory_order_relaxed) +
           atomic_load_explicit(&mutex_stacks.lost_count, memory_order_relaxed);
}
