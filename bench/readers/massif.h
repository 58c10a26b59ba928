/*
 * massif.h - reads what `valgrind --tool=massif` wrote: how much memory was in use over time, and
 * who had asked for it.
 *
 * A detailed snapshot has a tree: its root is all of the heap, a node's children are the callers
 * of its function, and each node's bytes are the sum of its children's. Massif lumps together what
 * is below its threshold (1% of the snapshot), and details few snapshots; --threshold=0 and
 * --detailed-freq=1 give all of them. With --pages-as-heap=yes the "heap" is every mapped page, as
 * reserved by mmap() and brk(), program and libraries included.
 *
 * A file has no mark at its end: one that was cut between two snapshots reads as a shorter run.
 * Everything in a result belongs to it. Not thread-safe for one result.
 */
#ifndef MASSIF_H
#define MASSIF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"
#include "text.h"

/* In the order of the file: a node is followed by its children, which are one deeper. */
struct massif_node {
    uint64_t bytes;
    struct frame frame;      /* all zero for the root and for what is below the threshold */
    uint32_t depth;          /* 0 for the root */
    bool is_below_threshold; /* several callers that Massif does not name */
};

struct massif_snapshot {
    uint64_t time;        /* in the unit of the result */
    uint64_t heap_bytes;  /* as asked for; with --pages-as-heap=yes all that is mapped */
    uint64_t extra_bytes; /* what the allocator adds for itself and to round up */
    uint64_t stack_bytes; /* 0 without --stacks=yes */
    bool is_peak;         /* Massif's own mark of the highest point */
    uint32_t node_first;  /* its tree: nodes[node_first] and on; none if node_count is 0 */
    uint32_t node_count;
};

struct massif {
    const char *time_unit; /* "i" instructions, "ms", or "B" bytes allocated and freed */
    struct massif_snapshot *snapshots;
    uint32_t snapshot_count; /* at least 1 */
    uint32_t peak; /* index: the one that is_peak; or else the first with the most bytes in all */
    struct massif_node *nodes; /* of all trees */
    uint32_t node_count;
    struct text text; /* holds all texts above */
};

/* 0, or -1 with an error text that names file and line; then there is nothing to free. */
int massif_read(const char *path, struct massif *result, char *error, size_t error_size);
void massif_free(struct massif *result);

/*
 * The bytes at this snapshot (an index) that have the function in their stack, each byte once. The
 * name is compared by frame_name_is(). 0, or -1 if the snapshot has no tree. What is below the
 * threshold has no names: the true number can be higher by up to massif_unnamed_bytes().
 */
int massif_bytes_of(const struct massif *result, uint32_t snapshot, const char *function,
                    uint64_t *bytes);

/* The bytes at this snapshot that are below the threshold. 0, or -1 if the snapshot has no tree. */
int massif_unnamed_bytes(const struct massif *result, uint32_t snapshot, uint64_t *bytes);

#endif
