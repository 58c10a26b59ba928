/*
 * malloc.c - stands in front of the allocator, for the program and all its libraries.
 *
 * Part of a program only if it is named when that is linked; heap.h says what comes of it. Nothing
 * is allocated here: each function goes on to the next, by a tail call unless the block
 * is sampled, so that profilers and Valgrind see the caller directly above it. The C library
 * documents that its allocator may be replaced so ("Replacing malloc" in its manual); next.h has
 * what it goes on to.
 *
 * Not with sanitizers, which replace malloc themselves.
 */
#include <errno.h>
#include <stddef.h>

#include "../heap_hook.h"
#include "../heap_live.h"
#include "next.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#error "a sanitizer replaces malloc itself: do not link hooks/"
#endif

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *block, size_t size);
void *memalign(size_t alignment, size_t size);
void *aligned_alloc(size_t alignment, size_t size);
int posix_memalign(void **block, size_t alignment, size_t size);
void *valloc(size_t size);
void *pvalloc(size_t size);
void free(void *block);

extern const char heap_hook_is_linked;
const char heap_hook_is_linked = 1;

/*
 * What is on the way of each call, sampling or not, is kept apart from what is not: off, a function
 * here is a comparison and a jump.
 */
#define SELDOM __attribute__((noinline))

static SELDOM void *malloc_on(size_t size, const void *caller)
{
    if (heap_passes(size))
        return next_malloc(size);
    void *block = next_malloc(size);
    heap_sample(block, size, caller);
    return block;
}

void *malloc(size_t size)
{
    if (!heap_is_sampling())
        return next_malloc(size);
    return malloc_on(size, __builtin_return_address(0));
}

static SELDOM void *calloc_on(size_t count, size_t size, const void *caller)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, size, &bytes) || heap_passes(bytes))
        return next_calloc(count, size);
    void *block = next_calloc(count, size);
    heap_sample(block, bytes, caller);
    return block;
}

void *calloc(size_t count, size_t size)
{
    if (!heap_is_sampling())
        return next_calloc(count, size);
    return calloc_on(count, size, __builtin_return_address(0));
}

static SELDOM void *realloc_on(void *block, size_t size, const void *caller)
{
    bool is_known = block != NULL && heap_live_may_know(block);
    bool is_passed = heap_passes(size);

    if (!is_known && is_passed)
        return next_realloc(block, size);
    void *moved = is_known ? heap_move(block, size, next_realloc) : next_realloc(block, size);
    if (!is_passed)
        heap_sample(moved, size, caller);
    return moved;
}

void *realloc(void *block, size_t size)
{
    if (!heap_is_sampling())
        return next_realloc(block, size);
    return realloc_on(block, size, __builtin_return_address(0));
}

static SELDOM void free_on(void *block)
{
    if (block != NULL && heap_live_may_know(block))
        heap_forget(block);
    next_free(block);
}

void free(void *block)
{
    if (!heap_is_sampling())
        next_free(block);
    else
        free_on(block);
}

static SELDOM void *memalign_on(void *(*next)(size_t, size_t), size_t alignment, size_t size,
                                const void *caller)
{
    if (heap_passes(size))
        return next(alignment, size);
    void *block = next(alignment, size);
    heap_sample(block, size, caller);
    return block;
}

void *memalign(size_t alignment, size_t size)
{
    if (!heap_is_sampling())
        return next_memalign(alignment, size);
    return memalign_on(next_memalign, alignment, size, __builtin_return_address(0));
}

void *aligned_alloc(size_t alignment, size_t size)
{
    if (!heap_is_sampling())
        return next_aligned_alloc(alignment, size);
    return memalign_on(next_aligned_alloc, alignment, size, __builtin_return_address(0));
}

#ifdef PPROF_IS_PRELOADED
int posix_memalign(void **block, size_t alignment, size_t size)
{
    int error = next_posix_memalign(block, alignment, size);

    if (error == 0 && heap_is_sampling() && !heap_passes(size))
        heap_sample(*block, size, __builtin_return_address(0));
    return error;
}
#else
int posix_memalign(void **block, size_t alignment, size_t size)
{
    if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0)
        return EINVAL;
    int error = errno; /* which it leaves alone */
    void *memory = next_memalign(alignment, size);
    errno = error;
    if (memory == NULL)
        return ENOMEM;
    if (heap_is_sampling() && !heap_passes(size))
        heap_sample(memory, size, __builtin_return_address(0));
    *block = memory;
    return 0;
}
#endif

void *valloc(size_t size)
{
    void *block = next_valloc(size);
    if (heap_is_sampling() && !heap_passes(size))
        heap_sample(block, size, __builtin_return_address(0));
    return block;
}

void *pvalloc(size_t size)
{
    void *block = next_pvalloc(size);
    if (heap_is_sampling() && !heap_passes(size))
        heap_sample(block, size, __builtin_return_address(0));
    return block;
}
