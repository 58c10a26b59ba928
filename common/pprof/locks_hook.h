/*
 * locks_hook.h - what hooks/locks.c needs of locks.c.
 *
 * A lock that somebody waits for has a slot, by a hash of its address, so that who releases it can
 * see with one load whether anybody waits. Two locks that are waited for and share a hash: the
 * second has none, and its waits are lost in mutex, which says so (and are in block).
 *
 * What was waited is summed as it passes: so many waiters, for so long, at each event. Thus it is
 * known at a release what it is to be charged with, and no wait is forgotten or counted twice,
 * whatever the order in which threads come here.
 */
#ifndef PPROF_LOCKS_HOOK_H
#define PPROF_LOCKS_HOOK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stacks.h"

enum { LOCKS_SLOT_BITS = 10 };

struct locks_slot {
    _Alignas(
        64) _Atomic(const void *) object; /* the lock, while it is waited for or owes; or NULL */
    atomic_flag is_locked;
    /* guarded by is_locked: */
    uint32_t waiter_count;
    int64_t counted_ns; /* up to then is counted what was waited */
    int64_t owed_ns;    /* what was waited and nobody has been charged with */
    /* of the last release: */
    struct stack_entry *release_entry; /* NULL: not chosen */
    double release_stands_for;         /* so many releases */
    int64_t handover_ns;               /* may be charged to it yet, until another has the lock */
};

/* A wait in progress, on the stack of the thread that waits. */
struct locks_wait {
    struct locks_slot *slot; /* NULL: it has none */
    int64_t since_ns;
    bool is_lock;
};

extern bool locks_is_on;
extern struct locks_slot locks_slots[1 << LOCKS_SLOT_BITS];

static inline bool locks_is_recording(void)
{
    return __builtin_expect(__atomic_load_n(&locks_is_on, __ATOMIC_RELAXED), 0);
}

static inline struct locks_slot *locks_slot_of(const void *object)
{
    return &locks_slots[(uintptr_t)object * 0x9E3779B97F4A7C15u >> (64 - LOCKS_SLOT_BITS)];
}

static inline bool locks_is_waited_for(const void *object)
{
    return atomic_load_explicit(&locks_slot_of(object)->object, memory_order_relaxed) == object;
}

/* The calling thread is about to wait for `object`; is_lock: for others to release it. Keeps errno.
 */
void locks_wait_begin(struct locks_wait *wait, const void *object, bool is_lock);
/* It has waited, called by the code at `caller`. Keeps errno. */
void locks_wait_end(struct locks_wait *wait, const void *caller);

/* The holder, at `caller`, is about to release a lock that is waited for. Keeps errno. */
void locks_release(const void *object, const void *caller);

#endif
