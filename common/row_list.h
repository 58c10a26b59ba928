/*
 * row_list.h - copies of rows, in order, until a database takes them.
 *
 * Belongs to one thread at a time. Cleared it keeps its memory for the next rows.
 */
#ifndef ROW_LIST_H
#define ROW_LIST_H

#include <stddef.h>

#include "common/row.h"

struct saved_row;

struct row_list {
    struct row_list *next; /* for the use of whoever keeps several */
    size_t count;
    size_t capacity;
    struct saved_row *rows;
    char *text; /* the rows' keys, one behind the other */
    size_t text_length, text_capacity;
};

/* NULL if memory ran out. */
struct row_list *row_list_new(void);
void row_list_delete(struct row_list *list); /* NULL is allowed */

/* Copies the row and its key. 0, or -1 with errno set if memory ran out: the list is as it was. */
int row_list_add(struct row_list *list, const struct row *row);

/* Row `index`, below count; its key is valid until the next row_list_add or row_list_clear. */
struct row row_list_get(const struct row_list *list, size_t index);

void row_list_clear(struct row_list *list);

#endif
