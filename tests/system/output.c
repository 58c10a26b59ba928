/* output.c - a disk that is full, a reader that is gone: a message and a status, no signal. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/system/program.h"

static void expect_failure(struct program_result result, const char *reason)
{
    cr_expect_eq(result.exit_status, 1, "exit %d, signal %d", result.exit_status,
                 result.signal_number);
    cr_expect_not_null(strstr(result.error, "cannot write the output"), "%s", result.error);
    cr_expect_not_null(strstr(result.error, reason), "%s", result.error);
    program_result_free(&result);
}

/* Everything that prints, into this. */
static void expect_failures(const struct program_setup *setup, const char *reason)
{
    const char *path = program_records(500);
    expect_failure(PROGRAM_WITH(setup, "ffff", "run", path), reason);
    expect_failure(PROGRAM_WITH(setup, "ffff", "run", path, "--json"), reason);
    expect_failure(PROGRAM_WITH(setup, "nnnn", "run", path, "--json"), reason);
    expect_failure(PROGRAM_WITH(setup, "ffff", "generate", "10"), reason);
    expect_failure(PROGRAM_WITH(setup, "ffff", "generate", "100000000"), reason);
    expect_failure(PROGRAM_WITH(setup, "ffff", "--help"), reason);
    expect_failure(PROGRAM_WITH(setup, "ffff", "--version"), reason);
}

TestSuite(output, .fini = program_remove_files);

Test(output, fails_on_a_full_disk)
{
    const struct program_setup setup = {.output_path = "/dev/full"};
    expect_failures(&setup, "No space left");
}

Test(output, fails_on_a_broken_pipe)
{
    const struct program_setup setup = {.is_output_closed = true};
    expect_failures(&setup, "Broken pipe");
}

/* The message is lost, and that is all. */
Test(output, needs_no_standard_error)
{
    const struct program_setup setup = {.error_path = "/dev/full"};
    struct program_result result = PROGRAM_WITH(&setup, "ffff", "run", "/nonexistent");
    cr_expect_eq(result.exit_status, 1);
    program_result_free(&result);
}
