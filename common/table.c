#include "common/table.h"

#include <stdlib.h>
#include <string.h>

/* What stands in the table before a row's key. */
struct entry {
    struct row row; /* row.key means nothing here: the key follows */
};

static size_t entry_size(size_t key_length)
{
    return (sizeof(struct entry) + key_length + 7) & ~(size_t)7;
}

int table_init(struct table *table, size_t capacity)
{
    *table = (struct table){.half_bytes = (capacity / 2 + 7) & ~(size_t)7};
    table->bytes = malloc(2 * table->half_bytes);
    return table->bytes != NULL ? 0 : -1;
}

void table_free(struct table *table)
{
    free(table->bytes);
    *table = (struct table){0};
}

uint64_t table_row_count(const struct table *table)
{
    return table->counts[0] + table->counts[1];
}

/* The rows that it had are given up. */
static int grow(struct table *table, size_t half_bytes)
{
    char *bytes = realloc(table->bytes, 2 * half_bytes);
    if (bytes == NULL)
        return -1;
    *table = (struct table){.bytes = bytes, .half_bytes = half_bytes};
    return 0;
}

int table_put(struct table *table, const struct row *row)
{
    size_t size = entry_size(row->key_length);

    if (size > table->half_bytes && grow(table, size) != 0)
        return -1;
    if (table->lengths[table->newer] + size > table->half_bytes) {
        table->newer = 1 - table->newer;
        table->lengths[table->newer] = 0;
        table->counts[table->newer] = 0;
    }
    char *half = table->bytes + table->newer * table->half_bytes;
    struct entry *entry = (struct entry *)(half + table->lengths[table->newer]);
    entry->row = *row;
    memcpy(entry + 1, row->key, row->key_length);
    table->lengths[table->newer] += size;
    table->counts[table->newer]++;
    return 0;
}
