/*
 * hostile.c - submissions that hang, crash, lie or cheat: each gets no credit and a verdict that
 * says why, the others' grades are what they are, and the grader stands.
 */
#include <criterion/criterion.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/readers/text.h"
#include "tests/classroom/fixture.h"

/* The folders of hostile/, or what is made below; the lesson; the verdict, and a part of its
 * words. */
static const struct hostile {
    const char *name, *lesson, *status, *words;
} table[] = {
    {"alone", "workers", "wrong", "two records in work at once"},
    {"assembly", "key", "refused", "asm may not be used"},
    {"bomb", "key", "not built", "compiler"},
    {"broken", "key", "not built", "key.c:2:"},
    {"chatter", "key", "refused", "uses puts"},
    {"constructor", "key", "refused", "__attribute__"},
    {"counters", "key", "refused", "uses thread_counts"},
    {"counters_sort", "sort", "graded", ""},
    {"crash", "key", "unsound", "SEGV"},
    {"crowd", "workers", "overspent", "cap of 200 threads"},
    {"early_end", "key", "refused", "uses exit"},
    {"empty", "key", "refused", "0 of the 1 functions"},
    {"files", "key", "refused", "uses fopen"},
    {"fixed_inside", "key", "refused", "../fixed/key.c"},
    {"forged_stats", "store", "graded", ""},
    {"fork", "workers", "refused", "uses fork"},
    {"hang", "key", "overspent", "did not end"},
    {"hoard", "key", "overspent", "768 MiB"},
    {"interposed", "key", "refused", "defines realloc"},
    {"leak", "key", "unsound", "leaked"},
    {"never_unlocked", "store", "crashed", "Assertion"},
    {"no_lock", "store", "wrong", "same partition at once"},
    {"overflow", "key", "unsound", "heap-buffer-overflow"},
    {"own_lock", "store", "uncounted", "without a lock of lock.h"},
    {"own_main", "key", "refused", "defines main"},
    {"pasted", "key", "refused", "##"},
    {"plain_mutex", "store", "refused", "lock with lock.h"},
    {"shared", "sort", "wrong", "digest"},
    {"two_faces", "key", "refused", "__SANITIZE_ADDRESS__"},
    {"uncounted", "sort", "uncounted", "without tag_compare()"},
    {"unsorted", "sort", "wrong", "digest"},
    /* made below */
    {"absent", "key", "missing", "there is no key.c"},
    {"link", "key", "refused", "symbolic link"},
    {"pipe", "key", "refused", "not a plain file"},
    {"huge", "key", "refused", "256 KiB"},
    {"binary", "key", "refused", "NUL"},
    {"marked", "key", "refused", "line 1: includes ../fixed/key.c"},
    {"wide", "key", "refused", "save it as UTF-8"},
    {"long_name", "key", "refused", "make it static"},
    {"renamed", "key", "missing", "there is 'Key.C': rename it to key.c"},
    {"packed", "key", "missing", "there is 'hw.zip': unpack it"},
};

enum { HOSTILE = sizeof table / sizeof *table, IN_FOLDER = HOSTILE - 10 };

static const char *path_of(const struct fixture *fixture, const char *name,
                           char path[FIXTURE_PATH_SIZE])
{
    char file[64];
    snprintf(file, sizeof file, "%s/key.c", name);
    return fixture_path(fixture, file, path);
}

/* A global name whose 256th letter would say that it is the file's own, to who reads 255. */
static void write_long_name(const struct fixture *fixture)
{
    char text[400];

    snprintf(text, sizeof text, "int x%0254dt;\n", 0);
    fixture_write(fixture, "long_name", "key.c", text);
}

static void make_the_others(const struct fixture *fixture)
{
    char path[FIXTURE_PATH_SIZE];

    unlink(path_of(fixture, "absent", path));
    unlink(path_of(fixture, "link", path));
    cr_assert_eq(symlink("/etc/passwd", path), 0);
    unlink(path_of(fixture, "pipe", path));
    cr_assert_eq(mkfifo(path, 0644), 0);
    cr_assert_eq(truncate(path_of(fixture, "huge", path), 1 << 20), 0);
    cr_assert_eq(truncate(path_of(fixture, "binary", path), 20000), 0);
    /* a byte order mark does not hide the directive behind it */
    fixture_write(fixture, "marked", "key.c", "\xEF\xBB\xBF#include \"../fixed/key.c\"\n");
    fixture_write(fixture, "wide", "key.c", "\xFF\xFE#");
    write_long_name(fixture);
    unlink(path_of(fixture, "renamed", path));
    fixture_write(fixture, "renamed", "Key.C", "");
    unlink(path_of(fixture, "packed", path));
    fixture_write(fixture, "packed", "hw.zip", "");
}

