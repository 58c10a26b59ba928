/* splitter_array.c - a stream that is one JSON array of records, whole and broken. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "tests/splitter_text.h"

Test(array, is_cut_at_its_commas)
{
    SPLITTER_EXPECT("[{\"a\":1},{\"b\":2},3]", "1:{\"a\":1}\n1:{\"b\":2}\n1:3\n");
    SPLITTER_EXPECT("[{}]\n", "1:{}\n");
}

Test(array, may_be_empty)
{
    SPLITTER_EXPECT("[]", "");
    SPLITTER_EXPECT("[ \n ]\n", "");
    SPLITTER_EXPECT(" \n[]", "");
}

Test(array, may_have_white_space_between_its_records)
{
    SPLITTER_EXPECT("[ {} , {} ]", "1:{} \n1:{} \n");
    SPLITTER_EXPECT("\n [\n{}\n,\r\n{}\n]\n", "3:{}\n\n5:{}\n\n");
}

Test(array, knows_the_line_where_a_record_starts)
{
    SPLITTER_EXPECT("[\n{\n\"a\":1\n},\n{\n},\n\n{}]", "2:{\n\"a\":1\n}\n5:{\n}\n8:{}\n");
}

Test(array, is_not_cut_within_records)
{
    SPLITTER_EXPECT("[{\"a\":[1,2,{\"b\":[]}]},[3,4]]", "1:{\"a\":[1,2,{\"b\":[]}]}\n1:[3,4]\n");
    SPLITTER_EXPECT("[[[[1,2],3],4],5]", "1:[[[1,2],3],4]\n1:5\n");
}

Test(array, is_not_cut_within_strings)
{
    SPLITTER_EXPECT("[{\"a\":\"x,y]}\"},2]", "1:{\"a\":\"x,y]}\"}\n1:2\n");
    SPLITTER_EXPECT("[\"[\",\"{\",\"\\\"\",\"\\\\\",\",\"]",
                    "1:\"[\"\n1:\"{\"\n1:\"\\\"\"\n1:\"\\\\\"\n1:\",\"\n");
    SPLITTER_EXPECT("[\"\\\\\\\",]\",2]", "1:\"\\\\\\\",]\"\n1:2\n");
}

/* A record that is not there is an empty one, which is no JSON. */
Test(array, misses_records_between_commas)
{
    SPLITTER_EXPECT("[1,,2]", "1:1\n1:\n1:2\n");
    SPLITTER_EXPECT("[,1]", "1:\n1:1\n");
    SPLITTER_EXPECT("[1,]", "1:1\n1:\n");
    SPLITTER_EXPECT("[1,\n]", "1:1\n2:\n");
    SPLITTER_EXPECT("[,]", "1:\n1:\n");
    SPLITTER_EXPECT("[,", "1:\n1:\n");
}

Test(array, misses_its_bracket)
{
    SPLITTER_EXPECT("[", "1:\n");
    SPLITTER_EXPECT("[{}", "1:{}\n");
    SPLITTER_EXPECT("[{},", "1:{}\n1:\n");
    SPLITTER_EXPECT("[{},\n{\"a\":", "1:{}\n2:{\"a\":\n");
    SPLITTER_EXPECT("[\"a", "1:\"a\n");
}

Test(array, has_one_reject_for_all_that_follows_it)
{
    SPLITTER_EXPECT("[1]x", "1:1\n1:\n");
    SPLITTER_EXPECT("[1]]", "1:1\n1:\n");
    SPLITTER_EXPECT("[1],2,3", "1:1\n1:\n");
    SPLITTER_EXPECT("[1]\n[2]\n{}\n", "1:1\n2:\n");
    SPLITTER_EXPECT("[]\n\n{}", "3:\n");
}

Test(array, loses_no_record_to_brackets_that_do_not_match)
{
    SPLITTER_EXPECT("[{\"a\":1],{\"b\":2}]", "1:{\"a\":1]\n1:{\"b\":2}\n");
    SPLITTER_EXPECT("[1},2]", "1:1}\n1:2\n");
}

Test(array, has_records_of_the_longest_length_and_no_longer_ones)
{
    splitter_expect("[123456789,1]", 13, 9, "1:123456789\n1:1\n");
    splitter_expect("[1234567890,1]", 14, 9, "1:(too long)\n1:1\n");
    splitter_expect("[1234567890]", 12, 9, "1:(too long)\n");
    splitter_expect("[[\"1234567890,]\\\"\"],[2]]", 24, 9, "1:(too long)\n1:[2]\n");
    splitter_expect("[12345678901", 12, 9, "1:(too long)\n");
}

Test(array, fills_requests_up_to_their_limit)
{
    static const char stream[] = "[1,,{\"a\":[2,3]},4]x";
    static const char *const expected[] = {
        "1:1\n--\n1:\n--\n1:{\"a\":[2,3]}\n--\n1:4\n--\n1:\n--\n",
        "1:1\n1:\n--\n1:{\"a\":[2,3]}\n1:4\n--\n1:\n",
        "1:1\n1:\n1:{\"a\":[2,3]}\n--\n1:4\n1:\n",
        "1:1\n1:\n1:{\"a\":[2,3]}\n1:4\n--\n1:\n",
    };
    for (uint32_t limit = 1; limit <= 4; limit++)
        for (size_t first = 0; first < sizeof stream - 1; first++)
            for (size_t step = 0; step < 4; step++) {
                struct splitter_feeding feeding = {100, limit, first, step};
                char *text = splitter_text(stream, sizeof stream - 1, &feeding);
                cr_expect_str_eq(text, expected[limit - 1], "limit %u, first %zu, step %zu: %s",
                                 limit, first, step, text);
                free(text);
            }
}

Test(array, is_none_behind_a_first_line)
{
    SPLITTER_EXPECT("1\n[2,3]\n", "1:1\n2:[2,3]\n");
}
