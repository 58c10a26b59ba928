/* normalise.c - stage 3: tags stripped of white space and lowered, against a plain model of it. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/record.h"
#include "tests/sample.h"

/* Normalises a list of tags whose texts are put into an arena, as cJSON does. */
static struct tag_list normalise(struct arena *arena, struct tag tags[TAGS_MAX],
                                 const struct sample_text *texts, uint32_t count)
{
    struct record record = {.tags = {tags, count, false}};
    for (uint32_t i = 0; i < count; i++) {
        char *text = arena_take(arena, texts[i].length + 1);
        cr_assert_not_null(text);
        memcpy(text, texts[i].bytes, texts[i].length);
        text[texts[i].length] = '\0';
        tags[i].text = text;
    }
    record_normalise(&record);
    return record.tags;
}

static bool is_white(char byte)
{
    return strchr(" \t\n\v\f\r", byte) != NULL; /* of a NUL too, but there is none here */
}

/* The definition, written down as plainly as it goes. */
static size_t model(const struct sample_text *text, char *result)
{
    size_t from = 0, to = text->length;
    while (from < to && is_white(text->bytes[from]))
        from++;
    while (to > from && is_white(text->bytes[to - 1]))
        to--;
    for (size_t i = from; i < to; i++) {
        char byte = text->bytes[i];
        result[i - from] = (char)(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
    }
    result[to - from] = '\0';
    return to - from;
}

/* Also what tag_make() would make of it: the sort relies on the prefix. */
static void expect_tag(const struct tag *tag, const char *expected, size_t length)
{
    struct tag made = tag_make(expected, (uint32_t)length);
    cr_expect_eq(tag->length, length, "%zu bytes: %s", length, expected);
    cr_expect_str_eq(tag->text, expected);
    cr_expect(tag->prefix == made.prefix, "%s", expected);
}

static void expect_normal(const struct sample_text *text)
{
    char *expected = malloc(text->length + 1);
    struct arena arena = {0};
    struct tag tags[TAGS_MAX];

    cr_assert_not_null(expected);
    size_t length = model(text, expected);
    struct tag_list list = normalise(&arena, tags, text, 1);
    cr_expect_eq(list.count, length > 0 ? 1 : 0);
    if (list.count == 1)
        expect_tag(&tags[0], expected, length);
    arena_free(&arena);
    free(expected);
}

Test(normalise, strips_six_bytes_of_white_space_at_both_ends)
{
    static const struct sample_text texts[] = {
        SAMPLE_TEXT(" a"),
        SAMPLE_TEXT("a "),
        SAMPLE_TEXT("\t\n\v\f\r a \r\f\v\n\t"),
        SAMPLE_TEXT("a b"),
        SAMPLE_TEXT(" a \t b "),
        SAMPLE_TEXT("\x08"
                    "a"
                    "\x0e"),
        SAMPLE_TEXT("\x1c"
                    "a"),
        SAMPLE_TEXT("\xc2\xa0"
                    "a"),
        SAMPLE_TEXT("\x85"
                    "a\xa0"),
        SAMPLE_TEXT("a\x7f"),
        SAMPLE_TEXT(" \x1f "),
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        expect_normal(&texts[i]);
}

Test(normalise, lowers_ascii_and_nothing_else)
{
    char text[2] = {0};
    for (int byte = 1; byte < 256; byte++) {
        text[0] = (char)byte;
        expect_normal(&(struct sample_text){text, 1});
    }
    expect_normal(&(struct sample_text)SAMPLE_TEXT("AZaz@[`{\xc3\x89\xc3\xa9"));
    expect_normal(&(struct sample_text)SAMPLE_TEXT("\xc1\xda\x41\x5a"));
}

Test(normalise, drops_what_is_empty_then_and_keeps_the_order)
{
    static const struct sample_text texts[] = {
        SAMPLE_TEXT(""),  SAMPLE_TEXT("B"),   SAMPLE_TEXT(" \t"),
        SAMPLE_TEXT("a"), SAMPLE_TEXT(" A "), SAMPLE_TEXT("\r\n"),
    };
    struct tag tags[TAGS_MAX];
    struct arena arena = {0};
    struct tag_list list = normalise(&arena, tags, texts, 6);

    cr_assert_eq(list.count, 3);
    expect_tag(&list.tags[0], "b", 1);
    expect_tag(&list.tags[1], "a", 1);
    expect_tag(&list.tags[2], "a", 1);
    arena_free(&arena);
}

Test(normalise, may_leave_no_tag_at_all)
{
    static const struct sample_text texts[] = {SAMPLE_TEXT(" "), SAMPLE_TEXT("")};
    struct tag tags[TAGS_MAX];
    struct arena arena = {0};
    cr_expect_eq(normalise(&arena, tags, texts, 2).count, 0);
    arena_free(&arena);
}

/* Each length up to some words, each number of blanks before and behind. */
Test(normalise, does_the_same_at_each_length)
{
    char text[128];
    for (int before = 0; before < 20; before++)
        for (int length = 0; length < 50; length++)
            for (int behind = 0; behind < 20; behind++) {
                memset(text, ' ', sizeof text);
                for (int i = 0; i < length; i++)
                    text[before + i] = (char)('A' + i % 57);
                expect_normal(&(struct sample_text){text, (size_t)(before + length + behind)});
            }
}

Test(normalise, agrees_with_its_model_on_random_bytes)
{
    static const char common[] = " \t\n\v\f\rAZaz@[`{09:\x80\xc1\xff";
    uint64_t state = 1;
    char text[200];

    for (int round = 0; round < 20000; round++) {
        size_t length = sample_random(&state) % (round % 10 == 0 ? sizeof text : 40);
        for (size_t i = 0; i < length; i++) {
            uint64_t chance = sample_random(&state);
            text[i] = chance % 3 == 0 ? (char)(1 + (chance >> 8) % 255)
                                      : common[(chance >> 8) % (sizeof common - 1)];
        }
        expect_normal(&(struct sample_text){text, length});
    }
}
