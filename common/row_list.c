#include "common/row_list.h"

#include <stdlib.h>
#include <string.h>

enum { CAPACITY_FIRST = 128 };

struct saved_row {
    struct row row;    /* row.key moves with the text: it is set when the row is asked for */
    size_t key_offset; /* into the text */
};

struct row_list *row_list_new(void)
{
    return calloc(1, sizeof(struct row_list));
}

void row_list_delete(struct row_list *list)
{
    if (list == NULL)
        return;
    free(list->rows);
    free(list->text);
    free(list);
}

/* Room for `needed` elements of `size` bytes. */
static int reserve(void **memory, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity)
        return 0;
    size_t wanted = needed < CAPACITY_FIRST ? CAPACITY_FIRST : 2 * needed;
    void *larger = realloc(*memory, wanted * size);
    if (larger == NULL)
        return -1;
    *memory = larger;
    *capacity = wanted;
    return 0;
}

int row_list_add(struct row_list *list, const struct row *row)
{
    void *rows = list->rows, *text = list->text;

    int status = reserve(&rows, &list->capacity, list->count + 1, sizeof *list->rows);
    list->rows = rows;
    if (status == 0)
        status = reserve(&text, &list->text_capacity, list->text_length + row->key_length, 1);
    list->text = text;
    if (status != 0)
        return -1;
    memcpy(list->text + list->text_length, row->key, row->key_length);
    list->rows[list->count++] = (struct saved_row){*row, list->text_length};
    list->text_length += row->key_length;
    return 0;
}

struct row row_list_get(const struct row_list *list, size_t index)
{
    const struct saved_row *saved = &list->rows[index];
    struct row row = saved->row;
    row.key = list->text + saved->key_offset;
    return row;
}

void row_list_clear(struct row_list *list)
{
    list->count = 0;
    list->text_length = 0;
}
