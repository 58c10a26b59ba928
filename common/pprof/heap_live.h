/*
 * heap_live.h - the sampled blocks that have not been freed, by address. For heap.c and the hooks.
 *
 * A block that was not sampled costs each free() one look at one byte: heap_live_chains[] holds how
 * many sampled blocks share a hash, in 16 KiB, and nearly all of them are 0. The blocks themselves
 * are guarded by a spin lock that is held for some instructions; fork() takes it.
 */
#ifndef PPROF_HEAP_LIVE_H
#define PPROF_HEAP_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "stacks.h"

enum { HEAP_LIVE_BITS = 14, HEAP_LIVE_BLOCKS_MAX = 65536 };

/* A sampled block, and what it stands for. */
struct heap_block {
    const void *address;
    struct stack_entry *entry; /* who allocated it */
    int64_t objects;           /* in units of 1 / STACKS_ONE */
    int64_t bytes;
};

extern _Atomic uint8_t heap_live_chains[1 << HEAP_LIVE_BITS];

static inline unsigned heap_live_hash(const void *address)
{
    return (unsigned)(((uintptr_t)address >> 4) * 0x9E3779B97F4A7C15u >> (64 - HEAP_LIVE_BITS));
}

/* False: this block has not been sampled. */
static inline bool heap_live_may_know(const void *address)
{
    return atomic_load_explicit(&heap_live_chains[heap_live_hash(address)], memory_order_relaxed) !=
           0;
}

int heap_live_init(void); /* once; 0, or -1 without memory */
/* 0, or -1 if there is no room for one more. */
int heap_live_add(const struct heap_block *block);
/* Takes the block out, into *block. 0, or -1 if it has not been sampled. */
int heap_live_take(const void *address, struct heap_block *block);
/* Takes all of them out and shows each to `visit`, which may not allocate or free. */
void heap_live_clear(void (*visit)(const struct heap_block *block));

#endif
