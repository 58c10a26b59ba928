/*
 * grading.c - what is worth what: the solutions, the files as they are handed out, single fixes,
 * part of a fix; and what the grader says of itself.
 */
#define _GNU_SOURCE /* asprintf */
#include <criterion/criterion.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/classroom/desk.h"

static const char *const problems[] = {"key", "sort", "store", "workers"};
static const char *const files[] = {"key.c", "sort.c", "store.c", "workers.c"};

static void expect_points(const struct desk *desk, const char *student, const double points[4])
{
    cJSON *grades = desk_grades_of(desk, student);
    double sum = 0;
    for (int i = 0; i < 4; i++) {
        cr_expect_eq(desk_points(grades, problems[i]), points[i], "%s, %s: %g, not %g: %s", student,
                     problems[i], desk_points(grades, problems[i]), points[i],
                     desk_reason(grades, problems[i]));
        sum += points[i];
    }
    cr_expect_eq(desk_score(grades), sum);
    cJSON_Delete(grades);
}

/* junit.xml is well-formed, for a parser that is not ours. */
static void expect_xml(const struct desk *desk)
{
    char *text = desk_read(desk, "grades/junit.xml");
    xmlDoc *document = xmlReadMemory(text, (int)strlen(text), NULL, NULL, XML_PARSE_NONET);
    cr_expect_not_null(document);
    xmlFreeDoc(document);
    cr_expect_not_null(strstr(text, "<testsuite name=\"all\" tests=\"4\" failures=\"0\""));
    free(text);
}

Test(grading, all_fixes_are_worth_100_none_0_and_each_25)
{
    struct desk desk = desk_open();

    desk_hand_in(&desk, "none");
    desk_hand_in(&desk, "all");
    for (int i = 0; i < 4; i++) {
        desk_replace(&desk, "all", PROJECT_FOLDER "/fixed", files[i]);
        desk_hand_in(&desk, problems[i]);
        desk_replace(&desk, problems[i], PROJECT_FOLDER "/fixed", files[i]);
    }
    struct child_result result = desk_grade(&desk, "[a-f,h-z]*", NULL);
    cr_expect_eq(result.end, CHILD_EXITED);
    cr_assert_eq(result.exit_status, 0, "%s", result.errors);
    expect_points(&desk, "none", (double[]){0, 0, 0, 0});
    expect_points(&desk, "all", (double[]){25, 25, 25, 25});
    expect_points(&desk, "key", (double[]){25, 0, 0, 0});
    expect_points(&desk, "sort", (double[]){0, 25, 0, 0});
    expect_points(&desk, "store", (double[]){0, 0, 25, 0});
    expect_points(&desk, "workers", (double[]){0, 0, 0, 25});
    expect_xml(&desk);
    char *csv = desk_read(&desk, "grades/grades.csv");
    cr_expect_not_null(strstr(csv, "\r\n\"all\",25.0,25.0,25.0,25.0,100.0,"));
    cr_expect_not_null(strstr(csv, "\r\n\"none\",0.0,0.0,0.0,0.0,0.0,"));
    free(csv);
    child_result_free(&result);
    desk_close(&desk);
}

/* What a compiler warns of is the student's business. */
Test(grading, warnings_cost_nothing)
{
    struct desk desk = desk_open();
    char *text, *more;

    desk_hand_in(&desk, "vera");
    desk_replace(&desk, "vera", PROJECT_FOLDER "/fixed", "key.c");
    text = desk_read(&desk, "vera/key.c");
    cr_assert_geq(asprintf(&more, "%s%s", text,
                           "static int unused(int x)\n{\n    int y, z = y;\n    return 3;\n}\n"),
                  0);
    desk_write(&desk, "vera", "key.c", more);
    free(text), free(more);
    setenv("WERROR", "1", 1);
    struct child_result result = desk_grade(&desk, "vera", NULL);
    cr_assert_eq(result.exit_status, 0, "%s", result.errors);
    expect_points(&desk, "vera", (double[]){25, 0, 0, 0});
    child_result_free(&result);
    desk_close(&desk);
}

/* A key that asks for memory once for each, and no lock while waiting but one while working. */
static const char half_a_key[] =
    "#include <stdio.h>\n#include \"key.h\"\n"
    "int key_build(struct key *key, uint64_t id, const char *name, const struct tag *tags,\n"
    "              uint32_t tag_count)\n"
    "{\n"
    "    size_t size = 24 + strlen(name);\n"
    "    for (uint32_t i = 0; i < tag_count; i++)\n"
    "        size += 1 + tags[i].length;\n"
    "    key_free(key);\n"
    "    key->text = malloc(size);\n"
    "    if (key->text == NULL)\n"
    "        return -1;\n"
    "    char *end = key->text + sprintf(key->text, \"%llu:%s\", (unsigned long long)id, name);\n"
    "    for (uint32_t i = 0; i < tag_count; i++) {\n"
    "        *end++ = '|';\n"
    "        end = stpcpy(end, tags[i].text);\n"
    "    }\n"
    "    key->length = (size_t)(end - key->text);\n"
    "    key->capacity = size;\n"
    "    return 0;\n"
    "}\n";

