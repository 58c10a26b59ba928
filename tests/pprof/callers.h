/* callers.h - a real stack, with functions that are known: one of them was inlined. */
#ifndef CALLERS_H
#define CALLERS_H

#include <stdint.h>

/* Leaf first: within callers_leaf, inlined into callers_middle, called by callers_root, and so on.
 */
unsigned callers_take(uintptr_t *stack, unsigned depth_max);

#endif
