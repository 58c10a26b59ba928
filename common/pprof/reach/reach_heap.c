#define _GNU_SOURCE
#include "reach_heap.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    ALIGNMENT = 16,
    HEADER_BYTES = 16, /* the size of the block before, if that is free, and of this one */
    FLAGS = 7,
    PREVIOUS_IN_USE = 1,
    BLOCK_BYTES_MIN = 32,
    FIRST_BLOCK_MAX = 4096, /* of an arena: its own description is in front */
    PROBE_BYTES = 1000
};

static uintptr_t word_at(uintptr_t address)
{
    return *(const uintptr_t *)address;
}

static uintptr_t size_of(uintptr_t header)
{
    return word_at(header + 8) & ~(uintptr_t)FLAGS;
}

void reach_probe_take(struct reach_probe *probe)
{
    *probe = (struct reach_probe){.block = malloc(PROBE_BYTES)};
#if defined __GLIBC__ && !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
    void *block = malloc(PROBE_BYTES);
    uintptr_t address = (uintptr_t)block;

    __asm__ volatile("" : "+r"(address)); /* the compiler need not know that it is freed */
    free(block);
    if (address != 0)
        probe->freed_key = word_at(address + 8);
    if (probe->block != NULL)
        probe->bytes = malloc_usable_size(probe->block);
#endif
}

void reach_probe_give_back(struct reach_probe *probe)
{
    free(probe->block);
    *probe = (struct reach_probe){.block = NULL};
}

/* Do the blocks from `header` on lead exactly to `high`? */
static bool is_chain(uintptr_t header, uintptr_t high)
{
    while (header + HEADER_BYTES <= high) {
        uintptr_t size = size_of(header);
        if (size == 0)
            return high - header <= 2 * HEADER_BYTES; /* a heap that was left for a new one */
        if ((size < BLOCK_BYTES_MIN && size != HEADER_BYTES) || size % ALIGNMENT != 0 ||
            size > high - header)
            return false;
        header += size;
    }
    return header == high;
}

static void add_region(struct reach_heap *heap, uintptr_t low, uintptr_t high)
{
    if (heap->region_count == REACH_REGIONS_MAX)
        return;
    heap->regions[heap->region_count++] =
        (struct reach_region){.low = low, .high = high, .first_bit = heap->bit_count};
    heap->bit_count += ((high - low) / ALIGNMENT + 63) & ~(size_t)63;
    if (low < heap->low)
        heap->low = low;
    if (high > heap->high)
        heap->high = high;
}

/* The heap of an arena: struct heap_info, of the first one struct malloc_state, then blocks. */
static void add_arena(struct reach_heap *heap, const struct mapping *mapping, uintptr_t base)
{
    enum { ARENA, PREVIOUS, SIZE, PROTECTED_SIZE, FIELDS };
    uintptr_t fields[FIELDS];

    if (base + FIRST_BLOCK_MAX > mapping->high)
        return;
    memcpy(fields, (const void *)base, sizeof fields);
    uintptr_t size = fields[SIZE];
    if (size < FIRST_BLOCK_MAX || size > mapping->high - base || size > REACH_ARENA_BYTES ||
        fields[PROTECTED_SIZE] < size || fields[PROTECTED_SIZE] > REACH_ARENA_BYTES ||
        fields[ARENA] < REACH_ARENA_BYTES || fields[PREVIOUS] % REACH_ARENA_BYTES != 0)
        return;
    for (uintptr_t at = sizeof fields; at < FIRST_BLOCK_MAX; at += ALIGNMENT)
        if (is_chain(base + at, base + size)) {
            add_region(heap, base + at, base + size);
            return;
        }
}

static void set_bit(uint64_t *bits, size_t bit)
{
    bits[bit / 64] |= UINT64_C(1) << bit % 64;
}

static bool has_bit(const uint64_t *bits, size_t bit)
{
    return (bits[bit / 64] >> bit % 64 & 1) != 0;
}

static const struct reach_region *region_of(const struct reach_heap *heap, uintptr_t address)
{
    if (address < heap->low || address >= heap->high)
        return NULL;
    for (unsigned i = 0; i < heap->region_count; i++)
        if (address >= heap->regions[i].low && address < heap->regions[i].high)
            return &heap->regions[i];
    return NULL;
}

