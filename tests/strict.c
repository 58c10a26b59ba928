/*
 * strict.c - what is JSON and what is not: RFC 8259, its grammar, UTF-8 and the project's own rule
 * about NULs, on texts that cJSON alone takes, and on those that it refuses.
 */
#include "common/strict.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/record.h"
#include "tests/sample.h"

enum { ANY_OFFSET = -1 };

struct bad {
    const char *bytes;
    size_t length;
    enum reject_reason reason;
    int offset; /* of the fault, or ANY_OFFSET where it is cJSON that says it */
};

#define BAD(literal, reason, offset)                                                               \
    {                                                                                              \
        literal, sizeof(literal) - 1, reason, offset                                               \
    }
#define PARSE(literal)                                                                             \
    {                                                                                              \
        literal, sizeof(literal) - 1, REJECT_PARSE, ANY_OFFSET                                     \
    }

static const struct bad no_json[] = {
    PARSE(""),
    PARSE("{"),
    PARSE("}"),
    PARSE("["),
    PARSE("]"),
    PARSE("\""),
    PARSE("{\"a\""),
    PARSE("{\"a\":"),
    PARSE("{\"a\":1"),
    PARSE("{\"a\":1,"),
    PARSE("{\"a\":1,}"),
    PARSE("{,}"),
    PARSE("{\"a\" 1}"),
    PARSE("{\"a\"::1}"),
    PARSE("{a:1}"),
    PARSE("{'a':1}"),
    PARSE("{1:1}"),
    PARSE("{\"a\":1 \"b\":2}"),
    PARSE("{\"a\":1;\"b\":2}"),
    PARSE("[1,]"),
    PARSE("[,1]"),
    PARSE("[1 2]"),
    PARSE("[1}"),
    PARSE("{\"a\":[1}"),
    PARSE("{\"a\":\"x}"),
    PARSE("{\"a\":tru}"),
    PARSE("{\"a\":True}"),
    PARSE("{\"a\":truee}"),
    PARSE("{\"a\":nul}"),
    PARSE("{\"a\":NaN}"),
    PARSE("{\"a\":nan}"),
    PARSE("{\"a\":Infinity}"),
    PARSE("{\"a\":-Infinity}"),
    PARSE("{\"a\":undefined}"),
    PARSE("{\"a\":/**/1}"),
    PARSE("// comment"),
    PARSE("{} {}"),
    PARSE("{}x"),
    PARSE("{}\0"),
    PARSE("{},"),
    PARSE("1 2"),
};

static const struct bad bad_numbers[] = {
    BAD("{\"a\":01}", REJECT_PARSE, 5),
    BAD("{\"a\":00}", REJECT_PARSE, 5),
    BAD("{\"a\":-01}", REJECT_PARSE, 5),
    BAD("{\"a\":00.5}", REJECT_PARSE, 5),
    BAD("{\"a\":1.}", REJECT_PARSE, 5),
    BAD("{\"a\":1.,\"b\":1}", REJECT_PARSE, 5),
    BAD("{\"a\":-1.}", REJECT_PARSE, 5),
    BAD("{\"a\":-.5}", REJECT_PARSE, 5),
    BAD("{\"a\":1.e5}", REJECT_PARSE, 5),
    BAD("{\"a\":0.5,\"b\":[1,2,03]}", REJECT_PARSE, 18),
    BAD("01", REJECT_PARSE, 0),
    BAD("1.", REJECT_PARSE, 0),
    BAD("-.5", REJECT_PARSE, 0),
    PARSE("{\"a\":.5}"),
    PARSE("{\"a\":-}"),
    PARSE("{\"a\":+1}"),
    PARSE("{\"a\":--1}"),
    PARSE("{\"a\":1e}"),
    PARSE("{\"a\":1e+}"),
    PARSE("{\"a\":1.5.5}"),
    PARSE("{\"a\":1-2}"),
    PARSE("{\"a\":1e5e5}"),
    PARSE("{\"a\":0x10}"),
    PARSE("{\"a\":1_000}"),
    PARSE("{\"a\":1,000}"),
    PARSE("{\"a\":\xd9\xa1}"), /* U+0661, the Arabic digit one */
};

