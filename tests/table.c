/* table.c - the two halves of rows, against a model that keeps all rows and says which may be gone.
 */
#include "common/table.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/memory.h"
#include "tests/sample.h"

enum { KEY_MAX = 300 };

/* The key of row `id`: its length and bytes depend on the id alone. */
static size_t key_of(uint64_t id, size_t length_max, char key[KEY_MAX])
{
    uint64_t state = id + 1;
    size_t length = sample_random(&state) % (length_max + 1);
    memset(key, (int)('a' + id % 26), length);
    return length;
}

static void put(struct table *table, uint64_t id, size_t length_max)
{
    char key[KEY_MAX];
    struct row row = {
        .key = key, .id = id, .fingerprint = ~id, .score = -(int64_t)id, .ts = id + 7};
    row.key_length = key_of(id, length_max, key);
    row.ntags = (uint32_t)id % 65;
    cr_assert_eq(table_put(table, &row), 0);
}

/* Where a walk over the rows is: all zero before the first one. */
struct cursor {
    uint64_t visited; /* rows */
    size_t offset;    /* of the next one in its half */
};

/* Visits the rows, oldest first: 1 with *row, 0 at the end. */
static int next_row(const struct table *table, struct cursor *cursor, struct row *row)
{
    uint64_t older_count = table->counts[1 - table->newer];
    unsigned half = cursor->visited < older_count ? 1 - table->newer : table->newer;

    if (cursor->visited == table_row_count(table))
        return 0;
    if (cursor->visited == older_count)
        cursor->offset = 0;
    const char *at = table->bytes + half * table->half_bytes + cursor->offset;
    memcpy(row, at, sizeof *row);
    row->key = at + sizeof *row;
    cursor->offset += (sizeof *row + row->key_length + 7) & ~(size_t)7;
    cursor->visited++;
    return 1;
}

/* All rows up to id-1 were put: those that are left are the last ones, whole and in order. */
static void expect_last_rows(const struct table *table, uint64_t id, size_t length_max)
{
    struct cursor cursor = {0};
    uint64_t expected = id - table_row_count(table);
    struct row row;

    while (next_row(table, &cursor, &row) == 1) {
        char key[KEY_MAX];
        size_t length = key_of(expected, length_max, key);
        cr_assert_eq(row.id, expected);
        cr_assert_eq(row.key_length, length);
        cr_assert_arr_eq(row.key, key, length);
        cr_assert_eq(row.fingerprint, ~expected);
        cr_assert_eq(row.score, -(int64_t)expected);
        cr_assert_eq(row.ts, expected + 7);
        cr_assert_eq(row.ntags, expected % 65);
        expected++;
    }
    cr_assert_eq(expected, id, "%u rows are missing", (unsigned)(id - expected));
}

Test(table, starts_empty)
{
    struct table table;
    struct row row;
    cr_assert_eq(table_init(&table, 1000), 0);
    cr_expect_eq(table_row_count(&table), 0);
    cr_expect_eq(next_row(&table, &(struct cursor){0}, &row), 0);
    table_free(&table);
}

Test(table, keeps_all_rows_while_they_fit)
{
    struct table table;
    cr_assert_eq(table_init(&table, 1 << 20), 0);
    for (uint64_t id = 0; id < 1000; id++) {
        put(&table, id, 100);
        cr_expect_eq(table_row_count(&table), id + 1);
    }
    expect_last_rows(&table, 1000, 100);
    table_free(&table);
}

/* Halves of many sizes: at least one of them is always kept, but for a row's room. */
Test(table, overwrites_its_oldest_rows)
{
    for (size_t capacity = 600; capacity < 2000; capacity += 24) {
        struct table table;
        cr_assert_eq(table_init(&table, capacity), 0);
        size_t half_bytes = table.half_bytes;
        for (uint64_t id = 0; id < 300; id++) {
            put(&table, id, 200);
            expect_last_rows(&table, id + 1, 200);
            cr_assert_geq(table_row_count(&table), 1);
            cr_assert_leq(table.lengths[0], half_bytes);
            cr_assert_leq(table.lengths[1], half_bytes);
        }
        cr_expect_eq(table.half_bytes, half_bytes, "it does not grow");
        table_free(&table);
    }
}

/* Rows of one size that fill a half exactly: none of them is given up too early. */
Test(table, uses_all_of_its_room)
{
    struct table table;
    cr_assert_eq(table_init(&table, 1 << 16), 0);
    put(&table, 0, 0);
    size_t bytes = table.lengths[0];
    cr_expect_leq(bytes, 2 * sizeof(struct row));
    table_free(&table);

    cr_assert_eq(table_init(&table, bytes * 10), 0);
    for (uint64_t id = 0; id < 43; id++) {
        put(&table, id, 0);
        cr_expect_eq(table_row_count(&table), id < 10 ? id + 1 : 5 + id % 5 + 1, "five a half");
        expect_last_rows(&table, id + 1, 0);
    }
    table_free(&table);
}

Test(table, grows_just_for_a_row_that_is_larger_than_a_half)
{
    struct table table;
    size_t length = 100000;
    char *key = sample_long('k', length);
    struct row row = {.key = key, .key_length = length, .id = 77}, found;
    struct cursor cursor = {0};

    cr_assert_eq(table_init(&table, 500), 0);
    put(&table, 0, 100);
    put(&table, 1, 100);
    cr_assert_eq(table_put(&table, &row), 0);
    cr_expect_lt(table.half_bytes, length + 500);
    cr_assert_eq(next_row(&table, &cursor, &found), 1);
    cr_expect_eq(found.id, 77);
    cr_expect_eq(found.key_length, length);
    cr_expect_arr_eq(found.key, key, length);
    cr_expect_eq(next_row(&table, &cursor, &found), 0);
    put(&table, 78, 100);
    put(&table, 79, 100);
    cursor = (struct cursor){0};
    for (uint64_t id = 77; id < 80; id++) {
        cr_assert_eq(next_row(&table, &cursor, &found), 1);
        cr_expect_eq(found.id, id);
    }
    cr_expect_eq(next_row(&table, &cursor, &found), 0);
    free(key);
    table_free(&table);
}

Test(table, may_start_with_no_room_at_all)
{
    struct table table;
    cr_assert_eq(table_init(&table, 0), 0);
    for (uint64_t id = 0; id < 100; id++) {
        put(&table, id, 200);
        expect_last_rows(&table, id + 1, 200);
    }
    table_free(&table);
}

Test(table, keeps_its_rows_when_it_cannot_grow)
{
    struct table table;
    char *key = sample_long('k', 10000);
    struct row row = {.key = key, .key_length = 10000};

    memory_fail_at(1);
    cr_expect_eq(table_init(&table, 1000), -1);
    memory_fail_at(0);
    cr_assert_eq(table_init(&table, 1000), 0);
    put(&table, 0, 100);
    put(&table, 1, 100);
    memory_fail_at(1);
    cr_expect_eq(table_put(&table, &row), -1);
    memory_fail_at(0);
    expect_last_rows(&table, 2, 100);
    put(&table, 2, 100);
    expect_last_rows(&table, 3, 100);
    free(key);
    table_free(&table);
}
