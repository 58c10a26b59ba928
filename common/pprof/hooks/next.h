/*
 * next.h - the allocator behind hooks/malloc.c: next_malloc() and its like.
 *
 * Linked into a program that is the C library's, by the names that it has for what was replaced. In
 * a library that is preloaded (PPROF_IS_PRELOADED) it is whichever comes next for the program,
 * jemalloc's, say, and has to be looked up: next.c.
 */
#ifndef PPROF_NEXT_H
#define PPROF_NEXT_H

#include <stddef.h>
#include <stdint.h>

#ifdef PPROF_IS_PRELOADED

/* Whoever is called first looks all of them up. */
struct next_allocator {
    void *(*malloc)(size_t size);
    void *(*calloc)(size_t count, size_t size);
    void *(*realloc)(void *block, size_t size);
    void *(*memalign)(size_t alignment, size_t size);
    void *(*aligned_alloc)(size_t alignment, size_t size);
    int (*posix_memalign)(void **block, size_t alignment, size_t size);
    void *(*valloc)(size_t size);
    void *(*pvalloc)(size_t size);
    void (*free)(void *block);
};
extern struct next_allocator next_allocator;
extern char next_early[]; /* blocks that were asked for meanwhile */
enum { NEXT_EARLY_BYTES = 32 * 1024 };

/* ISO C has no way from an object's pointer to a function's; the next one's of that name, or NULL
 */
void *next_find(const char *name);
void *next_realloc_early(void *block, size_t size);

static inline int next_is_early(const void *block)
{
    return (uintptr_t)block - (uintptr_t)next_early < NEXT_EARLY_BYTES;
}

static inline void *next_realloc(void *block, size_t size)
{
    return next_is_early(block) ? next_realloc_early(block, size)
                                : next_allocator.realloc(block, size);
}

static inline void next_free(void *block)
{
    if (!next_is_early(block))
        next_allocator.free(block);
}

#define next_malloc next_allocator.malloc
#define next_calloc next_allocator.calloc
#define next_memalign next_allocator.memalign
#define next_aligned_alloc next_allocator.aligned_alloc
#define next_posix_memalign next_allocator.posix_memalign
#define next_valloc next_allocator.valloc
#define next_pvalloc next_allocator.pvalloc

#else

/* Not through the table of jumps, where the compiler can do without: it is an instruction more. */
#if __has_attribute(noplt)
#define NEXT_DIRECT __attribute__((noplt))
#else
#define NEXT_DIRECT
#endif
NEXT_DIRECT void *__libc_malloc(size_t size);
NEXT_DIRECT void *__libc_calloc(size_t count, size_t size);
NEXT_DIRECT void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void *__libc_valloc(size_t size);
void *__libc_pvalloc(size_t size);
NEXT_DIRECT void __libc_free(void *block);

#define next_malloc __libc_malloc
#define next_calloc __libc_calloc
#define next_realloc __libc_realloc
#define next_memalign __libc_memalign
#define next_aligned_alloc __libc_memalign
#define next_valloc __libc_valloc
#define next_pvalloc __libc_pvalloc
#define next_free __libc_free

#endif
#endif
