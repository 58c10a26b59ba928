#include "threadcreate.h"

#include <errno.h>
#include <stddef.h>

#include "own_stack.h"
#include "stacks.h"
#include "threadcreate_hook.h"

/* hooks/threads.c has it: its address is NULL where the hooks are not linked. */
extern const char threadcreate_hook_is_linked __attribute__((weak));

/* The CPU profile has it, where there is one: gives the calling thread a timer if it is in
 * progress. */
void cpu_profile_thread_started(void) __attribute__((weak));

bool threadcreate_is_on;

static struct stacks stacks; /* process-wide, as threads are */

bool threadcreate_is_available(void)
{
    return &threadcreate_hook_is_linked != NULL;
}

int threadcreate_start(void)
{
    if (!threadcreate_is_available()) {
        errno = ENOTSUP;
        return -1;
    }
    if (stacks_init(&stacks) != 0) {
        errno = ENOMEM;
        return -1;
    }
    __atomic_store_n(&threadcreate_is_on, true, __ATOMIC_RELEASE);
    return 0;
}

void threadcreate_stop(void)
{
    __atomic_store_n(&threadcreate_is_on, false, __ATOMIC_RELEASE);
}

void threadcreate_count(const void *caller)
{
    uintptr_t stack[STACKS_DEPTH_MAX];
    unsigned depth = stacks_cut(stack, own_stack_take(stack, STACKS_DEPTH_MAX), caller);

    atomic_fetch_add_explicit(&stacks_find(&stacks, stack, depth)->values[0], STACKS_ONE,
                              memory_order_relaxed);
}

void threadcreate_greet(void)
{
    if (cpu_profile_thread_started != NULL)
        cpu_profile_thread_started();
}

struct profile *threadcreate_profile(void)
{
    struct profile_type type = {"threadcreate", "count"};
    struct profile *profile = profile_new(&type, 1);
    if (profile == NULL)
        return NULL;
    profile_set_period(profile, type, 1);
    if (stacks_add_to(profile, &stacks) != 0) {
        profile_delete(profile);
        return NULL;
    }
    return profile;
}
