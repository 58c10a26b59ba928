#include "profile_top.h"

#include <stdlib.h>

#include "profile_samples.h"
#include "texts.h"
#include "value_text.h"

struct row {
    const char *function;
    int64_t flat, cum;
    size_t last_sample; /* + 1: a function that calls itself counts once a stack */
};

struct top {
    struct texts names; /* numbered as the rows are */
    struct row *rows;
    size_t capacity;
};

/* The row of a function; NULL: no memory. */
static struct row *find_row(struct top *top, const char *function)
{
    long number = texts_add(&top->names, function);

    if (number < 0)
        return NULL;
    if ((size_t)number >= top->capacity) {
        size_t capacity = top->capacity ? 2 * top->capacity : 256;
        struct row *larger = realloc(top->rows, capacity * sizeof *larger);
        if (larger == NULL)
            return NULL;
        for (size_t i = top->capacity; i < capacity; i++)
            larger[i] = (struct row){0};
        top->rows = larger;
        top->capacity = capacity;
    }
    return &top->rows[number];
}

static int count_sample(struct top *top, const struct profile_sample *sample, size_t number,
                        int64_t value, struct symbols *symbols)
{
    struct symbol_place place;
    char name[SYMBOLS_NAME_SIZE];

    for (unsigned i = 0; i < sample->depth; i++) {
        uintptr_t address = profile_sample_address(sample, i);
        symbols_find(symbols, address, &place);
        if (place.frame_count == 0)
            place.frames[place.frame_count++] = (struct symbol_frame){0};
        for (unsigned j = 0; j < place.frame_count; j++) {
            struct row *row =
                find_row(top, symbols_name(symbols, address, &place, &place.frames[j], name));
            if (row == NULL)
                return -1;
            if (i == 0 && j == 0)
                row->flat += value;
            if (row->last_sample != number + 1)
                row->cum += value;
            row->last_sample = number + 1;
        }
    }
    return 0;
}

static int flat_first(const void *left, const void *right)
{
    const struct row *a = left, *b = right;

    if (a->flat != b->flat)
        return a->flat < b->flat ? 1 : -1;
    return a->cum < b->cum ? 1 : a->cum > b->cum ? -1 : 0;
}

static void write_rows(FILE *file, struct top *top, const struct profile_type *type, int64_t sum)
{
    size_t count = top->names.count < top->capacity ? top->names.count : top->capacity;
    double whole = sum != 0 ? (double)sum / 100 : 1;
    char flat[32], cum[32];

    for (size_t i = 0; i < count; i++)
        top->rows[i].function = top->names.texts[i];
    if (count > 0)
        qsort(top->rows, count, sizeof *top->rows, flat_first);
    fputs("#\n#        flat   flat%         cum    cum%  function\n", file);
    for (size_t i = 0; i < count && i < PROFILE_TOP_ROWS; i++) {
        const struct row *row = &top->rows[i];
        if (row->flat != 0 || row->cum != 0)
            fprintf(file, "# %11s %6.2f%% %11s %6.2f%%  %s\n",
                    value_text(row->flat, type->unit, flat), (double)row->flat / whole,
                    value_text(row->cum, type->unit, cum), (double)row->cum / whole, row->function);
    }
}

int profile_top_write(FILE *file, const struct profile *profile, struct symbols *symbols,
                      unsigned by)
{
    struct top top = {.rows = NULL};
    int64_t sum = 0;
    int status = 0;

    if (texts_init(&top.names) != 0)
        return -1;
    for (size_t i = 0; i < profile->sample_count && status == 0; i++) {
        int64_t value = profile->samples[i]->values[by];
        sum += value;
        status = count_sample(&top, profile->samples[i], i, value, symbols);
    }
    if (status == 0)
        write_rows(file, &top, &profile->types[by], sum);
    texts_free(&top.names);
    free(top.rows);
    return status;
}
