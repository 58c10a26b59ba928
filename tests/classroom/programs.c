/* programs.c - predict, noise and doctor, as somebody at a shell would run them. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/classroom/fixture.h"

#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

static struct child_result run(const char *const *argv)
{
    struct child_job job = {.argv = argv,
                            .directory = PROJECT_FOLDER,
                            .output = {.sink = CHILD_CAPTURE},
                            .errors = {.sink = CHILD_CAPTURE}};
    struct child_result result;
    child_run(&job, &result);
    cr_assert_eq(result.end, CHILD_EXITED, "%s", result.errors);
    return result;
}

static void expect(struct child_result result, int status, const char *output, const char *errors)
{
    cr_expect_eq(result.exit_status, status, "%d: %s", result.exit_status, result.errors);
    if (output != NULL)
        cr_expect_not_null(strstr(result.output, output), "%s", result.output);
    if (errors != NULL)
        cr_expect_not_null(strstr(result.errors, errors), "%s", result.errors);
    child_result_free(&result);
}

/* A lesson's object that is none any more would be linked into nothing, and looked at by people. */
Test(programs, kit_keeps_nothing_of_an_older_one)
{
    expect(
        RUN("sh", "-c",
            "d=$(mktemp -d); : >\"$d/old.o\"; : >\"$d/new.o\"; for o in old new; do "
            "bench/classroom/kit.sh \"$d/kit\" \"$d/new.o\" cc -O1 flags libraries \"$d/$o.o\" -- "
            "\"$d/$o.o\"; done; ls \"$d\"/kit/counted \"$d\"/kit/checked | grep '[.]o$' | xargs; "
            "rm -r \"$d\""),
        0, "new.o new.o\n", NULL);
}

static const char predict[] = BUILD_FOLDER "/bin/predict";
static const char comparison[] = PROJECT_FOLDER "/tests/harness/data/compare.json";

Test(programs, predict_commits_and_sets_beside)
{
    struct fixture fixture = fixture_open();
    char guesses[FIXTURE_PATH_SIZE];

    fixture_path(&fixture, "guesses.json", guesses);
    expect(RUN(predict, "--guesses", guesses, "--results", "/nowhere"), 2, NULL, "no terminal");
    expect(RUN(predict, "--guesses", guesses, "--results", comparison, "--show"), 0, "", NULL);
    expect(RUN(predict, "--guesses", guesses, "--results", "/nowhere", "--guess", "key=3 sort=2"),
           0, "2 guesses are committed. Now measure: make compare", NULL);
    expect(RUN(predict, "--guesses", guesses, "--results", comparison, "--guess", "key=4"), 2, NULL,
           "a guess stays");
    expect(RUN(predict, "--guesses", guesses, "--results", comparison, "--show"), 0, "Your guesses",
           NULL);
    expect(RUN(predict, "--guesses", guesses, "--results", comparison, "--json"), 0, "\"points\"",
           NULL);
    fixture_write(&fixture, ".", "broken.json", "{");
    expect(RUN(predict, "--guesses", guesses, "--results",
               fixture_path(&fixture, "broken.json", (char[FIXTURE_PATH_SIZE]){0}), "--show"),
           1, NULL, "broken.json");
    expect(RUN(predict, "--guesses", guesses, "--forget"), 0, NULL, NULL);
    cr_expect_neq(access(guesses, F_OK), 0);
    fixture_close(&fixture);
}

Test(programs, noise_ends_with_its_command_and_as_it_did)
{
    static const char noise[] = BUILD_FOLDER "/bin/noise";

    expect(RUN(noise, "cpu", "sh", "-c", "echo done; exit 7"), 7, "done", "NOISE=cpu");
    expect(RUN(noise, "cpu", "/nowhere/x"), 127, NULL, "/nowhere/x");
    expect(RUN(noise, "disk", "true"), 2, NULL, "NOISE takes cpu");
}

