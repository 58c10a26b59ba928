/* What the heap profile says of allocations that are known. */
#include <criterion/criterion.h>
#include <errno.h>
#include <malloc.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/pprof/heap.h"
#include "tests/pprof/place.h"

enum { ALLOC_OBJECTS, ALLOC_BYTES, INUSE_OBJECTS, INUSE_BYTES };

typedef void *allocate(size_t size);

/* Where the program allocates: places that are told apart by their addresses. */
static PLACE void *by_malloc(size_t size)
{
    void *block = malloc(size);
    __asm__ volatile("" : "+r"(block));
    return block;
}

static PLACE void *by_calloc(size_t size)
{
    void *block = calloc(1, size);
    __asm__ volatile("" : "+r"(block));
    return block;
}

static PLACE void *by_realloc(size_t size)
{
    void *block = realloc(NULL, size);
    __asm__ volatile("" : "+r"(block));
    return block;
}

static PLACE void *by_aligned_alloc(size_t size)
{
    void *block = aligned_alloc(64, size);
    __asm__ volatile("" : "+r"(block));
    return block;
}

static PLACE void *by_posix_memalign(size_t size)
{
    void *block = NULL;
    return posix_memalign(&block, 64, size) == 0 ? block : NULL;
}

static PLACE void *by_memalign(size_t size)
{
    void *block = memalign(64, size);
    __asm__ volatile("" : "+r"(block));
    return block;
}

/* The values of what was allocated directly by `function`. */
static void sums_of(const void *function, int64_t values[4])
{
    place_sums(heap_profile(), function, values);
}

/* Six standard deviations of a sum of `count` allocations of which each is sampled with p. */
static double error_of(double count, double size, double mean)
{
    double p = -expm1(-size / mean);
    return 6 * sqrt(count * (1 - p) / p);
}

static void start(size_t sample_bytes)
{
    if (!heap_is_available())
        cr_skip_test("the hooks are not linked with sanitizers");
    cr_assert_eq(heap_start(sample_bytes), 0);
}

Test(heap, every_allocation_is_seen_at_1_byte)
{
    allocate *const ways[] = {by_malloc,        by_calloc,         by_realloc,
                              by_aligned_alloc, by_posix_memalign, by_memalign};
    void *blocks[100];
    int64_t values[4];

    start(1);
    for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
        for (int i = 0; i < 100; i++)
            blocks[i] = ways[way](64 + 64 * way);
        for (int i = 0; i < 30; i++)
            free(blocks[i]);
        sums_of(ways[way], values);
        cr_expect_eq(values[ALLOC_OBJECTS], 100, "way %zu: %ld", way, values[ALLOC_OBJECTS]);
        cr_expect_eq(values[ALLOC_BYTES], (int64_t)(100 * (64 + 64 * way)));
        cr_expect_eq(values[INUSE_OBJECTS], 70);
        cr_expect_eq(values[INUSE_BYTES], (int64_t)(70 * (64 + 64 * way)));
        for (int i = 30; i < 100; i++)
            free(blocks[i]);
        sums_of(ways[way], values);
        cr_expect_eq(values[INUSE_OBJECTS], 0);
        cr_expect_eq(values[INUSE_BYTES], 0);
    }
}

