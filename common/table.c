#include "table.h"

#include <stdlib.h>
#include <string.h>

/* What stands in the ring before a row's key. */
struct entry {
    struct row row; /* row.key means nothing here: the key follows */
};

static size_t entry_size(size_t key_length)
{
    return (sizeof(struct entry) + key_length + 7) & ~(size_t)7;
}

int table_init(struct table *table, size_t capacity)
{
    *table = (struct table){.capacity = (capacity + 7) & ~(size_t)7};
    table->ring = malloc(table->capacity);
    return table->ring != NULL ? 0 : -1;
}

void table_free(struct table *table)
{
    free(table->ring);
    *table = (struct table){0};
}

/*
 * With rows in the table there are two states. Not wrapped: tail < head, the rows are [tail, head).
 * Wrapped: head <= tail, the older rows are [tail, end), the newer ones [0, head).
 */
static int is_wrapped(const struct table *table)
{
    return table->row_count > 0 && table->head <= table->tail;
}

static void drop_oldest(struct table *table)
{
    const struct entry *oldest = (const struct entry *)(table->ring + table->tail);
    int was_wrapped = is_wrapped(table);

    table->tail += entry_size(oldest->row.key_length);
    table->row_count--;
    if (was_wrapped && table->tail == table->end)
        table->tail = 0;
    if (table->row_count == 0)
        table->tail = table->head;
}

static int grow(struct table *table, size_t capacity)
{
    char *ring = realloc(table->ring, capacity);
    if (ring == NULL)
        return -1;
    *table = (struct table){.ring = ring, .capacity = capacity};
    return 0;
}

int table_put(struct table *table, const struct row *row)
{
    size_t size = entry_size(row->key_length);

    if (size > table->capacity && grow(table, size) != 0)
        return -1;
    if (table->head + size > table->capacity) {
        /* No room at the end: what is left of the older rows there goes, and we start again. */
        while (is_wrapped(table))
            drop_oldest(table);
        table->end = table->head;
        table->head = 0;
        if (table->row_count == 0)
            table->tail = 0;
    }
    while (is_wrapped(table) && table->tail < table->head + size)
        drop_oldest(table);

    struct entry *entry = (struct entry *)(table->ring + table->head);
    entry->row = *row;
    memcpy(entry + 1, row->key, row->key_length);
    if (table->row_count == 0)
        table->tail = table->head;
    table->head += size;
    table->row_count++;
    return 0;
}

int table_next(const struct table *table, struct table_cursor *cursor, struct row *row)
{
    if (cursor->visited == table->row_count)
        return 0;
    if (cursor->visited == 0)
        cursor->offset = table->tail;
    else if (cursor->offset == table->end && is_wrapped(table))
        cursor->offset = 0;

    const struct entry *entry = (const struct entry *)(table->ring + cursor->offset);
    *row = entry->row;
    row->key = (const char *)(entry + 1);
    cursor->offset += entry_size(row->key_length);
    cursor->visited++;
    return 1;
}
