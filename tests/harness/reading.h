/*
 * reading.h - what the tests of all readers share: the recorded data, and files that are broken.
 *
 * A reader's test hands in a function that reads a file, checks what must hold of any result that
 * was accepted, and frees it. Run under ASan, this shows that no broken file leads out of bounds.
 */
#ifndef READING_H
#define READING_H

#include <criterion/criterion.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/readers/text.h"

#ifndef HARNESS_DATA
#define HARNESS_DATA "tests/harness/data/" /* from the top of the checkout */
#endif

enum { CUT_STEP = 97 };

/* Reads, checks and frees. What the reader returned: 0, or -1 with an error text. */
typedef int reading_try(const char *path, char *error, size_t error_size);

static inline struct text reading_load(const char *path)
{
    char error[TEXT_ERROR_SIZE];
    struct text text;
    cr_assert_eq(text_read(path, &text, error, sizeof error), 0, "%s", error);
    return text;
}

/* Writes a file anew. */
static inline void reading_write(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(bytes, 1, length, file), length);
    cr_assert_eq(fclose(file), 0);
}

/* The path of a new empty file, to be unlinked; valid until the next call. */
static inline const char *reading_temporary(void)
{
    static char path[sizeof "/tmp/fastenough-XXXXXX"];
    strcpy(path, "/tmp/fastenough-XXXXXX");
    int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    close(fd);
    return path;
}

/* The error text of a refused file has to say which file it was, and something about it. */
static inline void reading_expect_error(const char *path, const char *error)
{
    size_t length = strlen(path);
    cr_expect(strncmp(error, path, length) == 0 && error[length] == ':', "%s", error);
    cr_expect_gt(strlen(error), length + 2, "%s", error);
}

/* Cuts the file at each CUT_STEPth byte, and at each of its last 10. Returns how many were
 * accepted. */
static inline unsigned reading_try_cuts(const char *path, reading_try *try)
{
    struct text text = reading_load(path);
    const char *cut = reading_temporary();
    char error[TEXT_ERROR_SIZE];
    unsigned accepted = 0;

    size_t last = text.length > 10 ? text.length - 10 : 0;
    for (size_t length = 0; length < text.length;) {
        reading_write(cut, text.bytes, length);
        if (try(cut, error, sizeof error) == 0)
            accepted++;
        else
            reading_expect_error(cut, error);
        if (length < last)
            length = length + CUT_STEP < last ? length + CUT_STEP : last;
        else
            length++;
    }
    unlink(cut);
    text_free(&text);
    return accepted;
}

/* Changes one byte at each CUT_STEPth place, to a digit, to a letter, and so on. */
static inline void reading_try_changes(const char *path, reading_try *try)
{
    static const char bytes[] = "9-x \n\"{<";
    struct text text = reading_load(path);
    const char *changed = reading_temporary();
    char error[TEXT_ERROR_SIZE];

    for (size_t at = 0, i = 0; at < text.length; at += CUT_STEP, i++) {
        char before = text.bytes[at];
        text.bytes[at] = bytes[i % (sizeof bytes - 1)];
        reading_write(changed, text.bytes, text.length);
        if (try(changed, error, sizeof error) != 0)
            reading_expect_error(changed, error);
        text.bytes[at] = before;
    }
    unlink(changed);
    text_free(&text);
}

static inline void reading_expect_refusal(const char *bytes, size_t length, reading_try *try)
{
    const char *path = reading_temporary();
    char error[TEXT_ERROR_SIZE];

    reading_write(path, bytes, length);
    cr_expect_eq(try(path, error, sizeof error), -1, "accepted: %.60s", bytes);
    reading_expect_error(path, error);
    unlink(path);
}

/* Files that no tool wrote, or another one. */
static inline void reading_try_garbage(reading_try *try)
{
    static const char *const texts[] = {
        "",
        "\n",
        "x",
        "0\n",
        "{}",
        "[]",
        "{",
        "\"\"",
        "null",
        "fn=(1)\n+3 4\n",
        "==1== \n",
        "<?xml version=\"1.0\"?><a></a>",
        "<valgrindoutput>",
        "events: Ir\n",
        "time_unit: i\n",
        "time_unit: i\n#---\n",
        "\xff\xfe\xfd\n",
        "((((((((((((",
        "{\"benchmarks\":[]}",
        "totals: 18446744073709551616\n",
        "events: Ir\ntotals: 1\n",
    };
    char error[TEXT_ERROR_SIZE];
    char noise[4096];
    unsigned state = 1;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        reading_expect_refusal(texts[i], strlen(texts[i]), try);
    for (int round = 0; round < 20; round++) {
        for (size_t i = 0; i < sizeof noise; i++) {
            state = state * 1103515245u + 12345u;
            noise[i] = (char)(state >> 16);
            if (round % 2 == 0 && noise[i] == '\0')
                noise[i] = '\n'; /* half of them without a NUL, which would end the reading early */
        }
        reading_expect_refusal(noise, sizeof noise, try);
    }
    cr_expect_eq(try("/nonexistent/file", error, sizeof error), -1);
    reading_expect_error("/nonexistent/file", error);
    cr_expect_eq(try("/tmp", error, sizeof error), -1);
    reading_expect_error("/tmp", error);
}

/* The number behind `title` in a tool's own text: digits with commas. */
static inline uint64_t reading_number_after(const struct text *text, const char *title)
{
    const char *at = strstr(text->bytes, title);
    uint64_t number;

    cr_assert_not_null(at, "no \"%s\"", title);
    at += strlen(title);
    at += strspn(at, " ");
    cr_assert_eq(text_number(&at, &number), 0, "no number after \"%s\"", title);
    return number;
}

#endif
