/* What the search of memory (reach.h) takes for granted of the kernel and of the C library. */
#include "common/pprof/reach/reach.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/pprof/guards.h"
#include "common/pprof/maps.h"
#include "common/pprof/threads_profile.h"

enum { PAGES = 2000, PAGE_BYTES = 4096, GUARD_INSTALL = 102, STACKS = 3, STACK_BYTES = 128 << 10 };

Test(reach, guards_bound_what_is_one_mapping)
{
    const uintptr_t bytes = (uintptr_t)sysconf(_SC_PAGESIZE);
    struct guards guards;
    char *memory =
        mmap(NULL, PAGES * bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const uintptr_t start = (uintptr_t)memory, end = start + PAGES * bytes;

    if (madvise(memory + 10 * bytes, bytes, GUARD_INSTALL) != 0)
        cr_skip_test("this kernel has no MADV_GUARD_INSTALL (Linux 6.13)");
    cr_assert_eq(guards_init(&guards), 0);
    if (guards.are_hidden)
        cr_skip_test("this kernel does not show guards (Linux 6.15)");
    cr_assert(guards.are_shown);
    cr_assert_eq(madvise(memory + 1500 * bytes, bytes, GUARD_INSTALL), 0);

    static const struct {
        unsigned page, low, high;
    } cases[] = {{0, 0, 10}, {9, 0, 10}, {11, 11, 1500}, {1499, 11, 1500}, {1999, 1501, PAGES}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uintptr_t low = start, high = end;
        guards_narrow(&guards, start + cases[i].page * bytes + 8, &low, &high);
        cr_assert_eq(low, start + cases[i].low * bytes, "page %u", cases[i].page);
        cr_assert_eq(high, start + cases[i].high * bytes, "page %u", cases[i].page);
    }
    guards_free(&guards);
}

Test(reach, malloc_is_read_right_or_it_is_said)
{
    struct reach_probe probe;
    struct guards guards;
    struct maps maps;
    struct reach_heap *heap =
        mmap(NULL, sizeof *heap, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    reach_probe_take(&probe);
    cr_assert_not_null(probe.block);
    if (probe.bytes == 0)
        cr_skip_test("with a sanitizer the heap cannot be searched");
    cr_assert_eq(maps_read(&maps), 0);
    cr_assert_eq(guards_init(&guards), 0);
    const char *doubt = reach_heap_init(heap, &maps, &guards, &probe);
    cr_assert_null(doubt, "%s", doubt);

    struct reach_probe larger = {probe.block, probe.bytes + 16, probe.freed_key};
    struct reach_probe elsewhere = {&maps, probe.bytes, probe.freed_key};
    cr_assert_not_null(reach_heap_init(heap, &maps, &guards, &larger));
    cr_assert_not_null(reach_heap_init(heap, &maps, &guards, &elsewhere));
    maps_free(&maps);
    guards_free(&guards);
    reach_probe_give_back(&probe);
}

/* The dump in words. */
static const char *dump(void)
{
    static char text[65536];
    FILE *file = fmemopen(text, sizeof text, "w");

    cr_assert_eq(threads_profile_write_text(file), 0);
    fclose(file);
    return text;
}

static atomic_int ready_count;
static atomic_bool is_over;

static void *burn_deaf(void *argument)
{
    sigset_t set;

    sigfillset(&set);
    pthread_sigmask(SIG_SETMASK, &set, NULL);
    ready_count++;
    while (!is_over)
        ;
    return argument;
}

Test(reach, says_why_it_does_not_know, .timeout = 300)
{
    pthread_t thread;

    if (!reach_is_available())
        cr_skip_test("this build cannot search the heap, and says that");
    pthread_create(&thread, NULL, burn_deaf, NULL);
    while (ready_count < 1)
        usleep(1000);
    const char *text = dump();
    is_over = true;
    pthread_join(thread, NULL);
    cr_assert_not_null(strstr(text, "is not known: a thread blocks all signals and does not sleep"),
                       "%.600s", text);
}

static void *wait_for_ever(void *argument)
{
    ready_count++;
    sem_wait(argument);
    return NULL;
}

/* Threads that wait for what they alone know, and what `place` leads to. */
static __attribute__((noinline)) void start_waiting(char *memory, sem_t **place)
{
    pthread_attr_t attributes;
    pthread_t thread;
    sem_t *end = calloc(1, sizeof *end);

    sem_init(end, 0, 0);
    pthread_attr_init(&attributes);
    for (int i = 0; i < STACKS; i++) {
        pthread_attr_setstack(&attributes, memory + i * (STACK_BYTES + PAGE_BYTES) + PAGE_BYTES,
                              STACK_BYTES);
        cr_assert_eq(pthread_create(&thread, &attributes, wait_for_ever, end), 0);
    }
    while (ready_count < STACKS)
        usleep(1000);
    *place = end;
}

static __attribute__((noinline)) void wipe_stack(void)
{
    volatile char room[16384];

    for (size_t i = 0; i < sizeof room; i++)
        room[i] = 0;
}

static int count_of(const char *text, const char *words)
{
    int count = 0;

    for (; (text = strstr(text, words)) != NULL; text++)
        count++;
    return count;
}

/* As glibc 2.42 and later makes stacks: one mapping, whose guards /proc/self/maps does not show. */
Test(reach, knows_stacks_and_data_of_one_mapping_apart, .timeout = 300)
{
    char *memory = mmap(NULL, STACKS * (STACK_BYTES + PAGE_BYTES) + 2 * PAGE_BYTES,
                        PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    sem_t **place = (sem_t **)memory; /* below the first guard */
    char *first = memory + PAGE_BYTES, *last = first + STACKS * (STACK_BYTES + PAGE_BYTES);

    if (!reach_is_available())
        cr_skip_test("this build cannot search the heap");
    for (char *guard = first; guard <= last; guard += STACK_BYTES + PAGE_BYTES)
        if (madvise(guard, PAGE_BYTES, GUARD_INSTALL) != 0)
            cr_skip_test("this kernel has no MADV_GUARD_INSTALL (Linux 6.13)");
    /* one where an arena might begin */
    char *large = mmap(NULL, 2 * REACH_ARENA_BYTES, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    uintptr_t arena = ((uintptr_t)large + REACH_ARENA_BYTES) & ~(REACH_ARENA_BYTES - 1);
    cr_assert_eq(madvise((void *)arena, PAGE_BYTES, GUARD_INSTALL), 0);
    start_waiting(first, place);
    wipe_stack();
    const char *text = dump();
    cr_assert_eq(count_of(text, "stack: 128 KiB mapped"), STACKS, "%.3000s", text);
    cr_assert_not_null(strstr(text, "\n0 wait for something that nobody"), "%.3000s", text);

    sem_t *volatile end = *place;
    *place = (sem_t *)((uintptr_t)end ^ 1ul << 60);
    end = NULL;
    wipe_stack();
    for (int i = 0; i < 1000 && strstr(text, "\n3 wait for something that nobody") == NULL; i++)
        text = dump(); /* they may have been about to wait */
    cr_assert_not_null(strstr(text, "\n3 wait for something that nobody"), "%.3000s", text);
    *place = (sem_t *)((uintptr_t)*place ^ 1ul << 60);
    text = dump();
    cr_assert_not_null(strstr(text, "\n0 wait for something that nobody"), "%.3000s", text);
}
