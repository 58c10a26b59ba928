/* splitter.c - a stream of lines, cut into records wherever its pieces end. */
#include "common/splitter.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/memory.h"
#include "tests/splitter_text.h"

Test(splitter, cuts_at_newlines)
{
    SPLITTER_EXPECT("{\"a\":1}\n{\"b\":2}\nx\n", "1:{\"a\":1}\n2:{\"b\":2}\n3:x\n");
}

Test(splitter, counts_a_last_line_without_newline)
{
    SPLITTER_EXPECT("a\nb", "1:a\n2:b\n");
    SPLITTER_EXPECT("a", "1:a\n");
}

Test(splitter, finds_nothing_in_nothing)
{
    SPLITTER_EXPECT("", "");
    SPLITTER_EXPECT("\n", "");
    SPLITTER_EXPECT(" \t\r\n\n  ", "");
    SPLITTER_EXPECT("\xef\xbb\xbf", "");
    SPLITTER_EXPECT("\xef\xbb\xbf\n", "");
}

Test(splitter, skips_blank_lines_and_counts_them)
{
    SPLITTER_EXPECT("a\n\n \t\r\n\r\nb\n\n\nc", "1:a\n5:b\n8:c\n");
    SPLITTER_EXPECT("\n\n\r\n a\n", "4:a\n");
    SPLITTER_EXPECT("a\n   ", "1:a\n");
}

/* White space of JSON around a record is left to the parser, the CR of a CRLF too. */
Test(splitter, accepts_crlf)
{
    SPLITTER_EXPECT("a\r\nb\r\n", "1:a\r\n2:b\r\n");
    SPLITTER_EXPECT("a\r\nb\r", "1:a\r\n2:b\r\n");
    SPLITTER_EXPECT("a\n b \n", "1:a\n2: b \n");
    SPLITTER_EXPECT("a\rb\n", "1:a\rb\n");
}

Test(splitter, takes_bytes_that_are_no_white_space_in_json_for_a_record)
{
    SPLITTER_EXPECT("\v\n\f\n\xa0\n", "1:\v\n2:\f\n3:\xa0\n");
}

Test(splitter, takes_away_the_byte_order_mark_of_the_stream_and_no_other)
{
    SPLITTER_EXPECT("\xef\xbb\xbf{}\n", "1:{}\n");
    SPLITTER_EXPECT("\xef\xbb\xbf\n{}\n", "2:{}\n");
    SPLITTER_EXPECT("\xef\xbb\xbf[{}]", "1:{}\n");
    SPLITTER_EXPECT("\xef\xbb\xbf\xef\xbb\xbf{}", "1:\xef\xbb\xbf{}\n");
    SPLITTER_EXPECT("{}\n\xef\xbb\xbf{}\n", "1:{}\n2:\xef\xbb\xbf{}\n");
    SPLITTER_EXPECT(" \xef\xbb\xbf{}\n", "1:\xef\xbb\xbf{}\n");
    SPLITTER_EXPECT("\n\xef\xbb\xbf{}\n", "2:\xef\xbb\xbf{}\n");
}

Test(splitter, gives_back_what_only_began_like_a_byte_order_mark)
{
    SPLITTER_EXPECT("\xef{}\n", "1:\xef{}\n");
    SPLITTER_EXPECT("\xef\xbb{}\n", "1:\xef\xbb{}\n");
    SPLITTER_EXPECT("\xef", "1:\xef\n");
    SPLITTER_EXPECT("\xef\xbb", "1:\xef\xbb\n");
    SPLITTER_EXPECT("\xef\n{}", "1:\xef\n2:{}\n");
    SPLITTER_EXPECT("\xef\xbb\n[]", "1:\xef\xbb\n2:[]\n");
    SPLITTER_EXPECT("\xef\xef\xbb\xbf{}", "1:\xef\xef\xbb\xbf{}\n");
    SPLITTER_EXPECT("\xef\xbb\xef\xbb\xbf[", "1:\xef\xbb\xef\xbb\xbf[\n");
    SPLITTER_EXPECT("\xbb\xbf{}", "1:\xbb\xbf{}\n");
}

Test(splitter, keeps_lines_of_the_longest_length_and_no_longer_ones)
{
    splitter_expect("123456789\n", 10, 9, "1:123456789\n");
    splitter_expect("1234567890\nx\n", 13, 9, "1:(too long)\n2:x\n");
    splitter_expect("1234567890", 10, 9, "1:(too long)\n");
    splitter_expect("12345678901234567890\nx\n", 23, 9, "1:(too long)\n2:x\n");
    splitter_expect("12345678901234567890", 20, 9, "1:(too long)\n");
    splitter_expect("x\n1234567890\n123456789\n", 23, 9, "1:x\n2:(too long)\n3:123456789\n");
    splitter_expect("1\n22\n", 5, 1, "1:1\n2:(too long)\n");
}

