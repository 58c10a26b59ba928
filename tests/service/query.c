#include "common/service/query.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

Test(query, takes_names_and_values_apart)
{
    struct query query;

    cr_assert_null(query_parse(&query, "n=1%300&seed=7&flag&empty=&a+b=c%20d"));
    cr_assert_eq(query.count, 5);
    cr_assert_str_eq(query_value(&query, "n"), "100");
    cr_assert_str_eq(query_value(&query, "seed"), "7");
    cr_assert_str_eq(query_value(&query, "flag"), "");
    cr_assert_str_eq(query_value(&query, "empty"), "");
    cr_assert_str_eq(query_value(&query, "a b"), "c d");
    cr_assert_null(query_value(&query, "N"));
}

Test(query, may_be_empty)
{
    struct query query;

    cr_assert_null(query_parse(&query, ""));
    cr_assert_eq(query.count, 0);
    cr_assert_null(query_parse(&query, "&&a=1&&"));
    cr_assert_eq(query.count, 1);
}

Test(query, refuses_what_it_would_have_to_guess_at)
{
    static const char *const wrong[] = {"a=%", "a=%4",  "a=%G0", "a=%0",   "%=1",   "a=1&a=2",
                                        "=1",  "a=%00", "a=%0A", "a=\x7F", "a=\x01"};
    struct query query;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        cr_assert_not_null(query_parse(&query, wrong[i]), "'%s' passed", wrong[i]);
        cr_assert_eq(query.count, 0);
    }
}

Test(query, has_bounds)
{
    char text[2 * QUERY_LENGTH_MAX] = "a=";
    struct query query;

    memset(text + 2, 'x', QUERY_LENGTH_MAX - 2);
    cr_assert_null(query_parse(&query, text));
    text[QUERY_LENGTH_MAX] = 'x';
    cr_assert_not_null(query_parse(&query, text));
    text[0] = '\0';
    for (int i = 0; i <= QUERY_ITEMS_MAX; i++) {
        sprintf(text + strlen(text), "p%d=1&", i);
        cr_assert_eq(query_parse(&query, text) == NULL, i < QUERY_ITEMS_MAX);
    }
}

Test(query, numbers_are_whole_and_within_range)
{
    static const char *const wrong[] = {"n=",   "n=x", "n=1x",  "n=-1",  "n=+1",
                                        "n= 1", "n=4", "n=1e0", "n=0x1", "n=99999999999999999999"};
    struct query query;
    uint64_t number = 77;

    query_parse(&query, "m=1");
    cr_assert_eq(query_number(&query, "n", 1, 3, &number), 0);
    cr_assert_eq(number, 77, "what is not there leaves it as it was");
    query_parse(&query, "n=3");
    cr_assert_eq(query_number(&query, "n", 1, 3, &number), 0);
    cr_assert_eq(number, 3);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        query_parse(&query, wrong[i]);
        cr_assert_eq(query_number(&query, "n", 1, 3, &number), -1, "'%s' passed", wrong[i]);
        cr_assert_eq(number, 3);
    }
}

Test(query, knows_what_is_unknown)
{
    static const char *const known[] = {"n", "seed", NULL};
    struct query query;

    query_parse(&query, "n=1&seed=2");
    cr_assert_null(query_unknown(&query, known));
    query_parse(&query, "n=1&sed=2");
    cr_assert_str_eq(query_unknown(&query, known), "sed");
}
