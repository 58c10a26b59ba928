/* terminal.c - the progress line: on a terminal, for long work, unless it is not wanted. */
#include <criterion/criterion.h>
#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/system/program.h"

/* What a terminal shows of a run's standard error. With a latency of 1 ms the run takes 1 s at
 * least, as no sleep ends early: longer than it takes until a line is shown. */
static void watch(const char *option, char *text, size_t size)
{
    const char *const argv[] = {"ffff",      "run", program_records(2000), "--db-latency", "1ms",
                                "--workers", "2",   "--request",           "20",           option,
                                NULL};
    struct program_setup setup = {0};
    char path[64];
    int terminal, other_end;
    size_t length = 0;
    ssize_t count;

    cr_assert_eq(openpty(&terminal, &other_end, path, NULL, NULL), 0);
    setup.error_path = path;
    struct program_result result = program_run(&setup, argv);
    cr_expect_eq(result.exit_status, 0, "%s", result.output);
    program_result_free(&result);
    close(other_end); /* now reading ends with what was written */
    while ((count = read(terminal, text + length, size - 1 - length)) > 0)
        length += (size_t)count;
    text[length] = '\0';
    close(terminal);
}

TestSuite(terminal, .fini = program_remove_files);

Test(terminal, shows_the_progress_of_long_work)
{
    char text[4000];
    watch("--json", text, sizeof text);
    cr_expect_not_null(strstr(text, "records"), "%s", text);
    cr_expect_not_null(strstr(text, "%"), "a file's size is known: %s", text);
    cr_expect_eq(text[0], '\r', "in one line");
    cr_expect_null(strchr(text, '\n'));
    cr_expect_str_eq(text + strlen(text) - 4, "\r\033[K", "and takes it away in the end");
}

Test(terminal, shows_nothing_to_who_wants_it_quiet)
{
    char text[4000];
    watch("--quiet", text, sizeof text);
    cr_expect_str_empty(text);
}

Test(terminal, is_needed_for_a_progress_line)
{
    struct program_result result = PROGRAM("ffff", "run", program_records(2000), "--db-latency",
                                           "1ms", "--workers", "2", "--request", "20");
    cr_expect_eq(result.exit_status, 0);
    cr_expect_str_empty(result.error);
    program_result_free(&result);
}
