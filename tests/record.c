/* record.c - stage 2: each rule of a record at its limits, and what the record then holds. */
#include "common/record.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/sample.h"

struct rule {
    const char *text;
    enum reject_reason reason;
};

/* The record's texts live in the arena, so both are kept until the next call. */
static struct arena arena;
static struct tag tags[TAGS_MAX];

static enum reject_reason validate(const char *text, size_t length, struct record *record)
{
    struct reject reject;
    const cJSON *json;

    cr_assert_eq(record_parse(&arena, text, length, &json, &reject), 0, "%s at byte %u of %s",
                 reject_name(reject.reason), reject.offset, text);
    return record_validate(json, tags, record);
}

static void expect_rules(const struct rule *rules, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct record record;
        enum reject_reason reason = validate(rules[i].text, strlen(rules[i].text), &record);
        cr_expect_eq(reason, rules[i].reason, "%s: %s", rules[i].text,
                     reason == REJECT_NONE ? "accepted" : reject_name(reason));
    }
}

#define EXPECT_RULES(rules) expect_rules(rules, sizeof(rules) / sizeof *(rules))

TestSuite(record, .init = arena_install_cjson_hooks);

Test(record, holds_what_the_object_said)
{
    struct record record;
    cr_assert_eq(validate(SAMPLE_RECORD, sizeof SAMPLE_RECORD - 1, &record), REJECT_NONE);
    cr_expect_eq(record.id, 7);
    cr_expect_str_eq(record.name, "n");
    cr_expect_float_eq(record.value, 1.5, 0);
    cr_expect_eq(record.ts, 1700000000123);
    cr_assert_eq(record.tags.count, 2);
    cr_expect_str_eq(record.tags.tags[0].text, "b");
    cr_expect_str_eq(record.tags.tags[1].text, "a");
    cr_expect_not(record.tags.is_sorted);
}

Test(record, is_an_object)
{
    static const struct rule rules[] = {
        {"[]", REJECT_OBJECT},
        {"[" SAMPLE_RECORD "]", REJECT_OBJECT},
        {"1", REJECT_OBJECT},
        {"\""
         "id"
         "\"",
         REJECT_OBJECT},
        {"null", REJECT_OBJECT},
        {"true", REJECT_OBJECT},
        {"{}", REJECT_ID},
    };
    EXPECT_RULES(rules);
}

#define WITH_ID(id) "{\"id\":" id "," SAMPLE_NAME SAMPLE_VALUE SAMPLE_TAGS SAMPLE_TS "}"

Test(record, has_an_id_from_1_to_2_53_minus_1)
{
    static const struct rule rules[] = {
        {WITH_ID("1"), REJECT_NONE},
        {WITH_ID("1.0"), REJECT_NONE},
        {WITH_ID("1e0"), REJECT_NONE},
        {WITH_ID("12345e-0"), REJECT_NONE},
        {WITH_ID("9.007199254740991E15"), REJECT_NONE},
        {WITH_ID("9007199254740991"), REJECT_NONE},
        {WITH_ID("9007199254740992"), REJECT_ID},
        {WITH_ID("9007199254740993"), REJECT_ID},
        {WITH_ID("18446744073709551615"), REJECT_ID},
        {WITH_ID("18446744073709551617"), REJECT_ID},
        {WITH_ID("1e300"), REJECT_ID},
        {WITH_ID("1e999"), REJECT_ID},
        {WITH_ID("0"), REJECT_ID},
        {WITH_ID("-0"), REJECT_ID},
        {WITH_ID("-1"), REJECT_ID},
        {WITH_ID("-1e999"), REJECT_ID},
        {WITH_ID("0.5"), REJECT_ID},
        {WITH_ID("1.5"), REJECT_ID},
        {WITH_ID("1e-1"), REJECT_ID},
        {WITH_ID("4503599627370495.5"), REJECT_ID},
        {WITH_ID("\"1\""), REJECT_ID},
        {WITH_ID("null"), REJECT_ID},
        {WITH_ID("true"), REJECT_ID},
        {WITH_ID("[1]"), REJECT_ID},
        {WITH_ID("{}"), REJECT_ID},
        {"{" SAMPLE_NAME SAMPLE_VALUE SAMPLE_TAGS SAMPLE_TS "}", REJECT_ID},
    };
    struct record record;

    EXPECT_RULES(rules);
    validate(WITH_ID("9007199254740991"), sizeof WITH_ID("9007199254740991") - 1, &record);
    cr_expect_eq(record.id, 9007199254740991u, "to the last digit");
}