static const struct bad bad_strings[] = {
    BAD("{\"a\":\"x\x01\"}", REJECT_PARSE, 7),
    BAD("{\"a\":\"\t\"}", REJECT_PARSE, 6),
    BAD("{\"a\":\"\n\"}", REJECT_PARSE, 6),
    BAD("{\"a\":\"\x1f\"}", REJECT_PARSE, 6),
    BAD("{\"a\rb\":1}", REJECT_PARSE, 3),
    BAD("{\"a\":\"\\u12G4\"}", REJECT_PARSE, 6),
    BAD("{\"a\":\"\\u 123\"}", REJECT_PARSE, 6),
    BAD("{\"a\":\"\\u+123\"}", REJECT_PARSE, 6),
    BAD("{\"a\":\"\\u0x1F\"}", REJECT_PARSE, 6),
    BAD("{\"a\":\"\\u00`1\"}", REJECT_PARSE, 6),
    BAD("{\"a\":\"\\u00@1\"}", REJECT_PARSE, 6),
    PARSE("{\"a\":\"\\u123\"}"),
    PARSE("{\"a\":\"\\u\"}"),
    PARSE("{\"a\":\"\\U0041\"}"),
    PARSE("{\"a\":\"\\x41\"}"),
    PARSE("{\"a\":\"\\'\"}"),
    PARSE("{\"a\":\"\\0\"}"),
    PARSE("{\"a\":\"\\"),
    PARSE("{\"a\":\"\\\"}"),
    /* surrogates that have no partner, or the wrong one */
    PARSE("{\"a\":\"\\ud800\"}"),
    PARSE("{\"a\":\"\\udc00\"}"),
    PARSE("{\"a\":\"\\udbffx\"}"),
    PARSE("{\"a\":\"\\ud800\\ud800\"}"),
    PARSE("{\"a\":\"\\ud800\\u0041\"}"),
    PARSE("{\"a\":\"\\ude00\\ud83d\"}"),
    /* control characters between the values */
    BAD("{\"a\":\v1}", REJECT_PARSE, 5),
    BAD("{\f\"a\":1}", REJECT_PARSE, 1),
    BAD("{\"a\":1\x01}", REJECT_PARSE, 6),
    BAD("{\"a\":1\0}", REJECT_PARSE, 6),
    BAD("{\"a\":1}\v", REJECT_PARSE, 7),
    BAD("\x1f{\"a\":1}", REJECT_PARSE, 0),
    PARSE("{\"a\":1\x7f}"),
    PARSE("{\"a\":\xc2\xa0"
          "1}"), /* a no-break space */
    /* a byte order mark is none of the record's: the splitter takes the stream's one away */
    BAD("\xef\xbb\xbf{\"a\":1}", REJECT_PARSE, 0),
    PARSE("{\xef\xbb\xbf\"a\":1}"),
    PARSE("{\"a\":1}\xef\xbb\xbf"),
};

