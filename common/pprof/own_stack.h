/*
 * own_stack.h - the calling thread's own stack.
 *
 * For hooks on malloc and locks: it neither allocates nor locks. It walks by the unwind tables
 * (libgcc), so no frame pointers are needed; libgcc finds them without the loader's lock
 * (_dl_find_object, glibc 2.35). Not for signal handlers: where a thread was stopped the tables may
 * not hold.
 */
#ifndef PPROF_OWN_STACK_H
#define PPROF_OWN_STACK_H

#include <stdint.h>

/* Fills in up to `depth_max` return addresses, leaf first, and returns how many there are. */
unsigned own_stack_take(uintptr_t *stack, unsigned depth_max);

#endif
