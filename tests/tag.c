/* tag.c - the order of tags is strcmp()'s, and sorting counts what it does. */
#include "common/tag.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/sample.h"

enum { TEXT_MAX = 40 };

static int sign(int number)
{
    return (number > 0) - (number < 0);
}

/* Texts that are often equal, or for long: a few letters, half of them above ASCII. */
static void random_text(uint64_t *state, char text[TEXT_MAX + 1])
{
    static const char letters[] = "aab\x01\x7f\x80\xff";
    size_t length = sample_random(state) % (TEXT_MAX + 1);
    size_t common = sample_random(state) % (TEXT_MAX + 1);
    for (size_t i = 0; i < length; i++)
        text[i] = i < common ? 'a' : letters[sample_random(state) % (sizeof letters - 1)];
    text[length] = '\0';
}

static struct tag tag_of(const char *text)
{
    return tag_make(text, (uint32_t)strlen(text));
}

Test(tag, compares_as_strcmp_does)
{
    char a[TEXT_MAX + 1], b[TEXT_MAX + 1];
    uint64_t state = 1;

    for (int round = 0; round < 100000; round++) {
        random_text(&state, a);
        random_text(&state, b);
        struct tag first = tag_of(a), second = tag_of(b);
        cr_assert_eq(sign(tag_compare(&first, &second)), sign(strcmp(a, b)), "%s and %s", a, b);
        cr_assert_eq(tag_compare(&first, &first), 0);
    }
}

/* Pairs whose first difference, or whose end, falls on each place around the prefix's end. */
Test(tag, compares_texts_that_differ_late)
{
    char a[TEXT_MAX + 1], b[TEXT_MAX + 1];
    for (size_t length = 0; length <= TEXT_MAX; length++) {
        memset(a, 'x', length);
        a[length] = '\0';
        for (size_t at = 0; at < length; at++) {
            memcpy(b, a, length + 1);
            struct tag first = tag_of(a);
            b[at] = '\xff';
            struct tag second = tag_of(b);
            cr_expect_lt(tag_compare(&first, &second), 0, "%zu of %zu", at, length);
            b[at] = '\0';
            second = tag_of(b);
            cr_expect_gt(tag_compare(&first, &second), 0, "%zu of %zu", at, length);
        }
    }
}

Test(tag, counts_each_comparison)
{
    struct tag a = tag_of("a"), b = tag_of("b");
    uint64_t before = thread_counts.comparisons;
    for (int i = 0; i < 10; i++)
        tag_compare(&a, &b);
    cr_expect_eq(thread_counts.comparisons - before, 10);
}

Test(tag, is_sorted_where_none_is_smaller_than_the_one_before)
{
    static const char *const texts[] = {"a", "a", "b", "\x80", "\xff"};
    struct tag tags[5];
    uint64_t before = thread_counts.comparisons;

    sample_tags(tags, texts, 5);
    cr_expect(tag_is_sorted(tags, 5));
    cr_expect_eq(thread_counts.comparisons - before, 4);
    cr_expect(tag_is_sorted(tags, 1));
    cr_expect(tag_is_sorted(tags, 0));
    struct tag last = tags[4];
    tags[4] = tags[0];
    tags[0] = last;
    before = thread_counts.comparisons;
    cr_expect_not(tag_is_sorted(tags, 5));
    cr_expect_leq(thread_counts.comparisons - before, 4);
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void expect_sorting(const char *const *texts, uint32_t count)
{
    const char *expected[TAGS_MAX];
    struct tag tags[TAGS_MAX];

    memcpy(expected, texts, count * sizeof *texts);
    qsort(expected, count, sizeof *expected, compare_texts);
    sample_tags(tags, texts, count);
    tag_sort(tags, count);
    for (uint32_t i = 0; i < count; i++) {
        struct tag again = tag_of(expected[i]);
        cr_expect_str_eq(tags[i].text, expected[i], "place %u of %u", i, count);
        cr_expect_eq(tags[i].length, again.length);
        cr_expect(tags[i].prefix == again.prefix);
    }
}

Test(tag, sorts_as_qsort_with_strcmp_does)
{
    char texts[TAGS_MAX][TEXT_MAX + 1];
    const char *pointers[TAGS_MAX];
    uint64_t state = 7;

    for (uint32_t i = 0; i < TAGS_MAX; i++)
        pointers[i] = texts[i];
    for (int round = 0; round < 200; round++)
        for (uint32_t count = 0; count <= TAGS_MAX; count++) {
            for (uint32_t i = 0; i < count; i++)
                random_text(&state, texts[i]);
            expect_sorting(pointers, count);
        }
}

/* Orders that algorithms stumble over: up, down, all equal, organ pipes, sawtooth; short and long.
 */
Test(tag, sorts_patterns)
{
    char texts[TAGS_MAX][TEXT_MAX + 1];
    const char *pointers[TAGS_MAX];

    for (int pattern = 0; pattern < 5; pattern++)
        for (int long_prefix = 0; long_prefix < 2; long_prefix++)
            for (uint32_t count = 0; count <= TAGS_MAX; count++) {
                for (uint32_t i = 0; i < count; i++) {
                    uint32_t number = pattern == 0   ? i
                                      : pattern == 1 ? count - i
                                      : pattern == 2 ? 7
                                      : pattern == 3 ? (i < count / 2 ? i : count - i)
                                                     : i % 5;
                    snprintf(texts[i], sizeof texts[i], "%s%03u",
                             long_prefix ? "a-prefix-of-some-length:" : "", number);
                    pointers[i] = texts[i];
                }
                expect_sorting(pointers, count);
            }
}

/* 64 log2 64 is 384. A quadratic sort would take 2016 to 4096. */
Test(tag, sorts_in_n_log_n_comparisons)
{
    char texts[TAGS_MAX][TEXT_MAX + 1];
    struct tag tags[TAGS_MAX];

    for (int long_prefix = 0; long_prefix < 2; long_prefix++) {
        for (uint32_t i = 0; i < TAGS_MAX; i++) {
            snprintf(texts[i], sizeof texts[i], "%s%03u",
                     long_prefix ? "a-prefix-of-some-length:" : "", (i * 37) % 64);
            tags[i] = tag_of(texts[i]);
        }
        struct counts before = thread_counts;
        tag_sort(tags, TAGS_MAX);
        cr_expect_eq(thread_counts.sorts - before.sorts, 1);
        cr_expect_geq(thread_counts.comparisons - before.comparisons, 63);
        cr_expect_leq(thread_counts.comparisons - before.comparisons, 1000);
        cr_expect(tag_is_sorted(tags, TAGS_MAX));
    }
}
