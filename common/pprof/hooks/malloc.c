/*
 * malloc.c - stands in front of the C library's allocator, for the program and all its libraries.
 *
 * Part of a program only if it is named when that is linked; heap.h says what comes of it. Nothing
 * is allocated here: each function goes on to the C library's own, by a tail call unless the block
 * is sampled, so that profilers and Valgrind see the caller directly above it. The C library
 * documents that its allocator may be replaced so ("Replacing malloc" in its manual); the names
 * __libc_malloc and so on are its own entries to what was replaced.
 *
 * Not with sanitizers, which replace malloc themselves.
 */
#include <errno.h>
#include <stddef.h>

#include "../heap_hook.h"
#include "../heap_live.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#error "a sanitizer replaces malloc itself: do not link hooks/"
#endif

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void *__libc_valloc(size_t size);
void *__libc_pvalloc(size_t size);
void __libc_free(void *block);

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

static inline bool is_unseen(size_t size)
{
    return !heap_is_sampling() || __builtin_expect(heap_passes(size), 1);
}

void *malloc(size_t size)
{
    if (is_unseen(size))
        return __libc_malloc(size);
    void *block = __libc_malloc(size);
    heap_sample(block, size, __builtin_return_address(0));
    return block;
}

void *calloc(size_t count, size_t size)
{
    size_t bytes;

    if (!heap_is_sampling() || __builtin_mul_overflow(count, size, &bytes) || heap_passes(bytes))
        return __libc_calloc(count, size);
    void *block = __libc_calloc(count, size);
    heap_sample(block, bytes, __builtin_return_address(0));
    return block;
}

void *realloc(void *block, size_t size)
{
    if (!heap_is_sampling())
        return __libc_realloc(block, size);
    bool is_known = block != NULL && heap_live_may_know(block);
    if (!is_known && heap_passes(size))
        return __libc_realloc(block, size);
    void *moved = is_known ? heap_move(block, size, __libc_realloc) : __libc_realloc(block, size);
    if (!is_known || !heap_passes(size))
        heap_sample(moved, size, __builtin_return_address(0));
    return moved;
}

void free(void *block)
{
    if (heap_is_sampling() && block != NULL && heap_live_may_know(block))
        heap_forget(block);
    __libc_free(block);
}

void *memalign(size_t alignment, size_t size)
{
    if (is_unseen(size))
        return __libc_memalign(alignment, size);
    void *block = __libc_memalign(alignment, size);
    heap_sample(block, size, __builtin_return_address(0));
    return block;
}

void *aligned_alloc(size_t alignment, size_t size)
{
    if (is_unseen(size))
        return __libc_memalign(alignment, size);
    void *block = __libc_memalign(alignment, size);
    heap_sample(block, size, __builtin_return_address(0));
    return block;
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
    if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0)
        return EINVAL;
    int error = errno; /* which it leaves alone */
    void *memory = __libc_memalign(alignment, size);
    errno = error;
    if (memory == NULL)
        return ENOMEM;
    if (!is_unseen(size))
        heap_sample(memory, size, __builtin_return_address(0));
    *block = memory;
    return 0;
}

void *valloc(size_t size)
{
    if (is_unseen(size))
        return __libc_valloc(size);
    void *block = __libc_valloc(size);
    heap_sample(block, size, __builtin_return_address(0));
    return block;
}

void *pvalloc(size_t size)
{
    if (is_unseen(size))
        return __libc_pvalloc(size);
    void *block = __libc_pvalloc(size);
    heap_sample(block, size, __builtin_return_address(0));
    return block;
}
