/* sort.c - the contract of lesson 2, for whichever tree is linked. */
#include "common/sort.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/memory.h"
#include "tests/sample.h"

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Opens two views one after the other, as the key and the score do, and checks both. */
static void expect_sorted(const char *const *texts, uint32_t count)
{
    const char *expected[TAGS_MAX];
    struct tag tags[TAGS_MAX];
    struct tag_list list = {tags, count, false};

    if (count > 0)
        memcpy(expected, texts, count * sizeof *texts);
    qsort(expected, count, sizeof *expected, compare_texts);
    sample_tags(tags, texts, count);
    for (int caller = 0; caller < 2; caller++) {
        struct sort_view view;
        cr_assert_eq(sort_tags(&list, &view), 0);
        cr_assert_eq(view.count, count);
        for (uint32_t i = 0; i < count; i++) {
            cr_expect_str_eq(view.tags[i].text, expected[i], "place %u of %u", i, count);
            cr_expect_eq(view.tags[i].length, strlen(expected[i]));
        }
        sort_release(&view);
    }
    cr_expect_eq(list.count, count, "the list is still there");
    cr_expect_eq(list.tags, tags);
}

Test(sort, orders_by_bytes)
{
    static const char *const texts[] = {"zone:1", "app:10", "app:2", "app",
                                        "Zone",   "~",      "0",     "a b"};
    expect_sorted(texts, 8);
}

Test(sort, orders_bytes_above_ascii_as_unsigned)
{
    static const char *const texts[] = {
        "\xff", "\x7f", "\x80", "a", "\xc3\xa9", "e\xcc\x81", "z", "\xf0\x9f\x98\x80", "\x01"};
    expect_sorted(texts, 9);
}

Test(sort, keeps_duplicates)
{
    static const char *const texts[] = {"b", "a", "b", "a", "b", "c", "a"};
    expect_sorted(texts, 7);
}

Test(sort, gives_an_empty_view_of_no_tags)
{
    expect_sorted(NULL, 0);
}

Test(sort, leaves_one_tag_alone)
{
    static const char *const texts[] = {"only"};
    expect_sorted(texts, 1);
}

/* Two views are open at a time, each with a copy of the tags' order taken down before. */
Test(sort, keeps_a_view_valid_until_its_release)
{
    static const char *const texts[] = {"d", "b", "c", "a"};
    struct tag tags[4];
    struct tag_list list = {tags, 4, false};
    struct sort_view first, second;

    sample_tags(tags, texts, 4);
    cr_assert_eq(sort_tags(&list, &first), 0);
    cr_assert_eq(sort_tags(&list, &second), 0);
    for (int i = 0; i < 4; i++) {
        const char expected[] = {(char)('a' + i), '\0'};
        cr_expect_str_eq(first.tags[i].text, expected);
        cr_expect_str_eq(second.tags[i].text, expected);
    }
    sort_release(&first);
    for (int i = 0; i < 4; i++)
        cr_expect_eq(second.tags[i].text[0], 'a' + i);
    sort_release(&second);
}

Test(sort, finds_the_same_order_in_lists_of_each_length)
{
    char texts[TAGS_MAX][24];
    const char *pointers[TAGS_MAX];
    uint64_t state = 1;

    for (uint32_t count = 0; count <= TAGS_MAX; count++)
        for (int round = 0; round < 20; round++) {
            for (uint32_t i = 0; i < count; i++) {
                uint64_t chance = sample_random(&state);
                /* rounds 0 to 9 differ early, the others late or not at all */
                snprintf(texts[i], sizeof texts[i], "%.*s%u", round < 10 ? 0 : 12 + round % 6,
                         "a-long-common-prefix", (unsigned)(chance >> 33) % (round < 5 ? 1000 : 7));
                pointers[i] = texts[i];
            }
            expect_sorted(pointers, count);
        }
}

/* A list that is asked for its order a second time, after it has been told it is another record's.
 */
Test(sort, starts_anew_for_the_next_record)
{
    static const char *const first[] = {"b", "a"}, *const second[] = {"y", "x", "z"};
    struct tag tags[TAGS_MAX];
    struct sort_view view;
    struct tag_list list = {tags, 2, false};

    sample_tags(tags, first, 2);
    cr_assert_eq(sort_tags(&list, &view), 0);
    sort_release(&view);
    sample_tags(tags, second, 3);
    list = (struct tag_list){tags, 3, false};
    cr_assert_eq(sort_tags(&list, &view), 0);
    cr_expect_str_eq(view.tags[0].text, "x");
    cr_expect_str_eq(view.tags[2].text, "z");
    sort_release(&view);
}

Test(sort, counts_each_call)
{
    static const char *const texts[] = {"b", "a", "c"};
    struct tag tags[3];
    struct tag_list list = {tags, 3, false};
    struct sort_view view;
    uint64_t before = thread_counts.sort_calls;

    sample_tags(tags, texts, 3);
    for (int i = 0; i < 5; i++) {
        cr_assert_eq(sort_tags(&list, &view), 0);
        sort_release(&view);
    }
    cr_expect_eq(thread_counts.sort_calls - before, 5);
}

/* An implementation without copies cannot fail; one that makes some has to say so. */
Test(sort, survives_memory_that_runs_out)
{
    static const char *const texts[] = {"b", "a"};
    struct tag tags[2];
    struct tag_list list = {tags, 2, false};
    struct sort_view view;

    sample_tags(tags, texts, 2);
    memory_fail_at(1);
    if (sort_tags(&list, &view) == 0)
        sort_release(&view);
    memory_fail_at(0);
    cr_assert_eq(sort_tags(&list, &view), 0);
    cr_expect_str_eq(view.tags[0].text, "a");
    sort_release(&view);
}