/* Sizes far below, at and above the mean gap: the sum is right within the sampling error. */
Test(heap, a_sample_stands_for_the_unseen)
{
    static const size_t sizes[] = {16, 100, 4096, 16384, 70000, 1000000};
    static void *blocks[200000];
    enum { MEAN = 16384 };

    start(MEAN);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        size_t count = sizes[s] < 4096 ? 200000 : sizes[s] < 1000000 ? 20000 : 200;
        int64_t before[4], during[4], after[4];
        sums_of(by_malloc, before);
        for (size_t i = 0; i < count; i++)
            blocks[i] = by_malloc(sizes[s]);
        sums_of(by_malloc, during);
        for (size_t i = 0; i < count; i++)
            free(blocks[i]);
        sums_of(by_malloc, after);
        double bound = error_of((double)count, (double)sizes[s], MEAN) + 1;
        double objects = (double)(during[ALLOC_OBJECTS] - before[ALLOC_OBJECTS]);
        double bytes = (double)(during[ALLOC_BYTES] - before[ALLOC_BYTES]);
        cr_expect(fabs(objects - (double)count) < bound, "%zu of %zu B: %.0f", count, sizes[s],
                  objects);
        cr_expect(fabs(bytes / (double)sizes[s] - (double)count) < bound, "%zu of %zu B: %.0f",
                  count, sizes[s], bytes);
        /* nothing was freed in between, and then all of it, exactly */
        cr_expect(fabs((double)(during[INUSE_BYTES] - before[INUSE_BYTES]) - bytes) <= 0.5);
        cr_expect_eq(after[INUSE_BYTES], 0);
        cr_expect_eq(after[INUSE_OBJECTS], 0);
        cr_expect_eq(after[ALLOC_BYTES], during[ALLOC_BYTES]);
    }
    cr_expect_eq(heap_unfollowed_count(), 0);
}

Test(heap, realloc_frees_the_old_and_counts_the_new)
{
    int64_t values[4];

    start(1);
    char *block = by_realloc(100);
    strcpy(block, "kept");
    for (size_t size = 200; size <= 100000; size *= 2) {
        block = realloc(block, size);
        cr_assert_str_eq(block, "kept");
    }
    sums_of(by_realloc, values);
    cr_expect_eq(values[ALLOC_OBJECTS], 1);
    cr_expect_eq(values[INUSE_OBJECTS], 0);
    block = realloc(block, 0); /* glibc: frees */
    cr_expect_null(block);

    /* one that cannot be grown stays, and stays counted */
    block = by_malloc(300);
    errno = 0;
    void *(*volatile move)(void *, size_t) = realloc; /* which gcc would warn of */
    cr_expect_null(move(block, PTRDIFF_MAX));
    cr_expect_eq(errno, ENOMEM);
    sums_of(by_malloc, values);
    cr_expect_eq(values[INUSE_BYTES], 300);
    free(block);
    sums_of(by_malloc, values);
    cr_expect_eq(values[INUSE_BYTES], 0);
}

Test(heap, failures_are_the_c_librarys)
{
    volatile size_t huge = SIZE_MAX, many = SIZE_MAX / 2;
    void *block = &block;
    void *volatile none; /* or the compiler knows better than to call for what nobody uses */

    start(4096);
    errno = 0;
    none = malloc(huge);
    cr_expect_null(none);
    cr_expect_eq(errno, ENOMEM);
    errno = 0;
    none = calloc(many, 3);
    cr_expect_null(none);
    cr_expect_eq(errno, ENOMEM);
    cr_expect_eq(posix_memalign(&block, 3, 100), EINVAL);
    cr_expect_eq(posix_memalign(&block, 64, huge), ENOMEM);
    cr_expect_eq(block, &block);
    errno = 7;
    for (int i = 0; i < 1000; i++)
        free(by_malloc(4096));
    cr_expect_eq(errno, 7);
    free(NULL);
    cr_expect_eq(heap_start(1), -1);
    cr_expect_eq(errno, EALREADY);
}

static void *allocate_in_thread(void *argument)
{
    void **blocks = argument;
    for (int i = 0; i < 1000; i++)
        blocks[i] = by_malloc(128);
    return NULL;
}

Test(heap, blocks_outlive_their_thread)
{
    static void *blocks[20][1000];
    pthread_t threads[20];
    int64_t values[4];

    start(1);
    for (int t = 0; t < 20; t++)
        cr_assert_eq(pthread_create(&threads[t], NULL, allocate_in_thread, blocks[t]), 0);
    for (int t = 0; t < 20; t++)
        pthread_join(threads[t], NULL);
    sums_of(by_malloc, values);
    cr_expect_eq(values[INUSE_OBJECTS], 20000);
    for (int t = 0; t < 20; t++)
        for (int i = 0; i < 1000; i++)
            free(blocks[t][i]); /* by another thread than the one that allocated */
    sums_of(by_malloc, values);
    cr_expect_eq(values[ALLOC_OBJECTS], 20000);
    cr_expect_eq(values[INUSE_OBJECTS], 0);
}