#define WITH_TS(ts) "{" SAMPLE_ID SAMPLE_NAME SAMPLE_VALUE SAMPLE_TAGS "\"ts\":" ts "}"

Test(record, has_a_ts_from_1_to_2_53_minus_1)
{
    static const struct rule rules[] = {
        {WITH_TS("1"), REJECT_NONE},
        {WITH_TS("9007199254740991"), REJECT_NONE},
        {WITH_TS("1.7e12"), REJECT_NONE},
        {WITH_TS("9007199254740992"), REJECT_TS},
        {WITH_TS("0"), REJECT_TS},
        {WITH_TS("-1"), REJECT_TS},
        {WITH_TS("1.5"), REJECT_TS},
        {WITH_TS("\"1700000000000\""), REJECT_TS},
        {WITH_TS("null"), REJECT_TS},
        {"{" SAMPLE_ID SAMPLE_NAME SAMPLE_VALUE "\"tags\":[\"a\"]}", REJECT_TS},
    };
    EXPECT_RULES(rules);
}

#define WITH_NAME(name) "{" SAMPLE_ID "\"name\":" name "," SAMPLE_VALUE SAMPLE_TAGS SAMPLE_TS "}"

Test(record, has_a_name_that_is_not_empty)
{
    static const struct rule rules[] = {
        {WITH_NAME("\"x\""), REJECT_NONE},
        {WITH_NAME("\" \""), REJECT_NONE},
        {WITH_NAME("\"\\u0001\""), REJECT_NONE},
        {WITH_NAME("\"\xc3\xa9\""), REJECT_NONE},
        {WITH_NAME("\"\""), REJECT_NAME},
        {WITH_NAME("1"), REJECT_NAME},
        {WITH_NAME("null"), REJECT_NAME},
        {WITH_NAME("[\"x\"]"), REJECT_NAME},
        {"{" SAMPLE_ID SAMPLE_VALUE SAMPLE_TAGS SAMPLE_TS "}", REJECT_NAME},
    };
    EXPECT_RULES(rules);
}

#define WITH_VALUE(value) "{" SAMPLE_ID SAMPLE_NAME "\"value\":" value "," SAMPLE_TAGS SAMPLE_TS "}"

Test(record, has_a_value_of_at_most_1e9)
{
    static const struct rule rules[] = {
        {WITH_VALUE("0"), REJECT_NONE},
        {WITH_VALUE("-0"), REJECT_NONE},
        {WITH_VALUE("1e-400"), REJECT_NONE},
        {WITH_VALUE("1e9"), REJECT_NONE},
        {WITH_VALUE("-1e9"), REJECT_NONE},
        {WITH_VALUE("1000000000"), REJECT_NONE},
        {WITH_VALUE("999999999.9999999"), REJECT_NONE},
        {WITH_VALUE("1000000000.00000005"), REJECT_NONE}, /* the nearest double is 1e9 */
        {WITH_VALUE("1000000000.000001"), REJECT_VALUE},
        {WITH_VALUE("-1000000000.000001"), REJECT_VALUE},
        {WITH_VALUE("1000000001"), REJECT_VALUE},
        {WITH_VALUE("1e10"), REJECT_VALUE},
        {WITH_VALUE("1e999"), REJECT_VALUE},
        {WITH_VALUE("-1e999"), REJECT_VALUE},
        {WITH_VALUE("\"1\""), REJECT_VALUE},
        {WITH_VALUE("null"), REJECT_VALUE},
        {WITH_VALUE("false"), REJECT_VALUE},
        {WITH_VALUE("[]"), REJECT_VALUE},
    };
    EXPECT_RULES(rules);
}

