/*
 * score.c - stages 6 and 7 and the digest, on published vectors and on values worked out by hand,
 * or in Python from the definitions.
 */
#include <criterion/criterion.h>
#include <math.h>

#include "common/record.h"
#include "tests/sample.h"

/* Fowler, Noll, Vo: the authors' own test vectors for FNV-1a, 64 bits. */
Test(fingerprint, is_fnv_1a_64)
{
    static const struct {
        struct sample_text text;
        uint64_t hash;
    } vectors[] = {
        {SAMPLE_TEXT(""), 0xcbf29ce484222325u},
        {SAMPLE_TEXT("a"), 0xaf63dc4c8601ec8cu},
        {SAMPLE_TEXT("b"), 0xaf63df4c8601f1a5u},
        {SAMPLE_TEXT("foobar"), 0x85944171f73967e8u},
        {SAMPLE_TEXT("chongo was here!\n"), 0x46810940eff5f915u},
        {SAMPLE_TEXT(SAMPLE_KEY), SAMPLE_FINGERPRINT},
    };
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        cr_expect_eq(record_fingerprint(vectors[i].text.bytes, vectors[i].text.length),
                     vectors[i].hash, "%s", vectors[i].text.bytes);
}

Test(fingerprint, takes_bytes_as_unsigned)
{
    cr_expect_eq(record_fingerprint("\xff", 1), (0xcbf29ce484222325u ^ 0xff) * 0x100000001b3u);
}

/* A record of this value and ts, with tags of these lengths. */
static int64_t score(double value, uint64_t ts, const uint32_t *lengths, uint32_t count)
{
    static const char text[] = "0123456789012345678901234567890123456789";
    struct tag tags[TAGS_MAX] = {0};
    struct record record = {.value = value, .ts = ts, .tags = {tags, count, true}};
    for (uint32_t i = 0; i < count; i++)
        tags[i] = (struct tag){.text = text, .length = lengths[i]};
    return record_score(&record, tags);
}

Test(score, adds_up_value_ts_and_tags)
{
    static const uint32_t ones[] = {1, 1}, mixed[] = {3, 1, 20};
    cr_expect_eq(score(0, 1, NULL, 0), 1);
    cr_expect_eq(score(0, 1000, NULL, 0), 0);
    cr_expect_eq(score(0, 1999, NULL, 0), 999);
    cr_expect_eq(score(1.5, 1700000000123u, ones, 2), SAMPLE_SCORE);
    cr_expect_eq(score(0, 1000, mixed, 3), 1 * 3 + 2 * 1 + 3 * 20);
    cr_expect_eq(score(1, 1, mixed, 3), 100 * 4 + 1 + 65);
}

Test(score, wraps_at_1000003_with_the_sign_that_c_gives_it)
{
    cr_expect_eq(score(10000.02, 1000, NULL, 0), 1000002);
    cr_expect_eq(score(10000.03, 1000, NULL, 0), 0);
    cr_expect_eq(score(10000.04, 1000, NULL, 0), 1);
    cr_expect_eq(score(-10000.02, 1000, NULL, 0), -1000002);
    cr_expect_eq(score(-10000.03, 1000, NULL, 0), 0);
    cr_expect_eq(score(-10000.04, 1000, NULL, 0), -1);
    cr_expect_eq(score(-1, 1001, NULL, 0), -99, "-100 + 1");
}

Test(score, rounds_halves_away_from_zero)
{
    cr_expect_eq(score(0.125, 1000, NULL, 0), 13, "12.5 cents");
    cr_expect_eq(score(-0.125, 1000, NULL, 0), -13);
    cr_expect_eq(score(0.375, 1000, NULL, 0), 38);
    cr_expect_eq(score(0.005, 1000, NULL, 0), 1, "0.5 in doubles");
    cr_expect_eq(score(0.0049999, 1000, NULL, 0), 0);
    cr_expect_eq(score(nextafter(0.005, 0) * 1, 1000, NULL, 0), 0, "0.49999999999999994");
    cr_expect_eq(score(822.26, 1000, NULL, 0), 82226);
    cr_expect_eq(score(1.005, 1000, NULL, 0), 100, "100.49999999999999 in doubles");
}

/* (1e11 * 65 + 0 + 40 * 64 * 65 / 2) mod 1000003, and the same with the other sign. */
Test(score, does_not_overflow_at_its_limits)
{
    uint32_t lengths[TAGS_MAX];
    for (int i = 0; i < TAGS_MAX; i++)
        lengths[i] = 40;
    cr_expect_eq(score(1e9, 1000, lengths, TAGS_MAX), 6500000083200 % 1000003);
    cr_expect_eq(score(-1e9, 1000, lengths, TAGS_MAX), -6499999916800 % 1000003);
}

Test(score, weighs_long_tags_in_64_bits)
{
    struct tag tags[TAGS_MAX];
    struct record record = {.ts = 1000, .tags = {tags, TAGS_MAX, true}};
    for (int i = 0; i < TAGS_MAX; i++)
        tags[i] = (struct tag){.text = "", .length = 1u << 30};
    cr_expect_eq(record_score(&record, tags), (INT64_C(2080) << 30) % 1000003);
}

Test(digest, mixes_fingerprint_id_score_ntags_and_ts)
{
    cr_expect_eq(record_digest(SAMPLE_FINGERPRINT, 7, SAMPLE_SCORE, 2, 1700000000123u),
                 SAMPLE_DIGEST);
    cr_expect_eq(record_digest(0, 0, 0, 0, 0), 0);
    cr_expect_eq(record_digest(1, 0, 0, 0, 0), 0x76802b9bf231c13eu);
    cr_expect_eq(record_digest(0x4553fb18180aaafeu, 1, -5, 0, 1), 0xce446abefc2e33c1u,
                 "a negative score is 2^64 - 5");
}