static volatile bool is_over;

static void *allocate_until_over(void *argument)
{
    (void)argument;
    while (!is_over)
        free(by_malloc(64));
    return NULL;
}

Test(heap, a_forked_child_goes_on)
{
    pthread_t thread;
    int64_t values[4];

    start(1);
    cr_assert_eq(pthread_create(&thread, NULL, allocate_until_over, NULL), 0);
    for (int i = 0; i < 50; i++) {
        pid_t child = fork();
        cr_assert_geq(child, 0);
        if (child == 0) {
            void *kept = by_calloc(777);
            for (int n = 0; n < 100; n++)
                free(by_calloc(100));
            sums_of(by_calloc, values);
            free(kept);
            _exit(values[INUSE_BYTES] == 777 && values[ALLOC_OBJECTS] == 101 ? 0 : 1);
        }
        int status;
        cr_assert_eq(waitpid(child, &status, 0), child);
        cr_assert_eq(status, 0);
    }
    is_over = true;
    pthread_join(thread, NULL);
    sums_of(by_calloc, values);
    cr_expect_eq(values[ALLOC_OBJECTS], 0);
}

Test(heap, stopping_forgets_what_is_in_use)
{
    int64_t values[4];

    start(1);
    void *block = by_malloc(500);
    heap_stop();
    sums_of(by_malloc, values);
    cr_expect_eq(values[ALLOC_BYTES], 500);
    cr_expect_eq(values[INUSE_BYTES], 0);
    free(by_malloc(100));
    start(1);
    free(block);
    sums_of(by_malloc, values);
    cr_expect_eq(values[ALLOC_BYTES], 500);
    cr_expect_eq(values[INUSE_BYTES], 0);
}

/* More live blocks, then more stacks, than there is room for: less is seen, nothing breaks. */
Test(heap, more_than_it_can_hold)
{
    enum { COUNT = 100000 };
    static void *blocks[COUNT];
    int64_t values[4];

    start(1);
    for (int i = 0; i < COUNT; i++)
        blocks[i] = by_malloc(16);
    sums_of(by_malloc, values);
    cr_expect_eq(values[ALLOC_OBJECTS], COUNT);
    cr_expect_gt(values[INUSE_OBJECTS], 0);
    cr_expect_lt(values[INUSE_OBJECTS], COUNT);
    cr_expect_geq(values[INUSE_OBJECTS] + (int64_t)heap_unfollowed_count(), COUNT);
    for (int i = 0; i < COUNT; i++)
        free(blocks[i]);
    sums_of(by_malloc, values);
    cr_expect_eq(values[INUSE_OBJECTS], 0);
}

static PLACE char *by_a_library(const char *text)
{
    char *copy = strdup(text);
    __asm__ volatile("" : "+r"(copy));
    return copy;
}

Test(heap, libraries_allocate_too)
{
    int64_t bytes = 0;

    start(1);
    char *copy = by_a_library("allocated by libc, freed here");
    struct profile *profile = heap_profile();
    for (size_t i = 0; i < profile->sample_count; i++) {
        const struct profile_sample *sample = profile->samples[i];
        if (sample->depth > 1 && place_has(by_a_library, sample->stack[1]))
            bytes += sample->values[INUSE_BYTES];
    }
    profile_delete(profile);
    cr_expect_eq(bytes, (int64_t)strlen(copy) + 1);
    free(copy);
}

Test(heap, without_hooks_it_says_so)
{
    if (heap_is_available())
        cr_skip_test("the hooks are linked");
    cr_expect_eq(heap_start(1), -1);
    cr_expect_eq(errno, ENOTSUP);
}
