/*
 * massif.h - reads what `valgrind --tool=massif` wrote: how much memory was in use over time.
 *
 * With --pages-as-heap=yes the "heap" is every mapped page, as reserved by mmap() and brk(),
 * program and libraries included. Who had asked for it, the trees of some snapshots, is for
 * ms_print and massif-visualizer, and is passed over here.
 *
 * A file has no mark at its end: one that was cut between two snapshots reads as a shorter run.
 * Everything in a result belongs to it. Not thread-safe for one result.
 */
#ifndef MASSIF_H
#define MASSIF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/readers/text.h"

struct massif_snapshot {
    uint64_t time;        /* in the unit of the result */
    uint64_t heap_bytes;  /* as asked for; with --pages-as-heap=yes all that is mapped */
    uint64_t extra_bytes; /* what the allocator adds for itself and to round up */
    uint64_t stack_bytes; /* 0 without --stacks=yes */
    bool is_peak;         /* Massif's own mark of the highest point */
};

struct massif {
    const char *time_unit; /* "i" instructions, "ms", or "B" bytes allocated and freed */
    struct massif_snapshot *snapshots;
    uint32_t snapshot_count; /* at least 1 */
    uint32_t peak; /* index: the one that is_peak; or else the first with the most bytes in all */
    struct text text; /* holds all texts above */
};

/* 0, or -1 with an error text that names file and line; then there is nothing to free. */
int massif_read(const char *path, struct massif *result, char *error, size_t error_size);
void massif_free(struct massif *result);

#endif