Test(record, may_come_without_a_value)
{
    static const char text[] = "{" SAMPLE_ID SAMPLE_NAME SAMPLE_TAGS SAMPLE_TS "}";
    struct record record = {.value = 99};
    cr_expect_eq(validate(text, sizeof text - 1, &record), REJECT_NONE);
    cr_expect_float_eq(record.value, 0, 0);
}

#define WITH_TAGS(tags) "{" SAMPLE_ID SAMPLE_NAME SAMPLE_VALUE "\"tags\":" tags "," SAMPLE_TS "}"

Test(record, has_an_array_of_strings_as_tags)
{
    static const struct rule rules[] = {
        {WITH_TAGS("[\"a\"]"), REJECT_NONE},
        {WITH_TAGS("[\"\"]"), REJECT_NONE},
        {WITH_TAGS("[\"a\",\"a\"]"), REJECT_NONE},
        {WITH_TAGS("[]"), REJECT_TAGS},
        {WITH_TAGS("[1]"), REJECT_TAGS},
        {WITH_TAGS("[\"a\",null]"), REJECT_TAGS},
        {WITH_TAGS("[\"a\",[\"b\"]]"), REJECT_TAGS},
        {WITH_TAGS("[[]]"), REJECT_TAGS},
        {WITH_TAGS("[{}]"), REJECT_TAGS},
        {WITH_TAGS("\"a\""), REJECT_TAGS},
        {WITH_TAGS("{}"), REJECT_TAGS},
        {WITH_TAGS("{\"a\":\"b\"}"), REJECT_TAGS},
        {WITH_TAGS("null"), REJECT_TAGS},
        {"{" SAMPLE_ID SAMPLE_NAME SAMPLE_VALUE SAMPLE_TS "}", REJECT_TAGS},
    };
    EXPECT_RULES(rules);
}

Test(record, has_1_to_64_tags)
{
    char text[2048];
    for (uint32_t count = 1; count <= 200; count++) {
        int length = snprintf(text, sizeof text, "{" SAMPLE_ID SAMPLE_NAME "\"tags\":[\"0\"");
        for (uint32_t i = 1; i < count; i++)
            length += snprintf(text + length, sizeof text - (size_t)length, ",\"%u\"", i);
        length += snprintf(text + length, sizeof text - (size_t)length, "]," SAMPLE_TS "}");
        struct record record;
        cr_expect_eq(validate(text, (size_t)length, &record),
                     count <= 64 ? REJECT_NONE : REJECT_TAGS, "%u tags", count);
        if (count <= 64)
            cr_expect_eq(record.tags.count, count);
    }
}

/* Each prefix, extension and change of case of a field's name is the name of another field. */
Test(record, knows_its_fields_by_their_exact_names)
{
    static const struct rule rules[] = {
        {"{\"ID\":7," SAMPLE_NAME SAMPLE_VALUE SAMPLE_TAGS SAMPLE_TS "}", REJECT_ID},
        {"{\"i\":7," SAMPLE_NAME SAMPLE_VALUE SAMPLE_TAGS SAMPLE_TS "}", REJECT_ID},
        {"{\"idx\":7," SAMPLE_NAME SAMPLE_VALUE SAMPLE_TAGS SAMPLE_TS "}", REJECT_ID},
        {"{" SAMPLE_ID "\"Name\":\"n\"," SAMPLE_VALUE SAMPLE_TAGS SAMPLE_TS "}", REJECT_NAME},
        {"{" SAMPLE_ID "\"names\":\"n\"," SAMPLE_VALUE SAMPLE_TAGS SAMPLE_TS "}", REJECT_NAME},
        {"{" SAMPLE_ID SAMPLE_NAME "\"TAGS\":[\"a\"]," SAMPLE_TS "}", REJECT_TAGS},
        {"{" SAMPLE_ID SAMPLE_NAME "\"tag\":[\"a\"]," SAMPLE_TS "}", REJECT_TAGS},
        {"{" SAMPLE_ID SAMPLE_NAME SAMPLE_TAGS "\"Ts\":1}", REJECT_TS},
        {"{" SAMPLE_ID SAMPLE_NAME SAMPLE_TAGS "\"t\":1,\"tss\":1,\" ts\":1}", REJECT_TS},
        {"{\"Value\":\"x\",\"valu\":[],\"values\":{}," SAMPLE_ID SAMPLE_NAME SAMPLE_TAGS SAMPLE_TS
         "}",
         REJECT_NONE},
        {"{\"\\u0069\\u0064\":7," SAMPLE_NAME SAMPLE_TAGS SAMPLE_TS "}", REJECT_NONE},
    };
    EXPECT_RULES(rules);
}

