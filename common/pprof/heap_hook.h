/* heap_hook.h - what hooks/malloc.c needs of heap.c. */
#ifndef PPROF_HEAP_HOOK_H
#define PPROF_HEAP_HOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern bool heap_is_on;

/* False as a rule: a branch that the CPU predicts. */
static inline bool heap_is_sampling(void)
{
    return __builtin_expect(__atomic_load_n(&heap_is_on, __ATOMIC_RELAXED), 0);
}

/* What the calling thread may still allocate before the next sample. */
extern _Thread_local uint64_t heap_left_bytes;

/* An allocation goes by unsampled: true, and it is counted. */
static inline bool heap_passes(size_t size)
{
    if (heap_left_bytes < size)
        return false;
    heap_left_bytes -= size;
    return true;
}

/* Samples the block (NULL: it could not be had), for the code at `caller`. errno is kept. */
void heap_sample(const void *block, size_t size, const void *caller);

/* The block is about to be freed. errno is kept. */
void heap_forget(const void *block);

/* Reallocates what may be a sampled block, with the C library's realloc. */
void *heap_move(void *block, size_t size, void *(*reallocate)(void *, size_t));

#endif
