/* input.c - files, pipes and what is neither, read into requests. */
#include "common/input.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/memory.h"
#include "tests/sample.h"

static char path[] = "/tmp/fastenough-input-XXXXXX";

static void write_file(const char *bytes, size_t count)
{
    int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    cr_assert_eq(write(fd, bytes, count), (ssize_t)count);
    close(fd);
}

/* Makes the bytes standard input, as a pipe whose writer is gone. */
static void pipe_in(const char *bytes, size_t count)
{
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(write(ends[1], bytes, count), (ssize_t)count);
    close(ends[1]);
    cr_assert_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    close(ends[0]);
}

/* What is read until the end, with a NUL behind it; to be freed. */
static char *read_all(struct input *input, size_t *length)
{
    char *text = malloc(1);
    ssize_t count;

    for (*length = 0; (count = input_read(input)) > 0; *length += (size_t)count) {
        text = realloc(text, *length + (size_t)count + 1);
        memcpy(text + *length, input->bytes, (size_t)count);
    }
    cr_expect_eq(count, 0);
    text[*length] = '\0';
    return text;
}

Test(input, reads_a_file)
{
    struct input input;
    size_t length;

    write_file("a\nb\nc", 5);
    cr_assert_eq(input_open(&input, path), 0);
    unlink(path);
    cr_expect_eq(input.size, 5);
    char *text = read_all(&input, &length);
    cr_expect_str_eq(text, "a\nb\nc");
    cr_expect_eq(input_read(&input), 0, "and again");
    free(text);
    input_close(&input);
}

Test(input, reads_files_larger_than_its_buffer)
{
    enum { LINES = 3000, LENGTH = 999 };
    char *text = sample_long('x', (LENGTH + 1) * LINES);
    struct input input;
    size_t length;

    for (int i = 1; i <= LINES; i++)
        text[(LENGTH + 1) * i - 1] = '\n';
    write_file(text, (LENGTH + 1) * LINES);
    cr_assert_eq(input_open(&input, path), 0);
    unlink(path);
    char *found = read_all(&input, &length);
    cr_assert_eq(length, (LENGTH + 1) * LINES);
    cr_expect_eq(memcmp(found, text, length), 0);
    free(found);
    free(text);
    input_close(&input);
}

Test(input, reads_standard_input_and_leaves_it_open)
{
    struct input input;
    size_t length;

    pipe_in("a\nb\n", 4);
    cr_assert_eq(input_open(&input, "-"), 0);
    cr_expect_eq(input.size, 0, "nobody knows how much will come");
    char *text = read_all(&input, &length);
    cr_expect_str_eq(text, "a\nb\n");
    free(text);
    input_close(&input);
    cr_expect_neq(lseek(STDIN_FILENO, 0, SEEK_CUR) == -1 ? errno : 0, EBADF);
}

Test(input, finds_nothing_in_an_empty_file)
{
    struct input input;

    cr_assert_eq(input_open(&input, "/dev/null"), 0);
    cr_expect_eq(input_read(&input), 0);
    input_close(&input);
}

Test(input, refuses_what_cannot_be_read)
{
    struct input input;
    errno = 0;
    cr_expect_eq(input_open(&input, "/nonexistent/file"), -1);
    cr_expect_eq(errno, ENOENT);
    cr_expect_eq(input_open(&input, "/tmp"), -1);
    cr_expect_eq(errno, EISDIR);
    memory_fail_at(1);
    cr_expect_eq(input_open(&input, "/dev/null"), -1);
    memory_fail_at(0);
    cr_expect_eq(errno, ENOMEM);
}

Test(input, says_that_reading_failed)
{
    struct input input;

    cr_assert_eq(input_open(&input, "/proc/self/mem"), 0);
    errno = 0;
    cr_expect_eq(input_read(&input), -1, "nothing is mapped at 0");
    cr_expect_eq(errno, EIO);
    input_close(&input);
}

/* Who waits for input looks up now and then, so that a signal that came just before is not lost. */
Test(input, lets_its_caller_look_up_while_nothing_comes)
{
    struct input input;
    int ends[2];

    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    close(ends[0]);
    cr_assert_eq(input_open(&input, "-"), 0);
    cr_assert_eq(write(ends[1], "a\nb", 3), 3);
    cr_expect_eq(input_read(&input), 3);
    cr_expect_eq(input_read(&input), -1);
    cr_expect_eq(errno, EINTR);
    cr_assert_eq(write(ends[1], "c\n", 2), 2);
    cr_expect_eq(input_read(&input), 2, "and goes on where it was");
    close(ends[1]);
    input_close(&input);
}
