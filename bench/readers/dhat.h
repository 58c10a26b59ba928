/*
 * dhat.h - reads what `valgrind --tool=dhat --dhat-out-file=F` wrote: every block from the heap,
 * how often it was read and written, and by which stack it was allocated.
 *
 * Reads version 2 of DHAT's format, which Valgrind 3.17 and later write (dhat/dh_main.c there).
 * Everything in a result belongs to it. Not thread-safe for one result.
 */
#ifndef DHAT_H
#define DHAT_H

#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "bench/readers/frame.h"

/* Sums over blocks of the heap. */
struct dhat_sum {
    uint64_t bytes, blocks;           /* allocated in all */
    uint64_t gmax_bytes, gmax_blocks; /* alive when most bytes of the whole program were (t-gmax) */
    uint64_t end_bytes, end_blocks;   /* still alive at the end: never freed */
    uint64_t read_bytes, written_bytes;
    uint64_t lifetime_instructions; /* of all blocks together; by `blocks` it is their mean */
};

/* A program point: all blocks that one call stack allocated. */
struct dhat_point {
    struct dhat_sum sum;
    uint64_t most_bytes, most_blocks; /* alive at once of this point's own */
    const struct frame **frames;      /* from the allocating function outwards */
    uint32_t frame_count;
};

struct dhat {
    struct dhat_sum sum;        /* of all points */
    uint64_t end_instructions;  /* time of the program's end, in instructions */
    uint64_t gmax_instructions; /* time of t-gmax */
    struct dhat_point *points;
    uint32_t point_count;
    struct frame *frames; /* each different one once; the points refer to them */
    uint32_t frame_count;
    cJSON *json; /* holds the texts of the frames */
};

/* 0, or -1 with an error text that names the file; then there is nothing to free. */
int dhat_read(const char *path, struct dhat *result, char *error, size_t error_size);
void dhat_free(struct dhat *result);

/*
 * Sums the points that have the function anywhere in their stack, each once. The name is compared
 * by frame_name_is(). Returns the number of those points; 0 with an all-zero sum is no error, as a
 * function that allocates nothing has no points.
 */
uint32_t dhat_sum_by_function(const struct dhat *result, const char *function,
                              struct dhat_sum *sum);

#endif
