/*
 * reach_heap.h - the blocks of glibc's malloc, found by the sizes in front of them.
 *
 * For a child that was forked while all else stood still: no locks, no malloc. Memory that is not
 * laid out as expected, as another allocator's, is left alone: it is no region. Blocks that malloc
 * mapped one by one (128 KiB and more) are none either.
 *
 * The layout: https://sourceware.org/glibc/wiki/MallocInternals
 */
#ifndef PPROF_REACH_HEAP_H
#define PPROF_REACH_HEAP_H

#include "../guards.h"
#include "../maps.h"

enum { REACH_REGIONS_MAX = 1024 };

/* Arenas' heaps are aligned to so much; what malloc notes of an arena is at its beginning. */
#define REACH_ARENA_BYTES ((uintptr_t)64 << 20)

/*
 * What the reading of malloc's memory is held against: a block in use, and what stands in one that
 * a thread freed and keeps.
 */
struct reach_probe {
    void *block; /* NULL: no memory */
    size_t bytes;
    uintptr_t freed_key; /* 0: not to be had */
};

struct reach_region {
    uintptr_t low, high;
    size_t first_bit; /* each 16 bytes have one */
};

struct reach_block {
    uintptr_t low, high;
    size_t bit;
};

struct reach_heap {
    uintptr_t freed_key; /* in blocks that a thread freed and keeps (tcache); 0: not known */
    unsigned region_count;
    struct reach_region regions[REACH_REGIONS_MAX];
    uintptr_t low, high; /* of all regions */
    size_t bit_count;
    uint64_t *starts, *marks;
};

/* Before the fork: they allocate and free. */
void reach_probe_take(struct reach_probe *probe);
void reach_probe_give_back(struct reach_probe *probe);

/*
 * Finds the regions. Large: to be had by mmap(). NULL, or what is in doubt, as a part of a
 * sentence: there is no memory, or the probe is not found as it is.
 */
const char *reach_heap_init(struct reach_heap *heap, const struct maps *maps,
                            const struct guards *guards, const struct reach_probe *probe);

/* The block in use that `address` is in, its end included. False: in none. */
bool reach_heap_find(const struct reach_heap *heap, uintptr_t address, struct reach_block *block);

/* Is it malloc's own address of a block, which is not the program's? Bins are made of these. */
bool reach_heap_is_header(const struct reach_heap *heap, uintptr_t address);

bool reach_heap_is_marked(const struct reach_heap *heap, const struct reach_block *block);
void reach_heap_mark(struct reach_heap *heap, const struct reach_block *block);

#endif
