/* names.c - names of people stay names, and where a submission lies is said. Nothing is graded
 * here. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/classroom/submission.h"
#include "tests/classroom/fixture.h"

static void make_folder(const struct fixture *fixture, const char *name)
{
    char path[FIXTURE_PATH_SIZE];
    cr_assert_eq(mkdir(fixture_path(fixture, name, path), 0755), 0, "%s", path);
}

static void expect_name(const char *folder, const char *name)
{
    struct submission submission;
    submission_init(&submission, folder);
    cr_expect_str_eq(submission.name, name, "%s: %s", folder, submission.name);
}

Test(names, of_people_stay_and_what_is_none_does_no_harm)
{
    expect_name("subs/Müller", "Müller");
    expect_name("subs/李雷/", "李雷");
    expect_name("subs/O'Brien", "O'Brien");
    expect_name("subs/de la Cruz, Ana", "de la Cruz, Ana");
    expect_name("subs/Mu\u0308ller", "Mu\u0308ller");
    expect_name("subs/a\xff\xc3(b", "a__(b");
    expect_name("subs/a\x1b[31m\nb\u202e", "a__31m_b_");
    expect_name("subs/.hidden", "_hidden");
    expect_name("subs/x\"<>|*?", "x______");
}

Test(names, that_are_too_long_are_cut_between_characters_and_it_is_seen)
{
    char folder[600] = "subs/";
    struct submission submission;

    for (int i = 0; i < 100; i++)
        strcat(folder, "é");
    submission_init(&submission, folder);
    size_t length = strlen(submission.name);
    cr_expect_lt(length + strlen("-4294967295"), sizeof submission.name);
    cr_expect_str_eq(submission.name + length - strlen("é…"), "é…");
}

/* What submissions are built with has sanitizers of its own, and is not there among others. */
static void skip_without_kit(void)
{
#ifdef __SANITIZE_ADDRESS__
    cr_skip_test("grading is tested without sanitizers around it");
#endif
}

Test(names, and_folders_are_in_table_csv_junit_and_json)
{
    static const char *const students[] = {"Müller", "Möller", "李雷", "韩梅", "O'Brien"};
    enum { STUDENTS = sizeof students / sizeof *students };
    struct fixture fixture = fixture_open();
    char line[600];

    skip_without_kit();
    for (int i = 0; i < STUDENTS; i++)
        fixture_hand_in(&fixture, students[i]);
    fixture_hand_in(&fixture, "M\xfcller"); /* in Latin-1 */
    fixture_write(&fixture, ".", "Marks.txt", "no submission");
    struct child_result result = fixture_grade(&fixture, "[MO李韩]*", NULL);
    cr_assert_eq(result.exit_status, 0, "%s", result.errors);
    snprintf(line, sizeof line, "left out, as no folder: %s/Marks.txt\n", fixture.folder);
    cr_expect_not_null(strstr(result.errors, line), "%s", result.errors);
    char *csv = fixture_read(&fixture, "grades/grades.csv"),
         *junit = fixture_read(&fixture, "grades/junit.xml");
    cr_expect_not_null(strstr(csv, "\r\n\"M_ller\",0.0,"), "%s", csv);
    cr_expect_not_null(strstr(csv, "/M?ller\"\r\n"), "%s", csv);
    for (int i = 0; i < STUDENTS; i++) {
        cJSON_Delete(fixture_grades_of(&fixture, students[i]));
        snprintf(line, sizeof line, "\r\n\"%s\",0.0,", students[i]);
        cr_expect_not_null(strstr(csv, line), "%s", csv);
        snprintf(line, sizeof line, ",\"%s/%s\"\r\n", fixture.folder, students[i]);
        cr_expect_not_null(strstr(csv, line), "%s", csv);
        /* a column of the table begins where the others' do */
        snprintf(line, sizeof line, "\n%s ", students[i]);
        cr_expect_not_null(strstr(result.output, line), "%s", result.output);
    }
    cr_expect_not_null(strstr(result.output, "\n李雷                         0.0"), "%s",
                       result.output);
    cr_expect_not_null(strstr(result.output, "\nMüller                       0.0"), "%s",
                       result.output);
    cr_expect_not_null(strstr(junit, "<testsuite name=\"李雷\""), "%s", junit);
    snprintf(line, sizeof line, "<property name=\"folder\" value=\"%s/Möller\"/>", fixture.folder);
    cr_expect_not_null(strstr(junit, line), "%s", junit);
    free(csv);
    free(junit);
    child_result_free(&result);
    fixture_close(&fixture);
}

Test(names, of_two_that_are_the_same_have_their_folders_said)
{
    struct fixture fixture = fixture_open();
    char line[600];

    skip_without_kit();
    make_folder(&fixture, "monday");
    make_folder(&fixture, "tuesday");
    fixture_hand_in(&fixture, "monday/Ada");
    fixture_hand_in(&fixture, "tuesday/Ada");
    struct child_result result = fixture_grade(&fixture, "*day/Ada", NULL);
    cr_assert_eq(result.exit_status, 0, "%s", result.errors);
    snprintf(line, sizeof line, "\n  Ada-2 is %s/tuesday/Ada\n", fixture.folder);
    cr_expect_not_null(strstr(result.output, line), "%s", result.output);
    child_result_free(&result);
    fixture_close(&fixture);
}

Test(names, files_one_folder_down_are_found_if_there_is_one_such_folder)
{
    struct fixture fixture = fixture_open();
    struct submission submission;
    char path[FIXTURE_PATH_SIZE], inner[FIXTURE_PATH_SIZE];

    make_folder(&fixture, "Ada");
    fixture_hand_in(&fixture, "Ada/hw");
    make_folder(&fixture, "Ada/__MACOSX");
    submission_init(&submission, fixture_path(&fixture, "Ada", path));
    cr_expect_str_eq(submission.name, "Ada");
    cr_expect_str_eq(submission.folder, fixture_path(&fixture, "Ada/hw", inner));
    fixture_hand_in(&fixture, "Ada/hw2");
    submission_init(&submission, path);
    cr_expect_str_eq(submission.folder, path, "which of the two is anybody's guess");
    fixture_close(&fixture);
}