Test(grading, part_of_a_fix_is_worth_part_of_its_points)
{
    struct desk desk = desk_open();

    desk_hand_in(&desk, "anna");
    desk_write(&desk, "anna", "key.c", half_a_key);
    struct child_result result = desk_grade(&desk, "anna", (const char *[]){"--seed=3", NULL});
    cr_assert_eq(result.exit_status, 0, "%s", result.errors);
    cJSON *grades = desk_grades_of(&desk, "anna");
    cr_expect_gt(desk_points(grades, "key"), 15);
    cr_expect_lt(desk_points(grades, "key"), 25);
    cr_expect_str_eq(desk_status(grades, "key"), "graded");
    cJSON_Delete(grades);
    /* one submission alone also has Gradescope's file */
    char *text = desk_read(&desk, "grades/results.json");
    grades = cJSON_Parse(text);
    cr_assert_not_null(grades);
    cr_expect_eq(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(grades, "tests")), 4);
    cr_expect_gt(desk_score(grades), 15);
    cJSON_Delete(grades);
    free(text);
    cr_expect_not_null(strstr(result.output, "allocations, a record"));
    child_result_free(&result);
    desk_close(&desk);
}

Test(grading, changes_that_only_sound_right_are_worth_nothing)
{
    static const char *const decoys[] = {"reserve", "quicksort", "breather", "detached"};
    struct desk desk = desk_open();

    desk_hand_in(&desk, "dora");
    for (int i = 0; i < 4; i++) {
        char folder[DESK_PATH_SIZE];
        snprintf(folder, sizeof folder, "%s/bench/classroom/decoys/%s", PROJECT_FOLDER, decoys[i]);
        desk_replace(&desk, "dora", folder, files[i]);
    }
    struct child_result result = desk_grade(&desk, "dora", NULL);
    cr_assert_eq(result.exit_status, 0, "%s", result.errors);
    expect_points(&desk, "dora", (double[]){0, 0, 0, 0});
    cJSON *grades = desk_grades_of(&desk, "dora");
    for (int i = 0; i < 4; i++)
        cr_expect_str_eq(desk_status(grades, problems[i]), "graded");
    cJSON_Delete(grades);
    child_result_free(&result);
    desk_close(&desk);
}

Test(grading, takes_the_teachers_own_records)
{
    struct desk desk = desk_open();
    char path[DESK_PATH_SIZE], option[DESK_PATH_SIZE + 16];

    desk_hand_in(&desk, "bob");
    desk_replace(&desk, "bob", PROJECT_FOLDER "/fixed", "sort.c");
    desk_write(&desk, "bob", "records.ndjson",
               "{\"id\":1,\"name\":\"a\",\"tags\":[\"c\",\"b\",\"a\",\"d\"],\"ts\":5}\n"
               "{\"id\":2,\"name\":\"b\",\"tags\":[\"z\",\"y\",\"x\"],\"ts\":5}\n"
               "{\"id\":3,\"name\":\"\",\"tags\":[\"z\"],\"ts\":5}\n");
    snprintf(option, sizeof option, "--input=%s", desk_path(&desk, "bob/records.ndjson", path));
    struct child_result result = desk_grade(&desk, "bob", (const char *[]){option, NULL});
    cr_assert_eq(result.exit_status, 0, "%s", result.errors);
    cJSON *grades = desk_grades_of(&desk, "bob");
    cr_expect_eq(desk_points(grades, "sort"), 25);
    cJSON_Delete(grades);
    child_result_free(&result);
    desk_close(&desk);
}

Test(grading, says_when_it_is_the_grader_that_cannot)
{
    struct desk desk = desk_open();
    static const struct {
        const char *option;
        int status;
        const char *message;
    } cases[] = {
        {"--kit=/nowhere", 1, "/nowhere"},
        {"--fixed=/nowhere", 1, "reference /nowhere/key.c"},
        {"--input=/nowhere", 1, "/nowhere"},
        {"--seed=many", 2, "SEED takes"},
        {"--results=/proc/grades", 1, "/proc/grades"},
        {"--nonsense", 2, "nonsense"},
    };

    desk_hand_in(&desk, "carl");
    desk_write(&desk, "carl", "key.c", "int x;\n");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct child_result result =
            desk_grade(&desk, "carl", (const char *[]){cases[i].option, NULL});
        cr_expect_eq(result.exit_status, cases[i].status, "%s", cases[i].option);
        cr_expect_not_null(strstr(result.errors, cases[i].message), "%s", result.errors);
        child_result_free(&result);
    }
    struct child_result result = desk_grade(&desk, "nobody", NULL);
    cr_expect_eq(result.exit_status, 1);
    cr_expect_not_null(strstr(result.errors, "make exercise"));
    child_result_free(&result);
    desk_close(&desk);
}
