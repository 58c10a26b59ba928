#define _DEFAULT_SOURCE /* clock_gettime */
#include "heap.h"

#include <errno.h>
#include <math.h>
#include <time.h>

#include "heap_hook.h"
#include "heap_live.h"
#include "own_stack.h"
#include "stacks.h"

/* The values of a stack. */
enum { ALLOC_OBJECTS, ALLOC_BYTES, INUSE_OBJECTS, INUSE_BYTES };

/* hooks/malloc.c has it: its address is NULL where the hooks are not linked. */
extern const char heap_hook_is_linked __attribute__((weak));

bool heap_is_on;
_Thread_local uint64_t heap_left_bytes;

/* Process-wide, as malloc is. */
static struct stacks stacks;
static double sample_bytes_mean = HEAP_SAMPLE_BYTES;
static _Atomic uint64_t unfollowed_count;

static _Thread_local struct {
    uint64_t random;
    bool is_inside; /* an allocation by the sampler itself */
} thread;

bool heap_is_available(void)
{
    return &heap_hook_is_linked != NULL;
}

int heap_start(size_t sample_bytes)
{
    if (!heap_is_available()) {
        errno = ENOTSUP;
        return -1;
    }
    if (heap_is_on) {
        errno = EALREADY;
        return -1;
    }
    if (stacks_init(&stacks) != 0 || heap_live_init() != 0) {
        errno = ENOMEM;
        return -1;
    }
    sample_bytes_mean = sample_bytes > 0 ? (double)sample_bytes : HEAP_SAMPLE_BYTES;
    __atomic_store_n(&heap_is_on, true, __ATOMIC_RELEASE);
    return 0;
}

static void count_free(const struct heap_block *block)
{
    atomic_fetch_sub_explicit(&block->entry->values[INUSE_OBJECTS], block->objects,
                              memory_order_relaxed);
    atomic_fetch_sub_explicit(&block->entry->values[INUSE_BYTES], block->bytes,
                              memory_order_relaxed);
}

void heap_stop(void)
{
    __atomic_store_n(&heap_is_on, false, __ATOMIC_RELEASE);
    heap_live_clear(count_free);
}

/* splitmix64 (Steele, Lea, Flood 2014): good enough to space samples, and a thread needs 8 bytes.
 */
static uint64_t random_next(void)
{
    uint64_t z = thread.random += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* The bytes to the next sample: exponentially distributed, at most some dozen means. */
static uint64_t gap_next(void)
{
    if (sample_bytes_mean <= 1)
        return 0; /* each is sampled */
    double uniform = ((double)(random_next() >> 11) + 0.5) / 0x1p53;
    return (uint64_t)(-log(uniform) * sample_bytes_mean);
}

static void record(const void *address, size_t size, const void *caller)
{
    uintptr_t stack[STACKS_DEPTH_MAX];
    unsigned depth = stacks_cut(stack, own_stack_take(stack, STACKS_DEPTH_MAX), caller);
    struct heap_block block = {.address = address, .entry = stacks_find(&stacks, stack, depth)};
    /* malloc(0) is never sampled: it has no bytes */
    double stands_for = sample_bytes_mean > 1 ? 1 / -expm1(-(double)size / sample_bytes_mean) : 1;
    block.objects = llround(stands_for * STACKS_ONE);
    block.bytes = llround(stands_for * (double)size);
    _Atomic int64_t *values = block.entry->values;
    atomic_fetch_add_explicit(&values[ALLOC_OBJECTS], block.objects, memory_order_relaxed);
    atomic_fetch_add_explicit(&values[ALLOC_BYTES], block.bytes, memory_order_relaxed);
    atomic_fetch_add_explicit(&values[INUSE_OBJECTS], block.objects, memory_order_relaxed);
    atomic_fetch_add_explicit(&values[INUSE_BYTES], block.bytes, memory_order_relaxed);
    struct heap_block stale; /* freed by a way that no hook sees, an allocator's own */
    if (heap_live_may_know(address) && heap_live_take(address, &stale) == 0)
        count_free(&stale);
    if (heap_live_add(&block) != 0) {
        count_free(&block);
        atomic_fetch_add_explicit(&unfollowed_count, 1, memory_order_relaxed);
    }
}

static void seed(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    thread.random =
        (uint64_t)(uintptr_t)&thread ^ ((uint64_t)now.tv_nsec << 32) ^ (uint64_t)now.tv_sec ^ 1;
    heap_left_bytes = gap_next();
}

void heap_sample(const void *block, size_t size, const void *caller)
{
    if (block == NULL || thread.is_inside)
        return;
    int error = errno;
    thread.is_inside = true;
    if (thread.random == 0) {
        seed();
        if (heap_passes(size))
            goto done;
    }
    record(block, size, caller);
    heap_left_bytes = gap_next();
done:
    thread.is_inside = false;
    errno = error;
}

void heap_forget(const void *address)
{
    struct heap_block block;
    int error = errno;

    if (heap_live_take(address, &block) == 0)
        count_free(&block);
    errno = error;
}

void *heap_move(void *old, size_t size, void *(*reallocate)(void *, size_t))
{
    struct heap_block block;
    /* out before the address can be another thread's */
    bool is_known = heap_live_take(old, &block) == 0;
    void *moved = reallocate(old, size);

    if (is_known && moved == NULL && size > 0)
        is_known = heap_live_add(&block) != 0; /* it could not be had, and the old one stays */
    if (is_known)
        count_free(&block);
    return moved;
}

struct profile *heap_profile(void)
{
    static const struct profile_type types[] = {{"alloc_objects", "count"},
                                                {"alloc_space", "bytes"},
                                                {"inuse_objects", "count"},
                                                {"inuse_space", "bytes"}};
    struct profile *profile = profile_new(types, 4);
    if (profile == NULL)
        return NULL;
    profile_set_period(profile, (struct profile_type){"space", "bytes"},
                       (int64_t)sample_bytes_mean);
    if (stacks_add_to(profile, &stacks) != 0) {
        profile_delete(profile);
        return NULL;
    }
    return profile;
}

uint64_t heap_unfollowed_count(void)
{
    return atomic_load_explicit(&unfollowed_count, memory_order_relaxed);
}
