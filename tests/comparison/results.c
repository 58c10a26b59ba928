/*
 * results.c - where results go: folders that cannot be written, disks that are full, names that
 * are odd, and two comparisons at once. What fails leaves the older result, and it alone.
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/comparison/scene.h"

TestSuite(results, .timeout = 600);

#define MEDDLE_LIBRARY "LD_PRELOAD=" BUILD_FOLDER "/tests/meddle.so"
#define SHORT "--mode", "quick", "--rounds", "1", "--fix", "sort"

Test(results, a_file_in_the_place_of_the_folder)
{
    struct scene scene;
    char text[16];

    scene_init(&scene, "bin");
    scene_write(&scene, "file", "precious\n");
    snprintf(scene.results + strlen(scene.results) - strlen("results"), 8, "file");
    struct child_result result = scene_compare(&scene, SHORT, NULL);
    scene_expect(&result, 1, "cannot write results into ", "Not a directory", NULL);
    scene_read(&scene, "file", text, sizeof text);
    cr_expect_str_eq(text, "precious\n");
    child_result_free(&result);
    scene_free(&scene);
}

/* Runs compare with its results on a file system of its own, and then lists what is there. */
static void expect_failure_on(const char *mount, const char *words)
{
    struct scene scene;
    char script[1024];

    scene_init(&scene, "bin");
    snprintf(script, sizeof script,
             "exec unshare -m sh -c '%s || exit 99\n"
             "\"$@\"; status=$?; ls -A results; readlink results/latest; exit $status' sh \"$@\"",
             mount);
    struct child_result result = scene_compare_in(&scene, script, SHORT, NULL);
    if (result.exit_status == 99 || strstr(result.errors, "unshare") != NULL) {
        child_result_free(&result);
        scene_free(&scene);
        cr_skip_test("no file system can be mounted here");
    }
    scene_expect(&result, 1, words, NULL);
    cr_expect_str_eq(result.output, "2000-01-01T000000Z\nlatest\n2000-01-01T000000Z\n");
    scene_expect_untouched(&scene);
    child_result_free(&result);
    scene_free(&scene);
}

#define SMALL(size)                                                                                \
    "mount -t tmpfs -o size=" size " none results && mkdir results/2000-01-01T000000Z && "         \
    "ln -s 2000-01-01T000000Z results/latest"

Test(results, a_folder_that_is_read_only)
{
    expect_failure_on("mount --bind results results && mount -o remount,bind,ro results",
                      "cannot write results into ");
}

Test(results, a_disk_too_small_for_the_records)
{
    expect_failure_on(SMALL("200k"), "No space left on device");
}

Test(results, a_disk_too_small_for_the_tools)
{
    expect_failure_on(SMALL("1500k"), "");
}

/* Fails a call of compare's own at the end, when all has been measured. */
static void expect_failure_at(const char *moment, const char *words)
{
    struct scene scene;

    scene_init(&scene, "bin");
    scene.variables[0] = MEDDLE_LIBRARY;
    scene.variables[1] = moment;
    struct child_result result = scene_compare(&scene, SHORT, NULL);
    scene_expect_failure(&scene, &result, 1, words);
    child_result_free(&result);
    scene_free(&scene);
}

Test(results, a_report_that_cannot_be_written)
{
    expect_failure_at("MEDDLE=rename:/compare.md:-28", "No space left on device");
}

Test(results, a_result_that_cannot_get_its_name)
{
    expect_failure_at("MEDDLE=rename:Z:-28", "No space left on device");
}

/* A whole result, with nothing else left beside it. */
static void expect_kept(const struct scene *scene, const char *const argument_words)
{
    struct child_result result = scene_compare(scene, SHORT, NULL);
    char path[SCENE_PATH_SIZE];

    scene_expect(&result, 0, argument_words, NULL);
    cJSON_Delete(scene_document(scene));
    cr_expect_eq(access(scene_result_path(scene, "index.html", path), R_OK), 0);
    cr_expect_eq(access(scene_result_path(scene, "raw/callgrind.out.sort.fixed", path), R_OK), 0);
    cr_expect_neq(access(scene_result_path(scene, "work", path), F_OK), 0);
    child_result_free(&result);
}

