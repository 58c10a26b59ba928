/*
 * table.h - rows in two halves of fixed size: when the newer half is full the older one is emptied,
 * and takes the new rows.
 *
 * What is overwritten is never read, not even for its length: as often as not it was written on
 * another core, and to fetch it from there takes longer than all else that is done here. Only a row
 * that would not fit into a half makes the halves grow, and only to that row's size. Not
 * thread-safe.
 */
#ifndef TABLE_H
#define TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "common/row.h"

struct table {
    /* one half, then the other; in them, without a gap, the rows: a struct row, whose key means
     * nothing, the key's bytes, and what is missing to a multiple of 8 */
    char *bytes;
    size_t half_bytes;  /* a multiple of 8 */
    size_t lengths[2];  /* bytes that the rows of each half take */
    uint64_t counts[2]; /* rows in each half */
    unsigned newer;     /* the half that takes new rows */
};

/* `capacity`: bytes, for both halves. 0, or -1 if memory ran out. */
int table_init(struct table *table, size_t capacity);
void table_free(struct table *table);

/* Copies the row and its key in. 0, or -1 if the halves had to grow and memory ran out. */
int table_put(struct table *table, const struct row *row);

uint64_t table_row_count(const struct table *table);

#endif
