#include "tests/pprof/callers.h"

#include <execinfo.h>
#include <string.h>

enum { DEPTH_MAX = 64 };

static inline __attribute__((always_inline)) int callers_leaf(void **stack)
{
    int depth = backtrace(stack, DEPTH_MAX);
    __asm__ volatile("" ::: "memory"); /* behind the call, so that it is no jump */
    return depth;
}

static __attribute__((noinline)) int callers_middle(void **stack)
{
    int depth = callers_leaf(stack);
    __asm__ volatile("" ::: "memory");
    return depth;
}

static __attribute__((noinline)) int callers_root(void **stack)
{
    int depth = callers_middle(stack);
    __asm__ volatile("" ::: "memory");
    return depth;
}

unsigned callers_take(uintptr_t *stack, unsigned depth_max)
{
    void *taken[DEPTH_MAX];
    unsigned depth = (unsigned)callers_root(taken);

    if (depth > depth_max)
        depth = depth_max;
    memcpy(stack, taken, depth * sizeof *stack);
    return depth;
}