static void expect_kept_in(const char *name)
{
    struct scene scene;

    scene_init(&scene, "bin");
    size_t length = strlen(scene.folder);
    snprintf(scene.results + length, sizeof scene.results - length, "/%s", name);
    expect_kept(&scene, name);
    scene_free(&scene);
}

Test(results, a_folder_that_is_made)
{
    expect_kept_in("not/yet/there");
}

Test(results, a_folder_with_spaces_and_quotes)
{
    expect_kept_in("it's \"100% new\", caf\xc3\xa9 $HOME %p %q{PATH} %n");
}

Test(results, a_folder_whose_name_looks_unfinished)
{
    expect_kept_in(".unfinished-business/results");
}

Test(results, latest_is_somebodys_folder)
{
    struct scene scene;
    char path[SCENE_PATH_SIZE];

    scene_init(&scene, "bin");
    scene_remove(&scene, "results/latest");
    snprintf(path, sizeof path, "%.400s/latest", scene.results);
    cr_assert_eq(mkdir(path, 0777), 0);
    scene_write(&scene, "results/latest/mine", "mine\n");
    struct child_result result = scene_compare(&scene, SHORT, NULL);
    scene_expect(&result, 1, "latest cannot be set", "the results are in ", NULL);
    cr_expect_eq(access(scene_result_path(&scene, "mine", path), R_OK), 0);
    child_result_free(&result);
    scene_free(&scene);
}

Test(results, an_empty_name)
{
    struct scene scene;

    scene_init(&scene, "bin");
    struct child_result result = scene_compare(&scene, SHORT, "--results", "", NULL);
    scene_expect_failure(&scene, &result, 2, "--results");
    child_result_free(&result);
    scene_free(&scene);
}

Test(results, a_name_that_is_too_long)
{
    struct scene scene;
    char name[3000];

    scene_init(&scene, "bin");
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    struct child_result result = scene_compare(&scene, SHORT, "--results", name, NULL);
    scene_expect_failure(&scene, &result, 1, "too long");
    child_result_free(&result);
    scene_free(&scene);
}

/* The table cannot be shown, but the result is there: that has to be said too. */
Test(results, a_terminal_that_cannot_be_written)
{
    struct scene scene;

    scene_init(&scene, "bin");
    struct child_result result = scene_compare_in(&scene, "exec \"$@\" >/dev/full", SHORT, NULL);
    scene_expect(&result, 1, "cannot write the table: No space left on device", "/latest", NULL);
    cJSON_Delete(scene_document(&scene));
    child_result_free(&result);
    scene_free(&scene);
}

Test(results, a_terminal_that_is_gone)
{
    struct scene scene;

    scene_init(&scene, "bin");
    struct child_result result = scene_compare_in(&scene, "exec \"$@\" <&- >&-", SHORT, NULL);
    scene_expect(&result, 1, "cannot write the table", NULL);
    cJSON_Delete(scene_document(&scene));
    child_result_free(&result);
    scene_free(&scene);
}

Test(results, of_two_comparisons_at_once_are_both_whole)
{
    struct scene scene;
    const struct dirent *entry;
    unsigned count = 0;

    scene_init(&scene, "bin");
    struct child_result result = scene_compare_in(&scene,
                                                  "\"$@\" >one & one=$!; \"$@\" >two & two=$!\n"
                                                  "wait $one && wait $two",
                                                  SHORT, NULL);
    scene_expect(&result, 0, NULL);
    DIR *folder = opendir(scene.results);
    cr_assert_not_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        char path[SCENE_PATH_SIZE];
        if (strcmp(entry->d_name, "latest") == 0 || strncmp(entry->d_name, "2000", 4) == 0 ||
            strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        cr_expect_neq(entry->d_name[0], '.', "%s was left", entry->d_name);
        snprintf(path, sizeof path, "%.200s/%.200s/index.html", scene.results, entry->d_name);
        cr_expect_eq(access(path, R_OK), 0, "%s", path);
        count++;
    }
    closedir(folder);
    cr_expect_eq(count, 2, "%u results", count);
    cJSON_Delete(scene_document(&scene));
    scene_expect_no_process(&scene);
    child_result_free(&result);
    scene_free(&scene);
}