Test(record, ignores_unknown_fields_and_the_order)
{
    static const char text[] =
        "{\"\":null,\"x\":{\"id\":0,\"tags\":3},\"ts\":1,\"tags\":[\"a\"],\"y\":[[],{}],\"name\":"
        "\"n\","
        "\"a-name-that-is-longer-than-sixteen-bytes\":1e999,\"value\":2,\"id\":3}";
    struct record record;
    cr_assert_eq(validate(text, sizeof text - 1, &record), REJECT_NONE);
    cr_expect_eq(record.id, 3);
    cr_expect_eq(record.ts, 1);
    cr_expect_float_eq(record.value, 2, 0);
}

Test(record, takes_the_last_of_several_values)
{
    static const char text[] =
        "{\"id\":1,\"id\":2,\"name\":\"\",\"name\":\"b\",\"value\":1e99,\"value\":4,"
        "\"tags\":[],\"tags\":[\"x\"],\"tags\":[\"y\",\"z\"],\"ts\":0,\"ts\":5}";
    static const struct rule rules[] = {
        {"{" SAMPLE_ID SAMPLE_NAME SAMPLE_TAGS SAMPLE_TS ",\"id\":0}", REJECT_ID},
        {"{" SAMPLE_ID SAMPLE_NAME SAMPLE_TAGS SAMPLE_TS ",\"name\":\"\"}", REJECT_NAME},
        {"{" SAMPLE_ID SAMPLE_NAME SAMPLE_TAGS SAMPLE_TS ",\"value\":null}", REJECT_VALUE},
        {"{" SAMPLE_ID SAMPLE_NAME SAMPLE_TAGS SAMPLE_TS ",\"tags\":[]}", REJECT_TAGS},
        {"{" SAMPLE_ID SAMPLE_NAME SAMPLE_TAGS SAMPLE_TS ",\"ts\":\"\"}", REJECT_TS},
    };
    struct record record;

    cr_assert_eq(validate(text, sizeof text - 1, &record), REJECT_NONE);
    cr_expect_eq(record.id, 2);
    cr_expect_str_eq(record.name, "b");
    cr_expect_float_eq(record.value, 4, 0);
    cr_expect_eq(record.tags.count, 2);
    cr_expect_str_eq(record.tags.tags[0].text, "y");
    cr_expect_eq(record.ts, 5);
    EXPECT_RULES(rules);
}

Test(record, is_counted_under_the_first_rule_that_it_breaks)
{
    static const struct rule rules[] = {
        {"{\"id\":0,\"name\":\"\",\"value\":\"\",\"tags\":[],\"ts\":0}", REJECT_ID},
        {"{\"ts\":0,\"tags\":[],\"value\":\"\",\"name\":\"\",\"id\":1}", REJECT_NAME},
        {"{\"ts\":0,\"tags\":[],\"value\":\"\",\"name\":\"n\",\"id\":1}", REJECT_VALUE},
        {"{\"ts\":0,\"tags\":[],\"name\":\"n\",\"id\":1}", REJECT_TAGS},
        {"{\"ts\":0,\"tags\":[\"\"],\"name\":\"n\",\"id\":1}", REJECT_TS},
    };
    EXPECT_RULES(rules);
}

Test(record, may_have_very_long_texts)
{
    enum { LENGTH = 1 << 20 };
    char *name = sample_long('n', LENGTH), *text = malloc(2 * LENGTH + 256);
    struct record record;

    int length =
        sprintf(text, "{" SAMPLE_ID "\"name\":\"%s\",\"tags\":[\"%s\"]," SAMPLE_TS "}", name, name);
    cr_assert_eq(validate(text, (size_t)length, &record), REJECT_NONE);
    cr_expect_str_eq(record.name, name);
    cr_expect_eq(strlen(record.tags.tags[0].text), LENGTH);
    free(text);
    free(name);
}
