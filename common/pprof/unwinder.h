/*
 * unwinder.h - the stack of a thread that was stopped anywhere, from a copy (stack_copy.h).
 *
 * By libdw and the modules' unwind tables: no frame pointers are needed. Where tables are wrong a
 * stack is cut short, and nothing else happens: all memory is read from the copy. Never goes to the
 * network, and looks for no debug information. Used by one thread at a time; it allocates.
 */
#ifndef PPROF_UNWINDER_H
#define PPROF_UNWINDER_H

#include <stdint.h>

#include "stack_copy.h"

struct unwinder;

struct unwinder *unwinder_new(void); /* NULL: no memory */
void unwinder_delete(struct unwinder *unwinder);

/*
 * Takes note of what is loaded now, if anything was loaded or unloaded since: to be called often
 * while libraries come and go. Takes the loader's lock. 0, or -1 without memory.
 */
int unwinder_refresh(struct unwinder *unwinder);

/*
 * Fills in up to `depth_max` addresses, leaf first, as profile_add() takes them with is_leaf_exact.
 * Returns how many: at least the leaf's. `depth_max` is 1 or more.
 */
unsigned unwinder_walk(struct unwinder *unwinder, const struct stack_copy *copy, uintptr_t *stack,
                       unsigned depth_max);

#endif
