/*
 * runner.c - tests/run.sh: what does not pass is not reported green, what hangs is ended, and what
 * runs side by side is told one after the other.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/open/shell.h"

#define PASSES                                                                                     \
    "echo '[RUN ] a::passes'\necho '[PASS] a::passes: (0.00s)'\n"                                  \
    "echo '[====] Synthesis: Tested: 1 | Passing: 1 | Failing: 0 | Crashing: 0 '\n"
#define FAILS                                                                                      \
    "echo '[FAIL] a::fails: (0.00s)'\n"                                                            \
    "echo '[====] Synthesis: Tested: 1 | Passing: 0 | Failing: 1 | Crashing: 0 '\n"

/* Waits for the process named in the folder's "left" to end; that one has no command line any more.
 */
#define EXPECT_GONE                                                                                \
    "read -r left <%s/left; for i in $(seq 600); do"                                               \
    " grep -qsz . /proc/$left/cmdline || exit 0; sleep 0.1; done; exit 1"

static char folder[] = "/tmp/runner-XXXXXX";

static void make_folder(void)
{
    cr_assert_not_null(mkdtemp(folder));
}

/* A test program of that name, which does what the lines of shell say. */
static void make_program(const char *name, const char *lines)
{
    char path[64];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    fprintf(file, "#!/bin/sh\n%s", lines);
    fclose(file);
    cr_assert_eq(chmod(path, 0700), 0);
}

static void run(struct shell *shell, const char *limit_s, const char *name)
{
    shell_run(shell, "TEST_LIMIT=%s tests/run.sh '%s/%s'", limit_s, folder, name);
}

static void remove_folder(void)
{
    struct shell shell = {0};

    shell_run(&shell, "rm -r '%s'", folder);
    cr_expect_eq(shell.status, 0, "%s", shell.text);
    shell_free(&shell);
}

TestSuite(runner, .init = make_folder, .fini = remove_folder);

Test(runner, adds_up_what_passed)
{
    struct shell shell = {0};

    make_program("good", PASSES);
    shell_run(&shell, "tests/run.sh %s/good %s/good", folder, folder);
    cr_expect_eq(shell.status, 0, "%s", shell.text);
    cr_expect_not_null(strstr(shell.text, "\n2 passed, 0 failed\n"), "%s", shell.text);
    shell_free(&shell);
}

Test(runner, takes_no_silence_no_crash_and_no_report_of_a_sanitizer_for_a_pass)
{
    static const char *const bad[] = {
        "",
        PASSES "exit 1\n",
        PASSES "kill -SEGV $$\n",
        PASSES "echo '==1==ERROR: LeakSanitizer: detected memory leaks'\n",
        FAILS "exit 1\n",
    };
    struct shell shell = {0};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        make_program("bad", bad[i]);
        run(&shell, "60", "bad");
        cr_expect_eq(shell.status, 1, "%s: %s", bad[i], shell.text);
        cr_expect_not_null(strstr(shell.text, " passed, 1 failed\n"), "%s", shell.text);
    }
    shell_free(&shell);
}

Test(runner, ends_a_test_that_hangs_with_what_it_started_and_names_it)
{
    struct shell shell = {0};

    /* setsid: in no process group of the program's, as what lost its parent may be */
    make_program("hangs", "echo '[RUN ] a::passes'\necho '[PASS] a::passes: (0.00s)'\n"
                          "echo '[RUN ] a::hangs'\n"
                          "setsid sleep 300 &\necho $! >\"${0%/*}/left\"\nwait\n");
    run(&shell, "1", "hangs");
    cr_expect_eq(shell.status, 1, "%s", shell.text);
    cr_expect_not_null(
        strstr(shell.text, "after 1 s (TEST_LIMIT), in these tests:\n    a::hangs\n"), "%s",
        shell.text);
    cr_expect_not_null(strstr(shell.text, "0 passed, 1 failed"), "%s", shell.text);
    shell_run(&shell, EXPECT_GONE, folder);
    cr_expect_eq(shell.status, 0, "what it started is there still");
    shell_free(&shell);
}

/* Says something, waits until the other one has done so, too, says more, and fails. */
#define MEETS(self, other)                                                                         \
    "cd \"${0%/*}\"\necho 'begins " self "'\n: >" self ".met\n"                                    \
    "until [ -e " other ".met ]; do sleep 0.01; done\necho 'goes on " self "'\n"                   \
    "echo '[====] Synthesis: Tested: 1 | Passing: 0 | Failing: 1 | Crashing: 0 '\nexit 1\n"

Test(runner, runs_programs_side_by_side_and_tells_of_one_after_the_other)
{
    struct shell shell = {0};

    make_program("a", MEETS("a", "b"));
    make_program("b", MEETS("b", "a"));
    shell_run(&shell, "TEST_JOBS=2 TEST_LIMIT=300 tests/run.sh %s/a %s/b", folder, folder);
    cr_expect_eq(shell.status, 1, "%s", shell.text);
    cr_expect_not_null(strstr(shell.text, "== a\nbegins a\ngoes on a\n"), "%s", shell.text);
    cr_expect_not_null(strstr(shell.text, "== b\nbegins b\ngoes on b\n"), "%s", shell.text);
    cr_expect_not_null(strstr(shell.text, "\n0 passed, 2 failed\n"), "%s", shell.text);
    shell_free(&shell);
}

Test(runner, says_what_was_skipped_and_why)
{
    struct shell shell = {0};

    make_program("skips", PASSES "echo '[SKIP] a::skips: there is none'\n"
                                 "echo '[SKIP] a::left_out: Test is disabled'\n");
    shell_run(&shell, "tests/run.sh %s/skips %s/skips", folder, folder);
    cr_expect_eq(shell.status, 0, "%s", shell.text);
    cr_expect_not_null(strstr(shell.text, "[SKIP] a::skips: there is none\n"), "%s", shell.text);
    cr_expect_null(strstr(shell.text, "left_out"), "%s", shell.text);
    cr_expect_not_null(strstr(shell.text, "\n2 passed, 0 failed, 2 skipped\n"), "%s", shell.text);
    shell_free(&shell);
}

/* Ctrl-C goes to all that run in the terminal's foreground. */
Test(runner, ends_all_that_it_started_when_it_is_interrupted)
{
    struct shell shell = {0};

    make_program("waits", "setsid sleep 300 &\necho $! >\"${0%/*}/left\"\nwait\n");
    shell_run(&shell,
              "setsid env --default-signal=INT tests/run.sh %s/waits & runner=$!; "
              "until [ -s %s/left ]; do sleep 0.01; done; kill -INT -$runner; "
              "wait $runner; echo \"ended with $?\"; " EXPECT_GONE,
              folder, folder, folder);
    cr_expect_eq(shell.status, 0, "what it started is there still: %s", shell.text);
    cr_expect_not_null(strstr(shell.text, "ended with 130\n"), "%s", shell.text);
    shell_free(&shell);
}
