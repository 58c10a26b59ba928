#include "common/row_list.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "common/memory.h"

enum { ROWS = 1000 };

static struct row make(unsigned i, char key[32])
{
    snprintf(key, 32, "%u:key|%.*s", i, (int)(i % 20), "abcdefghijklmnopqrst");
    return (struct row){.key = key, .key_length = strlen(key), .id = i, .score = -(int64_t)i};
}

Test(row_list, keeps_copies_in_order)
{
    struct row_list *list = row_list_new();
    char key[32];

    for (int round = 0; round < 2; round++) {
        for (unsigned i = 0; i < ROWS; i++) {
            struct row row = make(i, key);
            cr_assert_eq(row_list_add(list, &row), 0);
        }
        cr_assert_eq(list->count, ROWS);
        for (unsigned i = 0; i < ROWS; i++) {
            struct row wanted = make(i, key), found = row_list_get(list, i);
            cr_assert_eq(found.id, wanted.id);
            cr_assert_eq(found.score, wanted.score);
            cr_assert_eq(found.key_length, wanted.key_length);
            cr_assert_eq(memcmp(found.key, key, wanted.key_length), 0);
        }
        row_list_clear(list);
    }
    row_list_delete(list);
}

Test(row_list, is_as_it_was_where_memory_runs_out)
{
    char key[32];

    for (uint64_t nth = 1; nth <= 2; nth++) {
        struct row_list *list = row_list_new();
        struct row row = make(1, key);

        memory_fail_at(nth);
        int status = row_list_add(list, &row);
        memory_fail_at(0);
        cr_assert_eq(status, -1);
        cr_assert_eq(list->count, 0);
        cr_assert_eq(row_list_add(list, &row), 0);
        cr_assert_eq(list->count, 1);
        row_list_delete(list);
    }
}