static const struct bad bad_utf8[] = {
    BAD("{\"a\":\"\x80\"}", REJECT_UTF8, 6),
    BAD("{\"a\":\"\xbf\"}", REJECT_UTF8, 6),
    BAD("{\"a\":\"x\xff\"}", REJECT_UTF8, 7),
    BAD("{\"a\":\"\xfe\"}", REJECT_UTF8, 6),
    BAD("{\"a\":\"\xc3\"}", REJECT_UTF8, 6),
    BAD("{\"a\":\"\xc3(\"}", REJECT_UTF8, 6),
    BAD("{\"a\":\"\xc3\xc3\"}", REJECT_UTF8, 6),
    BAD("{\"a\":\"\xe2\x82\"}", REJECT_UTF8, 6),
    BAD("{\"a\":\"\xe2\x28\xa1\"}", REJECT_UTF8, 6),
    BAD("{\"a\":\"\xf0\x9f\x98\"}", REJECT_UTF8, 6),
    BAD("{\"a\":\"\xf0\x9f\x98\xc0\"}", REJECT_UTF8, 6),
    /* overlong forms */
    BAD("{\"a\":\"\xc0\x80\"}", REJECT_UTF8, 6),
    BAD("{\"a\":\"\xc1\xbf\"}", REJECT_UTF8, 6),
    BAD("{\"a\":\"\xe0\x80\x80\"}", REJECT_UTF8, 6),
    BAD("{\"a\":\"\xe0\x9f\xbf\"}", REJECT_UTF8, 6),
    BAD("{\"a\":\"\xf0\x80\x80\x80\"}", REJECT_UTF8, 6),
    BAD("{\"a\":\"\xf0\x8f\xbf\xbf\"}", REJECT_UTF8, 6),
    /* surrogates, and what is above U+10FFFF */
    BAD("{\"a\":\"\xed\xa0\x80\"}", REJECT_UTF8, 6),
    BAD("{\"a\":\"\xed\xbf\xbf\"}", REJECT_UTF8, 6),
    BAD("{\"a\":\"\xf4\x90\x80\x80\"}", REJECT_UTF8, 6),
    BAD("{\"a\":\"\xf5\x80\x80\x80\"}", REJECT_UTF8, 6),
    BAD("{\"a\":\"\xf8\x88\x80\x80\x80\"}", REJECT_UTF8, 6),
    /* in a field's name, and far from the start */
    BAD("{\"\xff\":1}", REJECT_UTF8, 2),
    BAD("{\"a\":\"0123456789abcdef0123456789abcdef\xff\"}", REJECT_UTF8, 38),
};

static const struct bad bad_nuls[] = {
    BAD("{\"a\":\"\0\"}", REJECT_NUL, 6),
    BAD("{\"a\":\"x\0y\"}", REJECT_NUL, 7),
    BAD("{\"a\":\"\\u0000\"}", REJECT_NUL, 6),
    BAD("{\"a\":\"x\\u0000y\"}", REJECT_NUL, 7),
    BAD("{\"a\\u0000\":1}", REJECT_NUL, 3),
    BAD("{\"a\0\":1}", REJECT_NUL, 3),
    /* the first fault counts */
    BAD("{\"a\":\"\\u0000\xff\"}", REJECT_NUL, 6),
    BAD("{\"a\":\"\xff\\u0000\"}", REJECT_UTF8, 6),
};

static const struct sample_text good[] = {
    SAMPLE_TEXT("{}"),
    SAMPLE_TEXT("[]"),
    SAMPLE_TEXT("0"),
    SAMPLE_TEXT("\"\""),
    SAMPLE_TEXT("null"),
    SAMPLE_TEXT(" \t\r\n{ \t\r\n} \t\r\n"),
    SAMPLE_TEXT("{\"a\":1}\r"),
    SAMPLE_TEXT("{\"a\":0,\"b\":-0,\"c\":0.0,\"d\":-0.5,\"e\":10,\"f\":100.001}"),
    SAMPLE_TEXT("{\"a\":1e5,\"b\":1E+05,\"c\":1e-007,\"d\":0e0,\"e\":0.1e1,\"f\":1.05e00}"),
    SAMPLE_TEXT("{\"a\":[true,false,null,[],{}]}"),
    SAMPLE_TEXT("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}"),
    SAMPLE_TEXT("{\"a\":\"\\u0001\\u00e9\\u20AC\\uFFFF\\u007f\"}"),
    SAMPLE_TEXT("{\"a\":\"\\ud83d\\ude00 \\uD834\\uDD1E \\udbff\\udfff\"}"),
    SAMPLE_TEXT("{\"a\":\"\x7f\"}"),
    SAMPLE_TEXT("{\"a\":\"\xc2\x80\xdf\xbf\"}"),
    SAMPLE_TEXT("{\"a\":\"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\"}"),
    SAMPLE_TEXT("{\"a\":\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"}"),
    SAMPLE_TEXT("{\"a\":\"a mark \xef\xbb\xbf in a text\"}"),
    SAMPLE_TEXT("{\"a\":\"01 1. .5 00 -.5 0x \"}"),
    SAMPLE_TEXT("{\"01\":\"version 1.\",\"..\":\"00\"}"),
    SAMPLE_TEXT("{\"a\":\"[{]},:\"}"),
    SAMPLE_TEXT("{\"a\":1,\"a\":2}"),
    SAMPLE_TEXT("{\"\":1}"),
};

