/* generate.c - the generated records: known lines, and nothing but the seed and i decides them. */
#include "common/generate.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/sample.h"

/* Of seed 1, by the second implementation in tests/system/reference.py. */
static const struct {
    uint64_t i;
    const char *text;
} known_lines[] = {
    {0, "{\"id\":1,\"name\":\"sensor-8783\",\"value\":822.26,\"tags\":[\"rack:279\","
        "\"rack:836\",\"rack:447\",\"shard:52\",\"APP:40\",\"shard:557\",\"tier:75\","
        "\"user:23\",\"model:8\",\"team:216\",\"team:112\",\"device:308\",\"host:498\","
        "\"model:555\",\"team:580\",\"region:454\",\"user:940\",\" cluster:692 \","
        "\"rack:402\",\"queue:220\",\"zone:18\",\"version:639\",\"version:856\"],"
        "\"ts\":1700079490388}\n"},
    {1, "{\"id\":2,\"name\":\"sensor-4129\",\"value\":5163.79,\"tags\":[\"queue:11\","
        "\"team:600\",\"team:57\",\"model:590\",\"model:682\",\"host:590\","
        "\"device:224\",\"user:363\",\" app:912 \",\"version:794\",\"USER:36\","
        "\" app:493 \",\"env:122\",\" model:803 \"],\"ts\":1700070655659}\n"},
    {2, "{\"id\":3,\"name\":\"sensor-4181\",\"value\":1530.9,\"tags\":[\" cluster:360 \","
        "\" env:11 \",\" env:785 \",\"QUEUE:634\",\"TIER:62\",\"app:599\",\"app:777\","
        "\"build:460\",\"cluster:544\",\"device:16\",\"device:219\",\"device:221\","
        "\"env:86\",\"host:239\",\"host:43\",\"model:271\",\"queue:17\",\"queue:747\","
        "\"queue:845\",\"region:723\",\"region:758\",\"shard:245\",\"shard:249\","
        "\"shard:431\",\"shard:893\",\"team:216\",\"tier:694\",\"version:789\","
        "\"zone:927\"],\"ts\":1700060879746}\n"},
    {999, "{\"id\":1000,\"name\":\"sensor-9548\",\"value\":4460.54,\"tags\":[\"tier:303\","
          "\"shard:994\",\"env:222\",\"host:911\",\"queue:85\",\"\n"},
};

static void expect_line(uint64_t seed, uint64_t i, const char *expected)
{
    char line[GENERATE_LINE_MAX + 1];
    size_t length = generate_line(seed, i, line);
    line[length] = '\0';
    cr_expect_str_eq(line, expected);
}

Test(generate, makes_the_known_lines)
{
    for (size_t i = 0; i < sizeof known_lines / sizeof *known_lines; i++)
        expect_line(1, known_lines[i].i, known_lines[i].text);
}

Test(generate, makes_each_line_alone)
{
    char first[GENERATE_LINE_MAX], again[GENERATE_LINE_MAX];
    for (uint64_t i = 5000; i-- > 0;) {
        size_t length = generate_line(42, i, first);
        cr_assert_eq(generate_line(42, i, again), length);
        cr_assert_arr_eq(first, again, length);
    }
}

Test(generate, makes_other_lines_of_another_seed)
{
    char first[GENERATE_LINE_MAX], second[GENERATE_LINE_MAX];
    size_t length = generate_line(1, 7, first);
    cr_expect(generate_line(2, 7, second) != length || memcmp(first, second, length) != 0);
}

Test(generate, cuts_each_thousandth_line_in_half)
{
    char line[GENERATE_LINE_MAX];
    for (uint64_t i = 0; i < 5000; i++) {
        size_t length = generate_line(3, i, line);
        cr_assert_eq(line[length - 1], '\n');
        cr_expect_eq(line[length - 2] == '}', i % 1000 != 999, "line %u", (unsigned)i);
        cr_expect_null(memchr(line, '\n', length - 1), "one line");
    }
}

/* The bound is what callers give room for, so it must hold for the largest numbers, too. */
Test(generate, fits_into_its_bound)
{
    char line[GENERATE_LINE_MAX];
    uint64_t state = 9;
    size_t longest = 0;

    for (int round = 0; round < 200000; round++) {
        uint64_t i = round % 2 == 0 ? (uint64_t)round : UINT64_MAX - 1 - (uint64_t)round;
        size_t length = generate_line(sample_random(&state), i, line);
        if (length > longest)
            longest = length;
    }
    cr_expect_leq(longest, (size_t)GENERATE_LINE_MAX);
    cr_expect_gt(longest, 400, "there are long ones among them");
}
