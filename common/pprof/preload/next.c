/*
 * The first call of an allocator may come before anything of this library has run: from the loader
 * itself, or from another library's start. So the table begins with functions that look all of them
 * up. dlsym() may allocate in its turn; what it asks for meanwhile is cut from a small array, and
 * stays there.
 */
#define _GNU_SOURCE /* RTLD_NEXT */
#include "../hooks/next.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

_Alignas(4096) char next_early[NEXT_EARLY_BYTES];
static size_t early_used;
static bool is_looking;

static void look_up(void);

/* A block there begins behind its size. NULL: it is full. */
static void *cut_early(size_t alignment, size_t size)
{
    uintptr_t at = (uintptr_t)next_early + early_used + sizeof(size_t);

    at = (at + alignment - 1) / alignment * alignment;
    size_t end = at - (uintptr_t)next_early;
    if (size > NEXT_EARLY_BYTES || end > NEXT_EARLY_BYTES - size) {
        errno = ENOMEM;
        return NULL;
    }
    early_used = end + size;
    ((size_t *)at)[-1] = size;
    return (void *)at;
}

static void *first_malloc(size_t size)
{
    if (is_looking)
        return cut_early(16, size);
    look_up();
    return next_allocator.malloc(size);
}

static void *first_calloc(size_t count, size_t size)
{
    size_t bytes;

    if (is_looking) /* the array is zero, and each part of it given once */
        return __builtin_mul_overflow(count, size, &bytes) ? NULL : cut_early(16, bytes);
    look_up();
    return next_allocator.calloc(count, size);
}

static void *first_realloc(void *block, size_t size)
{
    if (is_looking)
        return block == NULL ? cut_early(16, size) : NULL;
    look_up();
    return next_allocator.realloc(block, size);
}

static void *first_memalign(size_t alignment, size_t size)
{
    if (is_looking)
        return cut_early(alignment < 16 ? 16 : alignment, size);
    look_up();
    return next_allocator.memalign(alignment, size);
}

static void *first_aligned_alloc(size_t alignment, size_t size)
{
    if (is_looking)
        return first_memalign(alignment, size);
    look_up();
    return next_allocator.aligned_alloc(alignment, size);
}

static int first_posix_memalign(void **block, size_t alignment, size_t size)
{
    look_up();
    return next_allocator.posix_memalign(block, alignment, size);
}

static void *first_valloc(size_t size)
{
    look_up();
    return next_allocator.valloc(size);
}

static void *first_pvalloc(size_t size)
{
    look_up();
    return next_allocator.pvalloc(size);
}

static void first_free(void *block)
{
    if (is_looking || block == NULL)
        return;
    look_up();
    next_allocator.free(block);
}

struct next_allocator next_allocator = {
    .malloc = first_malloc,
    .calloc = first_calloc,
    .realloc = first_realloc,
    .memalign = first_memalign,
    .aligned_alloc = first_aligned_alloc,
    .posix_memalign = first_posix_memalign,
    .valloc = first_valloc,
    .pvalloc = first_pvalloc,
    .free = first_free,
};

void *next_find(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

static void find(void *function, const char *name)
{
    void *symbol = next_find(name);

    if (symbol != NULL)
        memcpy(function, &symbol, sizeof symbol);
}

/* By one thread: programs allocate long before they have a second. */
static void look_up(void)
{
    struct next_allocator found = next_allocator;

    if (is_looking)
        return;
    is_looking = true;
    find(&found.malloc, "malloc");
    find(&found.calloc, "calloc");
    find(&found.realloc, "realloc");
    find(&found.memalign, "memalign");
    find(&found.aligned_alloc, "aligned_alloc");
    find(&found.posix_memalign, "posix_memalign");
    find(&found.valloc, "valloc");
    find(&found.pvalloc, "pvalloc");
    find(&found.free, "free");
    next_allocator = found;
    is_looking = false;
}

void *next_realloc_early(void *block, size_t size)
{
    size_t old = ((size_t *)block)[-1];
    void *moved = next_allocator.malloc(size);

    if (moved != NULL)
        memcpy(moved, block, old < size ? old : size);
    return moved;
}