/* Parses a copy that ends where its memory ends, so that ASan sees a read behind it. */
static int parse(const char *bytes, size_t length, struct reject *reject)
{
    char *copy = malloc(length > 0 ? length : 1);
    struct arena arena = {0};
    const cJSON *json;

    cr_assert_not_null(copy);
    memcpy(copy, bytes, length);
    int status = record_parse(&arena, copy, length, &json, reject);
    arena_free(&arena);
    free(copy);
    return status;
}

static void expect_bad(const struct bad *inputs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct reject reject = {REJECT_NONE, 0};
        int status = parse(inputs[i].bytes, inputs[i].length, &reject);
        cr_expect_eq(status, 1, "input %zu is accepted: %s", i, inputs[i].bytes);
        cr_expect_eq(reject.reason, inputs[i].reason, "input %zu: %s", i, inputs[i].bytes);
        cr_expect_leq(reject.offset, inputs[i].length, "input %zu: %s", i, inputs[i].bytes);
        if (inputs[i].offset != ANY_OFFSET)
            cr_expect_eq(reject.offset, (uint32_t)inputs[i].offset, "input %zu: byte %u, %s", i,
                         reject.offset, inputs[i].bytes);
    }
}

static void expect_good(const char *bytes, size_t length)
{
    struct reject reject = {REJECT_NONE, 0};
    int status = parse(bytes, length, &reject);
    cr_expect_eq(status, 0, "%s at byte %u of %.200s",
                 status == 1 ? reject_name(reject.reason) : "no memory", reject.offset, bytes);
}

#define EXPECT_BAD(inputs) expect_bad(inputs, sizeof(inputs) / sizeof *(inputs))

TestSuite(strict, .init = arena_install_cjson_hooks);

Test(strict, refuses_what_is_no_json)
{
    EXPECT_BAD(no_json);
}

Test(strict, refuses_numbers_that_json_does_not_have)
{
    EXPECT_BAD(bad_numbers);
}

Test(strict, refuses_control_characters_and_bad_escapes)
{
    EXPECT_BAD(bad_strings);
}

Test(strict, refuses_strings_that_are_not_utf8)
{
    EXPECT_BAD(bad_utf8);
}

Test(strict, refuses_nuls_in_strings)
{
    EXPECT_BAD(bad_nuls);
}

Test(strict, takes_all_that_json_has)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        expect_good(good[i].bytes, good[i].length);
}

/* A fault among plain text of each length, so that it falls on each place of a block of sixteen. */
Test(strict, finds_a_fault_wherever_it_stands)
{
    enum { WIDTH = 70 };
    static const struct sample_text faults[] = {
        SAMPLE_TEXT("\"\xff\""), SAMPLE_TEXT("\"\x01\""), SAMPLE_TEXT("\"\\u0000\""),
        SAMPLE_TEXT("01"),       SAMPLE_TEXT("1."),       SAMPLE_TEXT("-.5"),
        SAMPLE_TEXT("-00"),
    };
    char text[3 * WIDTH];

    for (size_t f = 0; f < sizeof faults / sizeof *faults; f++)
        for (int before = 0; before < WIDTH; before++)
            for (int behind = 0; behind < 20; behind++) {
                int start = snprintf(text, sizeof text, "{\"%*s\":", before, "");
                memcpy(text + start, faults[f].bytes, faults[f].length);
                size_t length = (size_t)start + faults[f].length;
                length += (size_t)snprintf(text + length, sizeof text - length, ",\"%*s\":1}",
                                           behind, "");
                struct reject reject;
                cr_expect_eq(parse(text, length, &reject), 1, "fault %zu behind %d bytes", f,
                             before);
                size_t expected = (size_t)start + (faults[f].bytes[0] == '"');
                cr_expect_eq(reject.offset, expected, "fault %zu behind %d bytes", f, before);
            }
}