Test(programs, doctor_says_what_is_missing_and_how_to_mend_it)
{
    static const char script[] = "bench/classroom/doctor.sh";

    expect(RUN(script, "make x:gcc"), 0, "all there", NULL);
    expect(RUN(script, "make x:gcc", "make y:no-such-package"), 0,
           "apt-get install --no-install-recommends no-such-package", NULL);
    expect(RUN(script, "make x:no-such-package"), 1, "missing: no-such-package", NULL);
    expect(RUN(BUILD_FOLDER "/bin/doctor", "/nowhere", "/nowhere"), 1, "This machine", "doctor: ");
    expect(RUN(BUILD_FOLDER "/bin/doctor"), 2, NULL, "takes the folders");
}

/* What is installed and cannot start is told by its own words, from the one that matters on. */
Test(programs, doctor_runs_each_program)
{
    static const char script[] = "bench/classroom/doctor.sh";
    struct fixture fixture = fixture_open();
    char path[FIXTURE_PATH_SIZE], list[FIXTURE_PATH_SIZE + 32];

    fixture_write(&fixture, ".", "valgrind",
                  "#!/bin/sh\n[ \"$1\" = --version ] && echo valgrind-3.19.0 && exit\n"
                  "echo 'valgrind:  Valgrind starts' >&2\n"
                  "echo 'valgrind:  Fatal error at startup: a function redirection' >&2\n"
                  "echo 'valgrind:  cannot be set up: install libc6-dbg' >&2\n"
                  "echo 'valgrind:  Exiting now.' >&2\nexit 1\n");
    cr_assert_eq(chmod(fixture_path(&fixture, "valgrind", path), 0755), 0);
    snprintf(list, sizeof list, "PATH=%s:/usr/bin:/bin", fixture.folder);
    struct child_result result = RUN("env", list, script, "make x:gcc");
    cr_expect_not_null(strstr(result.output, "valgrind-3.19.0: does not work, so: no callgrind"));
    cr_expect_not_null(strstr(result.output, "install libc6-dbg"));
    cr_expect_null(strstr(result.output, "Valgrind starts"));
    expect(result, 1, "      valgrind:  Fatal error at startup", NULL);
    expect(RUN("sh", "-c", "ulimit -n 1048576; exec bench/classroom/doctor.sh 'make x:gcc'"), 0,
           "valgrind-3", NULL);
    fixture_close(&fixture);
}

/* Valgrind only recommends it. */
Test(programs, doctor_says_it_where_valgrind_is_there_without_libc6_dbg)
{
    static const char script[] = "bench/classroom/doctor.sh";
    struct fixture fixture = fixture_open();
    char path[FIXTURE_PATH_SIZE], list[FIXTURE_PATH_SIZE + 32];

    fixture_write(&fixture, ".", "dpkg-query",
                  "#!/bin/sh\nfor package; do :; done\n"
                  "[ $package = libc6-dbg ] && exit 1\nprintf installed\n");
    cr_assert_eq(chmod(fixture_path(&fixture, "dpkg-query", path), 0755), 0);
    snprintf(list, sizeof list, "PATH=%s:/usr/bin:/bin", fixture.folder);
    struct child_result result = RUN("env", list, script, "make compare:valgrind libc6-dbg");
    cr_expect_not_null(strstr(result.output, "valgrind-3"));
    cr_expect_not_null(strstr(result.output, "missing: libc6-dbg\n"), "%s", result.output);
    expect(result, 1, "without libc6-dbg it cannot replace functions", NULL);
    expect(RUN(script, "make compare:valgrind libc6-dbg"), 0, "all there", NULL);
    fixture_close(&fixture);
}

Test(programs, doctor_measures_the_noise)
{
    struct child_result result = RUN(BUILD_FOLDER "/bin/doctor", BUILD_FOLDER "/bin", "/nowhere");

    cr_expect_not_null(strstr(result.output, "comparisons were the same in all 60 runs"));
    cr_expect_not_null(strstr(result.output, "sandbox: "));
    expect(result, 0, "A/A", NULL);
}
