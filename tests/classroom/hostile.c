/*
 * hostile.c - submissions that hang, crash, lie or cheat: each gets no credit and a verdict that
 * says why, the others' grades are what they are, and the grader stands.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/classroom/desk.h"

/* The folders of hostile/, or what is made below; the problem; the verdict, and a part of its
 * words. */
static const struct hostile {
    const char *name, *problem, *status, *words;
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

static const char *path_of(const struct desk *desk, const char *name, char path[DESK_PATH_SIZE])
{
    char file[64];
    snprintf(file, sizeof file, "%s/key.c", name);
    return desk_path(desk, file, path);
}

/* A global name whose 256th letter would say that it is the file's own, to who reads 255. */
static void write_long_name(const struct desk *desk)
{
    char text[400];

    snprintf(text, sizeof text, "int x%0254dt;\n", 0);
    desk_write(desk, "long_name", "key.c", text);
}

static void make_the_others(const struct desk *desk)
{
    char path[DESK_PATH_SIZE];

    unlink(path_of(desk, "absent", path));
    unlink(path_of(desk, "link", path));
    cr_assert_eq(symlink("/etc/passwd", path), 0);
    unlink(path_of(desk, "pipe", path));
    cr_assert_eq(mkfifo(path, 0644), 0);
    cr_assert_eq(truncate(path_of(desk, "huge", path), 1 << 20), 0);
    cr_assert_eq(truncate(path_of(desk, "binary", path), 20000), 0);
    /* a byte order mark does not hide the directive behind it */
    desk_write(desk, "marked", "key.c", "\xEF\xBB\xBF#include \"../fixed/key.c\"\n");
    desk_write(desk, "wide", "key.c", "\xFF\xFE#");
    write_long_name(desk);
    unlink(path_of(desk, "renamed", path));
    desk_write(desk, "renamed", "Key.C", "");
    unlink(path_of(desk, "packed", path));
    desk_write(desk, "packed", "hw.zip", "");
}

static void expect_verdict(const struct desk *desk, const struct hostile *hostile)
{
    cJSON *grades = desk_grades_of(desk, hostile->name);
    const char *status = desk_status(grades, hostile->problem);
    const char *reason = desk_reason(grades, hostile->problem);

    cr_expect_eq(desk_score(grades), 0, "%s", hostile->name);
    cr_expect_str_eq(status, hostile->status, "%s is %s: %s", hostile->name, status, reason);
    cr_expect_not_null(strstr(reason, hostile->words), "%s: %s", hostile->name, reason);
    cJSON_Delete(grades);
}

static void hand_in_hostile(const struct desk *desk, const struct hostile *hostile)
{
    char folder[DESK_PATH_SIZE], file[32];

    desk_hand_in(desk, hostile->name);
    snprintf(folder, sizeof folder, "%s/tests/classroom/hostile/%s", PROJECT_FOLDER, hostile->name);
    snprintf(file, sizeof file, "%s.c", hostile->problem);
    desk_replace(desk, hostile->name, folder, file);
}

Test(hostile, gets_no_credit_and_a_verdict_and_the_grader_stands)
{
    struct desk desk = desk_open();

    for (int i = 0; i < IN_FOLDER; i++)
        hand_in_hostile(&desk, &table[i]);
    for (int i = IN_FOLDER; i < HOSTILE; i++)
        desk_hand_in(&desk, table[i].name);
    make_the_others(&desk);
    desk_hand_in(&desk, "honest");
    desk_replace(&desk, "honest", PROJECT_FOLDER "/fixed", "key.c");
    struct child_result result =
        desk_grade(&desk, "[a-f,h-z]*", (const char *[]){"--cpu-seconds=5", NULL});
    cr_assert_eq(result.exit_status, 0, "%s", result.errors);
    bool is_blind =
        strstr(result.errors, "memory that a submission loses is not looked for") != NULL;
    for (int i = 0; i < HOSTILE; i++)
        if (!is_blind || strcmp(table[i].name, "leak") != 0)
            expect_verdict(&desk, &table[i]);
    cJSON *grades = desk_grades_of(&desk, "honest");
    cr_expect_eq(desk_score(grades), 25);
    cJSON_Delete(grades);
    child_result_free(&result);
    desk_close(&desk);
    if (is_blind)
        cr_skip_test("all but leak: ptrace() is refused here, which LeakSanitizer needs");
}

Test(hostile, is_contained_by_limits_where_there_is_no_bubblewrap)
{
    static const char *const names[] = {"hang", "hoard", "crowd", "crash"};
    struct desk desk = desk_open();

    for (int i = 0; i < HOSTILE; i++)
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (strcmp(table[i].name, names[k]) == 0)
                hand_in_hostile(&desk, &table[i]);
    struct child_result result = desk_grade(
        &desk, "[a-f,h-z]*", (const char *[]){"--cpu-seconds=3", "--no-bubblewrap", NULL});
    cr_assert_eq(result.exit_status, 0, "%s", result.errors);
    cr_expect_not_null(strstr(result.errors, "not contained: "));
    for (int i = 0; i < HOSTILE; i++)
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (strcmp(table[i].name, names[k]) == 0)
                expect_verdict(&desk, &table[i]);
    child_result_free(&result);
    desk_close(&desk);
}
