/* text.c - whole files, lines, numbers, names and frames: what the readers are made of. */
#include "bench/readers/text.h"

#include "bench/readers/frame.h"
#include "bench/readers/names.h"
#include "tests/harness/reading.h"

static void expect_lines(char *bytes, const char *const *expected, bool is_last_whole)
{
    struct text text = {bytes, strlen(bytes)};
    struct text_lines lines;
    unsigned number = 0;

    text_lines_init(&lines, &text);
    for (char *line; (line = text_next_line(&lines)) != NULL; number++) {
        cr_assert_not_null(expected[number]);
        cr_expect_str_eq(line, expected[number]);
        cr_expect_eq(lines.number, number + 1);
    }
    cr_expect_null(expected[number]);
    cr_expect_eq(lines.is_whole, is_last_whole);
}

Test(text, splits_lines)
{
    expect_lines((char[]){"a\n\nb\r\nc\n"}, (const char *[]){"a", "", "b", "c", NULL}, true);
    expect_lines((char[]){"a\nb"}, (const char *[]){"a", "b", NULL}, false);
    expect_lines((char[]){"\n"}, (const char *[]){"", NULL}, true);
    expect_lines((char[]){""}, (const char *[]){NULL}, false);
}

Test(text, reads_numbers_with_commas_up_to_64_bits)
{
    const char *at = "1,065 bytes";
    uint64_t number = 7;

    cr_expect_eq(text_number(&at, &number), 0);
    cr_expect_eq(number, 1065);
    cr_expect_str_eq(at, " bytes");
    at = "18446744073709551615,";
    cr_expect_eq(text_number(&at, &number), 0);
    cr_expect_eq(number, UINT64_MAX);
    cr_expect_str_eq(at, ",");
    at = "18446744073709551616";
    cr_expect_eq(text_number(&at, &number), -1);
    cr_expect_eq(number, UINT64_MAX, "unchanged");
    cr_expect_str_eq(at, "18446744073709551616", "unchanged");
    at = "-1";
    cr_expect_eq(text_number(&at, &number), -1);
    at = "";
    cr_expect_eq(text_number(&at, &number), -1);
}

Test(text, says_what_is_wrong_with_a_file)
{
    const char *path = reading_temporary();
    char error[TEXT_ERROR_SIZE];
    struct text text;

    cr_expect_eq(text_read("/nonexistent", &text, error, sizeof error), -1);
    cr_expect_str_eq(error, "/nonexistent: No such file or directory");
    cr_expect_eq(text_read("/tmp", &text, error, sizeof error), -1);
    cr_expect_str_eq(error, "/tmp: Is a directory");
    cr_expect_eq(text_read(path, &text, error, sizeof error), -1);
    cr_expect_str_eq(strchr(error, ':'), ": the file is empty");
    reading_write(path, "ab\0c", 4);
    cr_expect_eq(text_read(path, &text, error, sizeof error), -1);
    cr_expect_str_eq(strchr(error, ':'), ": not a text file: it has a NUL at byte 2");
    unlink(path);
}

Test(text, keeps_an_error_within_its_buffer)
{
    char error[16];
    memset(error, '#', sizeof error);
    cr_expect_eq(text_error(error, 12, "path", 3, "a long message"), -1);
    cr_expect_str_eq(error, "path:3: a l");
    cr_expect_eq(error[12], '#');
    cr_expect_eq(text_error(error, 4, "path", 0, "message"), -1);
    cr_expect_str_eq(error, "pat");
}

Test(text, reads_more_than_one_buffer)
{
    const char *path = reading_temporary();
    size_t length = 1000003;
    char *bytes = malloc(length);
    memset(bytes, 'x', length);
    reading_write(path, bytes, length);
    struct text text = reading_load(path);
    cr_expect_eq(text.length, length);
    cr_expect_eq(memcmp(text.bytes, bytes, length), 0);
    cr_expect_eq(text.bytes[length], '\0');
    text_free(&text);
    free(bytes);
    unlink(path);
}

Test(names, keeps_each_text_once)
{
    struct names names = {0};
    char text[16];
    uint32_t number;

    for (int round = 0; round < 2; round++)
        for (uint32_t i = 0; i < 5000; i++) {
            snprintf(text, sizeof text, "name %u", i);
            cr_assert_eq(names_add(&names, text, &number), 0);
            cr_assert_eq(number, i);
        }
    cr_expect_eq(names.count, 5000);
    cr_expect_str_eq(names.texts[4711], "name 4711");
    names_free(&names);
    cr_expect_eq(names_add(&names, "", &number), 0, "usable again");
    cr_expect_eq(number, 0);
    names_free(&names);
}

static void expect_frame(const char *text, const char *function, const char *file, unsigned line,
                         const char *object)
{
    char copy[200];
    struct frame frame;

    strcpy(copy, text);
    cr_assert_eq(frame_parse(copy, &frame), 0, "%s", text);
    cr_expect_eq(frame.line, line, "%s", text);
    const char *const pairs[][2] = {
        {frame.function, function}, {frame.file, file}, {frame.object, object}};
    for (int i = 0; i < 3; i++)
        if (pairs[i][1] == NULL)
            cr_expect_null(pairs[i][0], "%s", text);
        else
            cr_expect_str_eq(pairs[i][0], pairs[i][1]);
}

Test(frame, takes_to_pieces_what_valgrind_prints)
{
    expect_frame("0x1093D0: key_build (key.c:54)", "key_build", "key.c", 54, NULL);
    expect_frame("0x48417B4: malloc (in /lib/x.so)", "malloc", NULL, 0, "/lib/x.so");
    expect_frame("0x484DD34: ??? (in /lib/a b.so)", NULL, NULL, 0, "/lib/a b.so");
    expect_frame("0x5E6EECF: ???", NULL, NULL, 0, NULL);
    expect_frame("0x1: main", "main", NULL, 0, NULL);
    expect_frame("0x1: a::b(int (*) (c)) const (a.cc:7)", "a::b(int (*) (c)) const", "a.cc", 7,
                 NULL);
    expect_frame("0x1: a::b(int (*) (c))", "a::b(int (*) (c))", NULL, 0, NULL);
    expect_frame("0x0: x (a:b.c:9)", "x", "a:b.c", 9, NULL);
}

Test(frame, refuses_what_is_none)
{
    static const char *const texts[] = {"", "main", "0x", "0x: main", "0x12", "0x12:main", "12: a"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct frame frame;
        char copy[16];
        strcpy(copy, texts[i]);
        cr_expect_eq(frame_parse(copy, &frame), -1, "%s", texts[i]);
        cr_expect_str_eq(copy, texts[i], "unchanged");
    }
}

Test(frame, knows_a_function_by_all_its_names)
{
    cr_expect(frame_name_is("key_build", "key_build"));
    cr_expect(frame_name_is("key_build.part.0", "key_build"));
    cr_expect(frame_name_is("key_build.constprop.0'2", "key_build"));
    cr_expect(frame_name_is("key_build'2", "key_build"));
    cr_expect(frame_name_is("pthread_create@@GLIBC_2.34", "pthread_create"));
    cr_expect_not(frame_name_is("key_build_all", "key_build"));
    cr_expect_not(frame_name_is("key_buil", "key_build"));
    cr_expect_not(frame_name_is("my_key_build", "key_build"));
    cr_expect_not(frame_name_is(NULL, "key_build"));
}
