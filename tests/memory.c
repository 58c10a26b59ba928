/* memory.c - the allocator that counts, and that can be told to fail. */
#include "common/memory.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "common/counts.h"

/* Keeps the compiler from leaving out an allocation whose result nobody looks at. */
static void *keep(void *memory)
{
    __asm__ volatile("" : "+r"(memory) : : "memory");
    return memory;
}

Test(memory, counts_calls_and_bytes)
{
    struct counts before = thread_counts, cost = {0};
    void *first = keep(malloc(100)), *second = keep(calloc(7, 10));
    second = keep(realloc(second, 1000));
    counts_add_since(&cost, &before, &thread_counts);
    cr_expect_eq(cost.allocations, 3);
    cr_expect_eq(cost.allocated_bytes, 1170);
    free(first);
    free(second);
}

Test(memory, fails_at_the_nth_call_and_after_it)
{
    void *memory[3];
    memory_fail_at(2);
    memory[0] = keep(malloc(1));
    errno = 0;
    memory[1] = keep(malloc(1));
    cr_expect_eq(errno, ENOMEM);
    memory[2] = keep(calloc(1, 1));
    void *resized = keep(realloc(NULL, 100));
    memory_fail_at(0);
    cr_expect_not_null(memory[0]);
    cr_expect_null(memory[1]);
    cr_expect_null(memory[2]);
    cr_expect_null(resized);
    free(memory[0]);
    void *again = keep(malloc(1));
    cr_expect_not_null(again);
    free(again);
}

static void *allocate(void *unused)
{
    (void)unused;
    return keep(malloc(10));
}

Test(memory, counts_and_fails_for_each_thread_alone)
{
    uint64_t before = thread_counts.allocations;
    pthread_t thread;
    void *result;

    memory_fail_at(1);
    int error = pthread_create(&thread, NULL, allocate, NULL);
    if (error == 0)
        pthread_join(thread, &result);
    memory_fail_at(0);
    cr_assert_eq(error, 0);
    cr_expect_not_null(result);
    cr_expect_eq(thread_counts.allocations, before);
    free(result);
}

Test(counts, are_added_field_by_field)
{
    const struct counts before = {1, 2, 3, 4, 5, 6}, now = {11, 22, 33, 44, 55, 66};
    struct counts sum = {100, 100, 100, 100, 100, 100};
    counts_add_since(&sum, &before, &now);
    cr_expect_eq(sum.allocations, 110);
    cr_expect_eq(sum.allocated_bytes, 120);
    cr_expect_eq(sum.sort_calls, 130);
    cr_expect_eq(sum.sorts, 140);
    cr_expect_eq(sum.comparisons, 150);
    cr_expect_eq(sum.round_trips, 160);
}
