/*
 * table.h - rows in a ring of bytes of fixed size: a new row overwrites the oldest ones.
 *
 * Only a row that would not fit into the whole ring makes it grow, and only to that row's size. Not
 * thread-safe.
 */
#ifndef TABLE_H
#define TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "database.h"

struct table {
    char *ring;
    size_t capacity; /* bytes */
    size_t head;     /* where the next row goes */
    size_t tail;     /* the oldest row */
    size_t end;      /* the ring's rows end here when head has wrapped around behind tail */
    uint64_t row_count;
};

/* 0, or -1 if memory ran out. */
int table_init(struct table *table, size_t capacity);
void table_free(struct table *table);

/* Copies the row and its key in. 0, or -1 if the ring had to grow and memory ran out. */
int table_put(struct table *table, const struct row *row);

/* Where a walk over the rows is: all zero before the first one. */
struct table_cursor {
    uint64_t visited;
    size_t offset;
};

/* Visits the rows, oldest first: 1 with *row (its key valid until the next put), 0 at the end. */
int table_next(const struct table *table, struct table_cursor *cursor, struct row *row);

#endif
