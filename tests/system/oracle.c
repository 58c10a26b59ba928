/*
 * oracle.c - thousands of odd lines against an independent implementation (oracle.py,
 * reference.py): which are accepted, why the others are not, and what comes of them.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#define COMMAND "python3 -B tests/system/oracle.py " PROGRAM_FOLDER

static void expect_agreement(const char *command)
{
    char text[8192];
    FILE *pipe = popen(command, "r");
    cr_assert_not_null(pipe);
    text[fread(text, 1, sizeof text - 1, pipe)] = '\0';
    int status = pclose(pipe);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s: %s", command, text);
}

Test(oracle, agrees_on_mutated_records)
{
    expect_agreement(COMMAND " 1 2>&1");
}

Test(oracle, agrees_on_others)
{
    expect_agreement(COMMAND " 2 2>&1");
}
