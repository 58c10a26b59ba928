/* key.c - the contract of lesson 1, for whichever tree is linked. What differs is in naive.c,
 * fixed.c. */
#include "common/key.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "common/memory.h"
#include "tests/sample.h"

static void expect_key(struct key *key, uint64_t id, const char *name, const char *const *texts,
                       uint32_t count, const char *expected)
{
    struct tag tags[TAGS_MAX];
    sample_tags(tags, texts, count);
    cr_assert_eq(key_build(key, id, name, tags, count), 0);
    cr_expect_str_eq(key->text, expected);
    cr_expect_eq(key->length, strlen(expected));
    cr_expect_lt(key->length, key->capacity, "the NUL belongs to it too");
}

Test(key, joins_tags_in_order)
{
    static const char *const tags[] = {"zone:1", "app:2", "app:2", "b"};
    struct key key = {0};
    expect_key(&key, 7, "sensor-1", tags, 4, "7:sensor-1|zone:1|app:2|app:2|b");
    expect_key(&key, 7, "sensor-1", tags, 1, "7:sensor-1|zone:1");
    key_free(&key);
}

Test(key, of_no_tags_is_id_and_name)
{
    struct key key = {0};
    expect_key(&key, 42, "n", NULL, 0, "42:n");
    key_free(&key);
}

Test(key, writes_each_id)
{
    static const uint64_t powers[] = {
        1, 9, 10, 99, 100, 999999, 1000000, 123456789, 9007199254740991u, UINT64_MAX};
    struct key key = {0};
    char expected[64];
    for (size_t i = 0; i < sizeof powers / sizeof *powers; i++) {
        snprintf(expected, sizeof expected, "%llu:x", (unsigned long long)powers[i]);
        expect_key(&key, powers[i], "x", NULL, 0, expected);
    }
    key_free(&key);
}

Test(key, takes_any_bytes_for_names_and_tags)
{
    static const char *const tags[] = {"%s%n", "|", ":", "\xff\x80", "a b\t", ""};
    struct key key = {0};
    expect_key(&key, 1, "%d:\xc3\xa9|", tags, 6, "1:%d:\xc3\xa9||%s%n|||:|\xff\x80|a b\t|");
    key_free(&key);
}

Test(key, replaces_what_the_buffer_held)
{
    static const char *const many[] = {"region:1", "region:2", "region:3"};
    struct key key = {0};
    expect_key(&key, 123456789, "a-long-name", many, 3,
               "123456789:a-long-name|region:1|region:2|region:3");
    expect_key(&key, 1, "b", many, 1, "1:b|region:1");
    expect_key(&key, 123456789, "a-long-name", many, 2, "123456789:a-long-name|region:1|region:2");
    key_free(&key);
}

/* Each length up to some hundred, so that whatever is copied in words meets all its edges. */
Test(key, is_exact_at_each_length)
{
    enum { LENGTH_MAX = 130 };
    struct key key = {0};
    char name[LENGTH_MAX + 1], texts[2][LENGTH_MAX + 1], expected[4 * LENGTH_MAX];

    for (int length = 0; length <= LENGTH_MAX; length++) {
        memset(name, 'n', sizeof name);
        memset(texts, 't', sizeof texts);
        name[LENGTH_MAX - length] = texts[0][length] = texts[1][length / 2] = '\0';
        int size = snprintf(expected, sizeof expected, "5:%s|%s|%s", name, texts[0], texts[1]);
        struct key fresh = {0};
        expect_key(&key, 5, name, (const char *const[]){texts[0], texts[1]}, 2, expected);
        expect_key(&fresh, 5, name, (const char *const[]){texts[0], texts[1]}, 2, expected);
        cr_expect_eq(fresh.length, (size_t)size);
        key_free(&fresh);
    }
    key_free(&key);
}

Test(key, may_be_very_long)
{
    enum { NAME_LENGTH = 1 << 20, TAG_LENGTH = 70000 };
    char *name = sample_long('n', NAME_LENGTH), *text = sample_long('t', TAG_LENGTH);
    struct tag tags[TAGS_MAX];
    struct key key = {0};

    for (int i = 0; i < TAGS_MAX; i++)
        tags[i] = tag_make(text, TAG_LENGTH);
    cr_assert_eq(key_build(&key, 1, name, tags, TAGS_MAX), 0);
    cr_assert_eq(key.length, 2 + NAME_LENGTH + TAGS_MAX * (1 + TAG_LENGTH));
    cr_expect_eq(key.text[key.length], '\0');
    cr_expect_eq(strlen(key.text), key.length);
    cr_expect_eq(strspn(key.text + 2, "n"), NAME_LENGTH);
    for (size_t at = 2 + NAME_LENGTH; at < key.length; at += 1 + TAG_LENGTH) {
        cr_expect_eq(key.text[at], '|');
        cr_expect_eq(strspn(key.text + at + 1, "t"), TAG_LENGTH);
    }
    key_free(&key);
    free(name);
    free(text);
}

Test(key, can_be_used_again_after_free)
{
    struct key key = {0};
    expect_key(&key, 1, "a", NULL, 0, "1:a");
    key_free(&key);
    cr_expect_null(key.text);
    cr_expect_eq(key.length, 0);
    cr_expect_eq(key.capacity, 0);
    key_free(&key);
    expect_key(&key, 2, "b", NULL, 0, "2:b");
    key_free(&key);
}

/* Wherever memory runs out, the buffer can be used again, and be freed. */
Test(key, survives_memory_that_runs_out)
{
    static const char *const texts[] = {"a", "b", "c", "d"};
    struct tag tags[4];
    struct key key = {0};
    int status = -1;

    sample_tags(tags, texts, 4);
    for (uint64_t nth = 1; status != 0 && nth < 100; nth++) {
        memory_fail_at(nth);
        status = key_build(&key, 1, "name", tags, 4);
        memory_fail_at(0);
        if (nth == 1)
            cr_expect_eq(status, -1, "an empty buffer needs memory");
        if (status != 0 && nth % 2 == 0)
            key_free(&key);
    }
    cr_assert_eq(status, 0);
    cr_expect_str_eq(key.text, "1:name|a|b|c|d");

    char *name = sample_long('n', 10000);
    memory_fail_at(1);
    cr_expect_eq(key_build(&key, 1, name, tags, 4), -1, "it has to grow");
    memory_fail_at(0);
    free(name);
    expect_key(&key, 2, "again", texts, 2, "2:again|a|b");
    key_free(&key);
}