Test(splitter, does_not_count_the_cr_of_a_crlf_in)
{
    splitter_expect("123456789\r\nx\n", 13, 9, "1:123456789\r\n2:x\n");
    splitter_expect("1234567890\r\nx\n", 14, 9, "1:(too long)\n2:x\n");
    splitter_expect("12345678\r\r\nx", 12, 9, "1:12345678\r\r\n2:x\n");
}

Test(splitter, fills_requests_up_to_their_limit)
{
    static const char stream[] = "a\nb\n\nc\nd\ne";
    static const char *const expected[] = {
        "1:a\n--\n2:b\n--\n4:c\n--\n5:d\n--\n6:e\n",
        "1:a\n2:b\n--\n4:c\n5:d\n--\n6:e\n",
        "1:a\n2:b\n4:c\n--\n5:d\n6:e\n",
        "1:a\n2:b\n4:c\n5:d\n--\n6:e\n",
        "1:a\n2:b\n4:c\n5:d\n6:e\n",
    };
    for (uint32_t limit = 1; limit <= 5; limit++)
        for (size_t first = 0; first < sizeof stream - 1; first++)
            for (size_t step = 0; step < 4; step++) {
                struct splitter_feeding feeding = {100, limit, first, step};
                char *text = splitter_text(stream, sizeof stream - 1, &feeding);
                cr_expect_str_eq(text, expected[limit - 1], "limit %u, first %zu, step %zu", limit,
                                 first, step);
                free(text);
            }
}

/* Lines of 0 to some 40 bytes at random, against a model that cuts at newlines. */
Test(splitter, agrees_with_its_model_on_random_lines)
{
    enum { LENGTH_MAX = 30 };
    uint64_t state = 5;

    for (int round = 0; round < 300; round++) {
        char stream[600], *expected;
        size_t count = 0, size;
        FILE *file = open_memstream(&expected, &size);
        for (int line = 1; line <= 12; line++) {
            size_t length = sample_random(&state) % 40;
            for (size_t i = 0; i < length; i++)
                stream[count + i] = "ab \t"[sample_random(&state) % 4];
            if (line == 1)
                stream[count] = 'x'; /* no array, no blank line */
            if (length == 0 && line == 1)
                length = 1;
            bool is_blank = strspn(memcpy((char[41]){0}, stream + count, length), " \t") == length;
            if (length > LENGTH_MAX)
                is_blank = is_blank && length <= LENGTH_MAX + 1;
            if (!is_blank && length > LENGTH_MAX)
                fprintf(file, "%d:(too long)\n", line);
            else if (!is_blank)
                fprintf(file, "%d:%.*s\n", line, (int)length, stream + count);
            count += length;
            stream[count++] = '\n';
        }
        fclose(file);
        splitter_expect(stream, count, LENGTH_MAX, expected);
        free(expected);
    }
}

/* A request's text holds the lines of it and nothing that was skipped. */
Test(splitter, keeps_nothing_of_a_line_that_is_too_long)
{
    enum { LENGTH = 1 << 20 };
    struct request *request = request_new(10);
    char *line = sample_long('x', LENGTH);
    struct splitter splitter;

    splitter_init(&splitter, 100);
    for (int piece = 0; piece < 8; piece++)
        cr_assert_eq(splitter_feed(&splitter, line, LENGTH, request), LENGTH);
    cr_assert_eq(splitter_feed(&splitter, "\nab\n", 4, request), 4);
    cr_assert_eq(request->count, 2);
    cr_expect_eq(request->lines[0].length, (uint32_t)LINE_TOO_LONG);
    cr_expect_eq(request->lines[1].number, 2);
    cr_expect_eq(request->length, 2);
    cr_expect_lt(request->capacity, LENGTH);
    free(line);
    request_release(request);
}

Test(splitter, says_that_memory_ran_out)
{
    struct request *request = request_new(10);
    struct splitter splitter;

    splitter_init(&splitter, 100);
    memory_fail_at(1);
    cr_expect_eq(splitter_feed(&splitter, "abc\n", 4, request), -1);
    memory_fail_at(0);
    request_release(request);
}

/* An input that ends here needs no request to end in. */
Test(splitter, knows_whether_an_end_would_make_a_record)
{
    static const struct {
        const char *text;
        bool is_whole;
    } cases[] = {
        {"", true},      {"\n", true},        {"a\n", true},   {"a", false},
        {"a\nb", false}, {"\xef\xbb", false}, {"[", false},    {"[]", true},
        {"[1", false},   {"[1,", false},      {"[1]\n", true}, {"[1]x", true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct request *request = request_new(10);
        struct splitter splitter;
        size_t length = strlen(cases[i].text);
        splitter_init(&splitter, 100);
        cr_assert_eq(splitter_feed(&splitter, cases[i].text, length, request), (ptrdiff_t)length);
        uint32_t count = request->count;
        cr_expect_eq(splitter_is_whole(&splitter), cases[i].is_whole, "'%s'", cases[i].text);
        cr_assert_eq(splitter_end(&splitter, request), 0);
        cr_expect_eq(request->count == count, cases[i].is_whole, "'%s'", cases[i].text);
        request_release(request);
    }
}
