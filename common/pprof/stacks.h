/*
 * stacks.h - a table of stacks, each with up to four sums, that any thread may add to without a
 * lock.
 *
 * What collectors in hooks fill: it neither allocates nor locks. Equal stacks share an entry as a
 * rule; where two threads bring the same stack for the first time at once it may get two entries,
 * which profile_add() sums. An entry stays for as long as the process. The memory is reserved at
 * the start and used page by page as stacks come. When it is full, what comes of stacks that it
 * does not have is summed all the same, as lost.
 *
 * Sums that are counts are in units of 1 / STACKS_ONE: a sample may stand for 1.3 of its like.
 */
#ifndef PPROF_STACKS_H
#define PPROF_STACKS_H

#include <stdatomic.h>
#include <stdint.h>

#include "profile.h"

enum { STACKS_DEPTH_MAX = 64, STACKS_COUNT_MAX = 4096, STACKS_ONE = 1024 };

struct stack_entry {
    _Atomic uint64_t state; /* 0: free; 1: being written; otherwise the hash of the stack */
    _Atomic int64_t values[PROFILE_TYPES_MAX];
    uint32_t depth;
    uintptr_t stack[STACKS_DEPTH_MAX]; /* return addresses, leaf first */
};

/* All zero is a table that has no room yet. */
struct stacks {
    struct stack_entry *entries;
    struct stack_entry lost; /* has no stack: the sums of those that found no room */
};

/* Before it is shared. 0, or -1 without memory. Does nothing the second time. */
int stacks_init(struct stacks *stacks);

/* The entry of a stack, at most STACKS_DEPTH_MAX deep; &stacks->lost where there is no room. */
struct stack_entry *stacks_find(struct stacks *stacks, const uintptr_t *stack, unsigned depth);

/*
 * Adds all stacks, and the lost as one without a stack, labelled "lost". An entry's values are
 * those of the profile's types, the counts those whose unit is count. 0, or -1 without memory.
 */
int stacks_add_to(struct profile *profile, struct stacks *stacks);

/*
 * What a hook has at the top of a stack that own_stack_take() gave it, its own frames, is cut off:
 * all above `caller`, the return address of the hooked function, which becomes stack[0]. Returns
 * the depth that is left. A stack without `caller` becomes `caller` alone.
 */
unsigned stacks_cut(uintptr_t *stack, unsigned depth, const void *caller);

#endif
