#include "own_stack.h"

#include <unwind.h>

struct walk {
    uintptr_t *stack;
    unsigned depth, depth_max;
};

static _Unwind_Reason_Code step(struct _Unwind_Context *context, void *argument)
{
    struct walk *walk = argument;
    uintptr_t ip = _Unwind_GetIP(context);

    if (ip == 0 || walk->depth == walk->depth_max)
        return _URC_END_OF_STACK;
    walk->stack[walk->depth++] = ip;
    return _URC_NO_REASON;
}

unsigned own_stack_take(uintptr_t *stack, unsigned depth_max)
{
    struct walk walk = {.stack = stack, .depth_max = depth_max};
    _Unwind_Backtrace(step, &walk);
    return walk.depth;
}
