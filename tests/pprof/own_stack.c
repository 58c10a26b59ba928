/* own_stack.h: the calling thread's own stack, taken within locks and within malloc. */
#include "common/pprof/own_stack.h"

#include <criterion/criterion.h>
#include <dlfcn.h>
#include <link.h>
#include <malloc.h>
#include <pthread.h>

#include "tests/pprof/place.h"

enum { DEPTH_MAX = 64 };

struct taken {
    uintptr_t stack[DEPTH_MAX];
    unsigned depth;
};

/* Where the stack has an address within that function, a PLACE; -1: nowhere. */
static int position_of(const struct taken *taken, const void *function)
{
    for (unsigned i = 0; i < taken->depth; i++)
        if (place_has(function, taken->stack[i]))
            return (int)i;
    return -1;
}

static PLACE void inner(struct taken *taken)
{
    taken->depth = own_stack_take(taken->stack, DEPTH_MAX);
    __asm__ volatile("" ::: "memory"); /* behind the call, so that it is no jump */
}

static PLACE void outer(struct taken *taken)
{
    inner(taken);
    __asm__ volatile("" ::: "memory");
}

Test(own_stack, finds_the_callers_leaf_first)
{
    struct taken taken;

    outer(&taken);
    cr_assert_geq(position_of(&taken, inner), 0);
    cr_assert_eq(position_of(&taken, outer), position_of(&taken, inner) + 1);
}

Test(own_stack, stops_where_there_is_no_more_room)
{
    uintptr_t stack[3] = {0, 0, 1};

    cr_assert_eq(own_stack_take(stack, 2), 2);
    cr_assert_eq(stack[2], 1, "nothing is written beyond the room");
    cr_assert_eq(own_stack_take(stack, 0), 0);
}

static void *run_outer(void *argument)
{
    outer(argument);
    return NULL;
}

Test(own_stack, ends_at_the_root_of_a_thread)
{
    struct taken taken;
    pthread_t thread;

    pthread_create(&thread, NULL, run_outer, &taken);
    pthread_join(thread, NULL);
    cr_assert_leq(taken.depth, 7, "inner, outer, run_outer, and what starts threads");
    cr_assert_geq(position_of(&taken, outer), 0);
}

/* Nothing comes behind _start, or behind what starts a thread. */
Test(own_stack, has_nothing_but_code)
{
    struct taken here, there;
    pthread_t thread;
    Dl_info object;

    outer(&here);
    pthread_create(&thread, NULL, run_outer, &there);
    pthread_join(thread, NULL);
    cr_assert_gt(here.depth, 5);
    for (unsigned i = 0; i < here.depth; i++)
        cr_assert_neq(dladdr((void *)(here.stack[i] - 1), &object), 0, "%lx", here.stack[i]);
    for (unsigned i = 0; i < there.depth; i++)
        cr_assert_neq(dladdr((void *)(there.stack[i] - 1), &object), 0, "%lx", there.stack[i]);
}

Test(own_stack, allocates_nothing)
{
    struct taken taken;

    outer(&taken);
    struct mallinfo2 before = mallinfo2();
    for (int i = 0; i < 1000; i++)
        outer(&taken);
    struct mallinfo2 after = mallinfo2();
    cr_assert_eq(before.uordblks, after.uordblks);
    cr_assert_eq(before.hblks, after.hblks);
}

/* The loader holds its lock while it calls this. */
static int walk_in_another_thread(struct dl_phdr_info *info, size_t size, void *taken)
{
    pthread_t thread;

    (void)info, (void)size;
    pthread_create(&thread, NULL, run_outer, taken);
    pthread_join(thread, NULL);
    return 1;
}

Test(own_stack, does_not_wait_for_the_loader, .timeout = 300)
{
    struct taken taken = {.depth = 0};

    dl_iterate_phdr(walk_in_another_thread, &taken);
    cr_assert_geq(position_of(&taken, outer), 0);
}
