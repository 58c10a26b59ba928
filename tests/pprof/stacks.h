/* stacks.h - a real stack, with functions that are known: one of them was inlined. */
#ifndef STACKS_H
#define STACKS_H

#include <stdint.h>

/* Leaf first: within stacks_leaf, inlined into stacks_middle, called by stacks_root, and so on. */
unsigned stacks_take(uintptr_t *stack, unsigned depth_max);

#endif
