/*
 * sandbox.c - the second wall, for code that came past the first: what a shell can do in there. The
 * first wall refuses most of it by its text and symbols (hostile.c).
 */
#include "bench/classroom/sandbox.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/process/child.h"
#include "tests/classroom/fixture.h"

static const struct sandbox_limits limits = {
    .cpu_s = 2, .memory_bytes = 1 << 29, .file_bytes = 1 << 20, .tasks = 50};

/* A sandbox and a folder `out` in a fixture, or the end of the test where there is no bubblewrap.
 */
static struct fixture open_fixture(struct sandbox *sandbox, char out[FIXTURE_PATH_SIZE])
{
    struct fixture fixture = fixture_open();

    sandbox_init(sandbox, false);
    if (sandbox->kind != SANDBOX_BUBBLEWRAP) {
        fixture_close(&fixture);
        cr_skip_test("bubblewrap does not work here");
    }
    chmod(fixture.folder, 0755);
    cr_assert_eq(mkdir(fixture_path(&fixture, "out", out), 0755), 0);
    cr_assert_eq(sandbox_give(sandbox, 1, out), 0);
    return fixture;
}

/* What a script prints inside. */
static struct child_result run(const struct sandbox *sandbox, const char *out, const char *script)
{
    struct command command;
    struct child_result result;

    sandbox_begin(&command, sandbox, 1, &limits, NULL, out);
    command_add(&command, "sh");
    command_add(&command, "-c");
    command_add(&command, script);
    struct child_job job = {.argv = command.argv,
                            .directory = out,
                            .output = {.sink = CHILD_CAPTURE},
                            .errors = {.sink = CHILD_CAPTURE},
                            .timeout_ms = 20000};
    child_run(&job, &result);
    return result;
}

static void expect_output(const char *script, const char *expected)
{
    struct sandbox sandbox;
    char out[FIXTURE_PATH_SIZE];
    struct fixture fixture = open_fixture(&sandbox, out);
    struct child_result result = run(&sandbox, out, script);

    cr_expect_str_eq(result.output, expected, "%s: %s", script, result.errors);
    child_result_free(&result);
    fixture_close(&fixture);
}

Test(sandbox, writes_only_where_it_may)
{
    expect_output(
        "echo x >here && cat here; for at in /usr /dev/shm /dev /proc; do echo x >$at/fastenough-x "
        "2>/dev/null && echo wrote $at; done; echo x 2>/dev/null >/x && echo wrote /; true",
        "x\n");
}

Test(sandbox, does_not_see_this_project_nor_anybodys_home)
{
    expect_output("ls -d " PROJECT_FOLDER " /root /home /etc /var 2>/dev/null; true", "");
}

Test(sandbox, sees_and_signals_no_other_process)
{
    char script[200];
    snprintf(script, sizeof script,
             "kill -9 %d 2>/dev/null && echo killed; ls -d /proc/%d 2>&1 | "
             "grep -c 'No such'",
             (int)getpid(), (int)getpid());
    expect_output(script, "1\n");
}

Test(sandbox, has_no_network)
{
    expect_output("tail -n +3 /proc/net/dev | grep -cv ' lo:'", "0\n");
}

Test(sandbox, ends_a_fork_bomb)
{
    struct sandbox sandbox;
    char out[FIXTURE_PATH_SIZE];
    struct fixture fixture = open_fixture(&sandbox, out);

    if (sandbox.is_root) {
        struct child_result result = run(&sandbox, out,
                                         "i=0; while [ $i -lt 200 ]; do sleep 1000 & i=$((i+1)); "
                                         "done; echo all");
        cr_expect_null(strstr(result.output, "all"));
        child_result_free(&result);
    }
    fixture_close(&fixture);
}

Test(sandbox, ends_what_uses_too_much_time_or_disk)
{
    struct sandbox sandbox;
    char out[FIXTURE_PATH_SIZE];
    struct fixture fixture = open_fixture(&sandbox, out);
    struct child_result result = run(&sandbox, out, "while :; do :; done");

    cr_expect(result.end != CHILD_EXITED || result.exit_status > 128);
    child_result_free(&result);
    result = run(&sandbox, out, "head -c 3000000 /dev/zero >big; wc -c <big");
    cr_expect_str_eq(result.output, "1048576\n");
    child_result_free(&result);
    result = run(&sandbox, out, "head -c 900000000 /dev/zero | tail -n 1 >/dev/null; echo $?");
    cr_expect_str_neq(result.output, "0\n");
    child_result_free(&result);
    fixture_close(&fixture);
}
