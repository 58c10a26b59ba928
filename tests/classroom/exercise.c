/* exercise.c - the student's folder: whole, or not there; and never over another. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/classroom/class.h"
#include "tests/classroom/fixture.h"

static struct child_result make_exercise(const char *folder)
{
    const char *const argv[] = {
        "bench/classroom/exercise.sh", "naive", folder, "key", "sort", "store", "workers", NULL};
    struct child_job job = {.argv = argv,
                            .directory = PROJECT_FOLDER,
                            .output = {.sink = CHILD_CAPTURE},
                            .errors = {.sink = CHILD_CAPTURE}};
    struct child_result result;
    child_run(&job, &result);
    return result;
}

Test(exercise, has_the_four_files_and_a_page_and_is_never_written_over)
{
    struct fixture fixture = fixture_open();
    char path[FIXTURE_PATH_SIZE], naive[FIXTURE_PATH_SIZE];

    struct child_result result = make_exercise(fixture_path(&fixture, "new/hw", path));
    cr_assert_eq(result.exit_status, 0, "%s", result.errors);
    child_result_free(&result);
    char *page = fixture_read(&fixture, "new/hw/README.md"),
         *key = fixture_read(&fixture, "new/hw/key.c");
    cr_expect_not_null(strstr(page, "make grade STUDENT="));
    struct fixture project = {PROJECT_FOLDER};
    char *original = fixture_read(&project, "naive/key.c");
    cr_expect_str_eq(key, original);
    cr_expect_eq(access(fixture_path(&fixture, "new/hw/workers.c", naive), R_OK), 0);
    free(page), free(key), free(original);

    unlink(fixture_path(&fixture, "new/hw/key.c", naive));
    result = make_exercise(path);
    cr_expect_eq(result.exit_status, 1);
    cr_expect_not_null(strstr(result.errors, "there already"));
    cr_expect_neq(access(naive, R_OK), 0);
    child_result_free(&result);

    result = make_exercise("");
    cr_expect_eq(result.exit_status, 2);
    child_result_free(&result);
    result = make_exercise("/proc/hw");
    cr_expect_neq(result.exit_status, 0);
    child_result_free(&result);
    fixture_close(&fixture);
}

Test(exercise, may_lie_in_a_folder_of_any_name)
{
    static const char *const names[] = {"O'Brien", "de la Cruz, Ana", "-rf/-x",     "a\nb\n/c\n",
                                        "$HOME",   "\u674e\u96f7",    "\"x\" `y` *"};
    struct fixture fixture = fixture_open();
    char path[FIXTURE_PATH_SIZE], name[64];

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct child_result result = make_exercise(fixture_path(&fixture, names[i], path));
        cr_expect_eq(result.exit_status, 0, "%s: %s", names[i], result.errors);
        child_result_free(&result);
        snprintf(name, sizeof name, "%s/key.c", names[i]);
        cr_expect_eq(access(fixture_path(&fixture, name, path), R_OK), 0, "%s", names[i]);
    }
    /* and with no folder before its dash */
    char script[FIXTURE_PATH_SIZE];
    snprintf(script, sizeof script, "%s/bench/classroom/exercise.sh", PROJECT_FOLDER);
    const char *const argv[] = {
        script, PROJECT_FOLDER "/naive", "-v", "key", "sort", "store", "workers", NULL};
    struct child_job job = {.argv = argv, .directory = fixture.folder};
    struct child_result result;
    child_run(&job, &result);
    cr_expect_eq(result.exit_status, 0);
    child_result_free(&result);
    cr_expect_eq(access(fixture_path(&fixture, "-v/README.md", path), R_OK), 0);
    fixture_close(&fixture);
}

Test(class, takes_a_folder_by_its_own_name_also_where_that_looks_like_a_pattern)
{
    struct fixture fixture = fixture_open();
    char path[FIXTURE_PATH_SIZE], error[512];
    struct class class;

    struct child_result result =
        make_exercise(fixture_path(&fixture, "-O'Brien's [hw] \\1*?", path));
    cr_assert_eq(result.exit_status, 0, "%s", result.errors);
    child_result_free(&result);
    cr_assert_eq(class_find(&class, path, error, sizeof error), 0, "%s", error);
    cr_assert_eq(class.count, 1);
    cr_expect_str_eq(class.submissions[0].folder, path);
    class_free(&class);
    snprintf(path, sizeof path, "%s/-O'Brien's \\[hw\\] \\\\1\\*\\?/key.c", fixture.folder);
    cr_expect_eq(class_find(&class, path, error, sizeof error), -1);
    cr_expect_not_null(strstr(error, "key.c is a file: name the folder"), "%s", error);
    class_free(&class);
    fixture_close(&fixture);
}