static void expect_verdict(const struct fixture *fixture, const struct hostile *hostile)
{
    cJSON *grades = fixture_grades_of(fixture, hostile->name);
    const char *status = fixture_status(grades, hostile->lesson);
    const char *reason = fixture_reason(grades, hostile->lesson);

    cr_expect_eq(fixture_score(grades), 0, "%s", hostile->name);
    cr_expect_str_eq(status, hostile->status, "%s is %s: %s", hostile->name, status, reason);
    cr_expect_not_null(strstr(reason, hostile->words), "%s: %s", hostile->name, reason);
    cJSON_Delete(grades);
}

/* Patches the naive or the fixed file, whichever the first of the patch's names says. */
static void patch(const struct fixture *fixture, const struct hostile *hostile, const char *file,
                  const char *change)
{
    char folder[FIXTURE_PATH_SIZE], target[FIXTURE_PATH_SIZE];
    const char *const argv[] = {"patch", "--quiet", "--fuzz=0", target, change, NULL};
    struct child_job job = {.argv = argv, .output = {.sink = CHILD_CAPTURE}};
    struct child_result result;
    struct text text;
    char error[TEXT_ERROR_SIZE];

    cr_assert_eq(text_read(change, &text, error, sizeof error), 0, "%s", error);
    const char *base = strstr(text.bytes, "\n--- ");
    cr_assert_not_null(base, "%s", change);
    base += strlen("\n--- ");
    snprintf(folder, sizeof folder, "%s/%.*s", PROJECT_FOLDER, (int)strcspn(base, "/"), base);
    text_free(&text);
    fixture_replace(fixture, hostile->name, folder, file);
    snprintf(target, sizeof target, "%s/%s/%s", fixture->folder, hostile->name, file);
    child_run(&job, &result);
    cr_assert_eq(result.exit_status, 0, "%s: %s", change, result.output);
    child_result_free(&result);
}

static void hand_in_hostile(const struct fixture *fixture, const struct hostile *hostile)
{
    char folder[FIXTURE_PATH_SIZE], change[FIXTURE_PATH_SIZE + 8], file[32];

    fixture_hand_in(fixture, hostile->name);
    snprintf(folder, sizeof folder, "%s/tests/classroom/hostile/%s", PROJECT_FOLDER, hostile->name);
    snprintf(change, sizeof change, "%s.patch", folder);
    snprintf(file, sizeof file, "%s.c", hostile->lesson);
    if (access(change, R_OK) == 0)
        patch(fixture, hostile, file, change);
    else
        fixture_replace(fixture, hostile->name, folder, file);
}

Test(hostile, gets_no_credit_and_a_verdict_and_the_grader_stands)
{
    struct fixture fixture = fixture_open();

    for (int i = 0; i < IN_FOLDER; i++)
        hand_in_hostile(&fixture, &table[i]);
    for (int i = IN_FOLDER; i < HOSTILE; i++)
        fixture_hand_in(&fixture, table[i].name);
    make_the_others(&fixture);
    fixture_hand_in(&fixture, "honest");
    fixture_replace(&fixture, "honest", PROJECT_FOLDER "/fixed", "key.c");
    struct child_result result =
        fixture_grade(&fixture, "[a-f,h-z]*", (const char *[]){"--cpu-seconds=8", NULL});
    cr_assert_eq(result.exit_status, 0, "%s", result.errors);
    bool is_blind =
        strstr(result.errors, "memory that a submission loses is not looked for") != NULL;
    for (int i = 0; i < HOSTILE; i++)
        if (!is_blind || strcmp(table[i].name, "leak") != 0)
            expect_verdict(&fixture, &table[i]);
    cJSON *grades = fixture_grades_of(&fixture, "honest");
    cr_expect_eq(fixture_score(grades), 25);
    cJSON_Delete(grades);
    child_result_free(&result);
    fixture_close(&fixture);
    if (is_blind)
        cr_skip_test("all but leak: ptrace() is refused here, which LeakSanitizer needs");
}

/* Those whose names match, within so much CPU time, by limits alone. */
static void expect_contained(const char *names, const char *cpu_seconds)
{
    struct fixture fixture = fixture_open();
    const char *const options[] = {cpu_seconds, "--no-bubblewrap", NULL};

    for (int i = 0; i < HOSTILE; i++)
        if (fnmatch(names, table[i].name, 0) == 0)
            hand_in_hostile(&fixture, &table[i]);
    struct child_result result = fixture_grade(&fixture, names, options);
    cr_assert_eq(result.exit_status, 0, "%s", result.errors);
    cr_expect_not_null(strstr(result.errors, "not contained: "));
    for (int i = 0; i < HOSTILE; i++)
        if (fnmatch(names, table[i].name, 0) == 0)
            expect_verdict(&fixture, &table[i]);
    child_result_free(&result);
    fixture_close(&fixture);
}

/* What never ends takes all the time that it may; a load leaves the others little of theirs. */
Test(hostile, is_contained_by_limits_where_there_is_no_bubblewrap)
{
    expect_contained("hang", "--cpu-seconds=3");
    expect_contained("hoard", "--cpu-seconds=30");
    expect_contained("cr[ao][sw]*", "--cpu-seconds=30"); /* crash, crowd */
}