/* The same numbers where they are in order: the quick look must not take them for faults. */
Test(strict, takes_numbers_wherever_they_stand)
{
    static const char *const numbers[] = {"0", "-0", "10", "0.05", "100.001", "1.0e05", "-10.50"};
    char text[256];

    for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
        for (int before = 0; before < 40; before++) {
            int length = snprintf(text, sizeof text, "{\"%*s\":%s,\"x\":[%s,%s]}", before, "",
                                  numbers[n], numbers[n], numbers[n]);
            expect_good(text, (size_t)length);
        }
}

/* cJSON's CJSON_NESTING_LIMIT is 1000: brackets open at a time, whatever they are. */
Test(strict, takes_999_arrays_in_a_record_and_not_1000)
{
    enum { LIMIT = 1000 };
    char text[2 * LIMIT + 16];

    for (int depth = LIMIT - 1; depth <= LIMIT; depth++) {
        size_t length = (size_t)sprintf(text, "{\"a\":");
        for (int i = 0; i < depth; i++)
            text[length++] = '[';
        for (int i = 0; i < depth; i++)
            text[length++] = ']';
        text[length++] = '}';
        struct reject reject;
        cr_expect_eq(parse(text, length, &reject), depth < LIMIT ? 0 : 1, "depth %d", depth);
    }
}

/*
 * cJSON's version must not decide what is accepted: some read 63 bytes of a number, others all.
 * So no longer one gets as far as cJSON, wherever it stands and whatever is wrong behind it.
 */
Test(strict, takes_numbers_of_63_bytes_and_not_of_64)
{
    static const char *const frames[] = {"%.*s", "[1,%.*s]", "{\"a\":-1,\"b\":%.*s}",
                                         "{\"a\":%.*s ]", "{\"a\":\"\\\"1\",%.*s"};
    static const char *const numbers[] = {
        "1234567890123456789012345678901234567890123456789012345678901234",
        "-1.34567890123456789012345678901234567890123456789012345678e+064",
        "0.00000000000000000000000000000000000000000000000000000000000000",
        "1E00000000000000000000000000000000000000000000000000000000000001",
    };
    char text[256];

    for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
        for (size_t f = 0; f < sizeof frames / sizeof *frames; f++)
            for (int before = 0; before < 2 * STRICT_NUMBER_MAX; before++) {
                struct reject reject = {REJECT_NONE, 0};
                int length = snprintf(text, sizeof text, "%*s", before, "");
                length += snprintf(text + length, sizeof text - (size_t)length, frames[f],
                                   STRICT_NUMBER_MAX + 1, numbers[n]);
                size_t at = (size_t)(strstr(text, numbers[n]) - text);
                cr_expect_eq(parse(text, (size_t)length, &reject), 1, "%s", text);
                cr_expect_eq(reject.reason, REJECT_PARSE);
                cr_expect_eq(reject.offset, at, "byte %u of %s", reject.offset, text);
                if (f > 2)
                    continue; /* no JSON anyway */
                length = snprintf(text, sizeof text, "%*s", before, "");
                length += snprintf(text + length, sizeof text - (size_t)length, frames[f],
                                   STRICT_NUMBER_MAX, numbers[n]);
                expect_good(text, (size_t)length);
            }
}

Test(strict, does_not_take_digits_in_a_string_for_a_number)
{
    char text[512];

    for (int digits = 1; digits < 200; digits++) {
        int length = snprintf(text, sizeof text, "{\"a\\\"%0*d\":\"%0*d\",\"b\":1}", digits / 2, 0,
                              digits, 1);
        expect_good(text, (size_t)length);
    }
}

Test(strict, looks_at_text_without_reading_behind_it)
{
    const char *record = SAMPLE_RECORD;
    for (size_t length = 0; length < strlen(record); length++) {
        struct reject reject;
        cr_expect_eq(parse(record, length, &reject), 1, "%zu bytes", length);
        cr_expect_eq(reject.reason, REJECT_PARSE);
        cr_expect_leq(reject.offset, length);
    }
    expect_good(record, strlen(record));
}
