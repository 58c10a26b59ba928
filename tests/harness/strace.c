/* strace.c - the reader of strace's table of system calls. */
#include "bench/readers/strace.h"

#include "tests/harness/reading.h"

static const char recorded[] = HARNESS_DATA "strace.txt";

static int try_file(const char *path, char *error, size_t error_size)
{
    struct strace result;
    uint64_t sum = 0;

    if (strace_read(path, &result, error, error_size) != 0)
        return -1;
    for (uint32_t i = 0; i < result.call_count; i++) {
        cr_expect_gt(strlen(result.calls[i].name), 0);
        sum += result.calls[i].calls;
    }
    cr_expect_eq(sum, result.total);
    strace_free(&result);
    return 0;
}

Test(strace, reads_calls_and_errors)
{
    char error[TEXT_ERROR_SIZE];
    struct strace result;

    cr_assert_eq(strace_read(recorded, &result, error, sizeof error), 0, "%s", error);
    cr_expect_eq(strace_calls(&result, "execve"), 11);
    cr_expect_eq(strace_calls(&result, "mmap"), 17);
    cr_expect_eq(strace_calls(&result, "clone3"), 1);
    cr_expect_eq(strace_calls(&result, "sendfile"), 0);
    cr_expect_eq(result.total, 88);
    cr_expect_eq(result.call_count, 25);
    for (uint32_t i = 0; i < result.call_count; i++)
        if (strcmp(result.calls[i].name, "execve") == 0)
            cr_expect_eq(result.calls[i].errors, 9);
    strace_free(&result);
}

/* Before 5.7 the total had no time a call. */
Test(strace, reads_a_total_without_a_mean)
{
    static const char text[] = "% time     seconds  usecs/call     calls    errors syscall\n"
                               "------ ----------- ----------- --------- --------- ----------\n"
                               "  0.00    0.000000           0         3         1 read\n"
                               "------ ----------- ----------- --------- --------- ----------\n"
                               "100.00    0.000000                     3         1 total\n";
    const char *path = reading_temporary();
    char error[TEXT_ERROR_SIZE];

    reading_write(path, text, strlen(text));
    cr_expect_eq(try_file(path, error, sizeof error), 0, "%s", error);
    unlink(path);
}

Test(strace, refuses_a_total_that_is_not_the_sum)
{
    static const char text[] = "------ ----------- ----------- --------- --------- ----------\n"
                               "  0.00    0.000000           0         3           read\n"
                               "100.00    0.000000           0         4           total\n";
    reading_expect_refusal(text, strlen(text), try_file);
}

/* The last cut leaves out a newline. */
Test(strace, refuses_what_was_cut)
{
    cr_expect_eq(reading_try_cuts(recorded, try_file), 0);
}

Test(strace, survives_changes_and_garbage)
{
    reading_try_changes(recorded, try_file);
    reading_try_garbage(try_file);
}