/* The last block that starts at `bit` or before; the region's first bit starts one. */
static size_t start_before(const struct reach_heap *heap, size_t bit)
{
    size_t word = bit / 64;
    uint64_t bits = heap->starts[word] & (UINT64_MAX >> (63 - bit % 64));

    while (bits == 0)
        bits = heap->starts[--word];
    return word * 64 + 63 - (size_t)__builtin_clzll(bits);
}

bool reach_heap_find(const struct reach_heap *heap, uintptr_t address, struct reach_block *block)
{
    const struct reach_region *region = region_of(heap, address);

    if (region == NULL || address < region->low + HEADER_BYTES)
        return false;
    /* a block reaches to where the next one's size is */
    size_t bit = region->first_bit + (address - 8 - region->low) / ALIGNMENT;
    size_t start = start_before(heap, bit);
    uintptr_t header = region->low + (start - region->first_bit) * ALIGNMENT;
    uintptr_t size = size_of(header), next = header + size;
    if (address < header + HEADER_BYTES || next + HEADER_BYTES > region->high ||
        (word_at(next + 8) & PREVIOUS_IN_USE) == 0)
        return false; /* free */
    if (heap->freed_key != 0 && word_at(header + HEADER_BYTES + 8) == heap->freed_key)
        return false; /* kept by a thread */
    *block = (struct reach_block){.low = header + HEADER_BYTES, .high = next + 8, .bit = start};
    return true;
}

/* Is the block where it is, and as large as malloc says? */
static bool is_read_right(const struct reach_heap *heap, const struct reach_probe *probe)
{
    struct reach_block block;

    return reach_heap_find(heap, (uintptr_t)probe->block, &block) &&
           block.low == (uintptr_t)probe->block && block.high - block.low == probe->bytes;
}

const char *reach_heap_init(struct reach_heap *heap, const struct maps *maps,
                            const struct guards *guards, const struct reach_probe *probe)
{
    heap->freed_key = probe->freed_key;
    heap->region_count = 0;
    heap->bit_count = 0;
    heap->low = UINTPTR_MAX;
    heap->high = 0;
    for (size_t i = 0; i < maps->count; i++) {
        const struct mapping *mapping = &maps->mappings[i];
        if (!mapping->is_writable || !mapping->is_readable || mapping->is_shared)
            continue;
        if (mapping->is_heap && is_chain(mapping->low, mapping->high))
            add_region(heap, mapping->low, mapping->high);
        for (uintptr_t base = (mapping->low + REACH_ARENA_BYTES - 1) & ~(REACH_ARENA_BYTES - 1);
             mapping->is_anonymous && base < mapping->high; base += REACH_ARENA_BYTES)
            if (!guards_has(guards, base))
                add_arena(heap, mapping, base);
    }
    size_t bytes = 2 * (heap->bit_count / 8) + 16;
    heap->starts = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (heap->starts == MAP_FAILED)
        return "there is no memory to search in";
    heap->marks = heap->starts + heap->bit_count / 64;
    for (unsigned i = 0; i < heap->region_count; i++) {
        const struct reach_region *region = &heap->regions[i];
        for (uintptr_t header = region->low;
             header + HEADER_BYTES <= region->high && size_of(header) != 0;
             header += size_of(header))
            set_bit(heap->starts, region->first_bit + (header - region->low) / ALIGNMENT);
    }
    if (!is_read_right(heap, probe))
        return "a block of malloc's is not found where malloc has put it: either a thread was "
               "stopped within malloc, or it is not glibc's, or one of another layout than 2.36 "
               "to 2.43 have";
    return NULL;
}

bool reach_heap_is_header(const struct reach_heap *heap, uintptr_t address)
{
    const struct reach_region *region = region_of(heap, address);

    return region != NULL && (address - region->low) % ALIGNMENT == 0 &&
           has_bit(heap->starts, region->first_bit + (address - region->low) / ALIGNMENT);
}

bool reach_heap_is_marked(const struct reach_heap *heap, const struct reach_block *block)
{
    return has_bit(heap->marks, block->bit);
}

void reach_heap_mark(struct reach_heap *heap, const struct reach_block *block)
{
    set_bit(heap->marks, block->bit);
}
