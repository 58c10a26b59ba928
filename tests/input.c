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

Test(input, reads_a_file_into_requests)
{
    struct request *request = request_new(2);
    struct input input;

    write_file("a\nb\nc", 5);
    cr_assert_eq(input_open(&input, path, 100), 0);
    unlink(path);
    cr_expect_eq(input.size, 5);
    cr_expect_eq(input_next(&input, request), 1);
    cr_expect_eq(request->count, 2);
    cr_assert(request_reuse(request));
    cr_expect_eq(input_next(&input, request), 1);
    cr_expect_eq(request->count, 1);
    cr_expect_eq(request->lines[0].number, 3);
    cr_assert(request_reuse(request));
    cr_expect_eq(input_next(&input, request), 0);
    cr_expect_eq(input_next(&input, request), 0, "and again");
    cr_expect_eq(request->count, 0);
    cr_expect_eq(input.splitter.byte_count, 5);
    request_release(request);
    input_close(&input);
}

/* Lines of some 1000 bytes, so that a buffer's end falls into one. */
Test(input, reads_files_larger_than_its_buffer)
{
    enum { LINES = 3000, LENGTH = 999 };
    struct request *request = request_new(700);
    char *text = sample_long('x', (LENGTH + 1) * LINES);
    struct input input;
    uint64_t number = 0;

    for (int i = 1; i <= LINES; i++)
        text[(LENGTH + 1) * i - 1] = '\n';
    write_file(text, (LENGTH + 1) * LINES);
    cr_assert_eq(input_open(&input, path, 1 << 20), 0);
    unlink(path);
    while (input_next(&input, request) == 1) {
        for (uint32_t i = 0; i < request->count; i++) {
            cr_assert_eq(request->lines[i].number, ++number);
            cr_assert_eq(request->lines[i].length, LENGTH);
        }
        cr_assert(request_reuse(request));
    }
    cr_expect_eq(number, LINES);
    free(text);
    request_release(request);
    input_close(&input);
}

Test(input, reads_standard_input_and_leaves_it_open)
{
    struct request *request = request_new(10);
    struct input input;

    pipe_in("a\nb\n", 4);
    cr_assert_eq(input_open(&input, "-", 100), 0);
    cr_expect_eq(input.size, 0, "nobody knows how much will come");
    cr_expect_eq(input_next(&input, request), 1);
    cr_expect_eq(request->count, 2);
    input_close(&input);
    cr_expect_neq(lseek(STDIN_FILENO, 0, SEEK_CUR) == -1 ? errno : 0, EBADF);
    request_release(request);
}

Test(input, finds_nothing_in_an_empty_file)
{
    struct request *request = request_new(10);
    struct input input;

    cr_assert_eq(input_open(&input, "/dev/null", 100), 0);
    cr_expect_eq(input_next(&input, request), 0);
    request_release(request);
    input_close(&input);
}

Test(input, refuses_what_cannot_be_read)
{
    struct input input;
    errno = 0;
    cr_expect_eq(input_open(&input, "/nonexistent/file", 100), -1);
    cr_expect_eq(errno, ENOENT);
    cr_expect_eq(input_open(&input, "/tmp", 100), -1);
    cr_expect_eq(errno, EISDIR);
    memory_fail_at(1);
    cr_expect_eq(input_open(&input, "/dev/null", 100), -1);
    memory_fail_at(0);
    cr_expect_eq(errno, ENOMEM);
}

Test(input, says_that_reading_failed)
{
    struct request *request = request_new(10);
    struct input input;

    cr_assert_eq(input_open(&input, "/proc/self/mem", 100), 0);
    errno = 0;
    cr_expect_eq(input_next(&input, request), -1, "nothing is mapped at 0");
    cr_expect_eq(errno, EIO);
    request_release(request);
    input_close(&input);
}

/* Who waits for input looks up now and then, so that a signal that came just before is not lost. */
Test(input, lets_its_caller_look_up_while_nothing_comes)
{
    struct request *request = request_new(2);
    struct input input;
    int ends[2];

    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    close(ends[0]);
    cr_assert_eq(input_open(&input, "-", 100), 0);
    cr_assert_eq(write(ends[1], "a\nb", 3), 3);
    cr_expect_eq(input_next(&input, request), -1);
    cr_expect_eq(errno, EINTR);
    cr_assert_eq(write(ends[1], "c\n", 2), 2);
    cr_expect_eq(input_next(&input, request), 1, "and goes on where it was");
    cr_expect_eq(request->count, 2);
    cr_expect_eq(request->lines[1].length, 2);
    close(ends[1]);
    request_release(request);
    input_close(&input);
}
