/*
 * grading.c - what is worth what: the solutions, the files as they are handed out, single fixes,
 * part of a fix; and what the grader says of itself.
 */
#include <criterion/criterion.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/classroom/fixture.h"

static const char *const lessons[] = {"key", "sort", "store", "workers"};
static const char *const files[] = {"key.c", "sort.c", "store.c", "workers.c"};

static void expect_points(const struct fixture *fixture, const char *student,
                          const double points[4])
{
    cJSON *grades = fixture_grades_of(fixture, student);
    double sum = 0;
    for (int i = 0; i < 4; i++) {
        cr_expect_eq(fixture_points(grades, lessons[i]), points[i], "%s, %s: %g, not %g: %s",
                     student, lessons[i], fixture_points(grades, lessons[i]), points[i],
                     fixture_reason(grades, lessons[i]));
        sum += points[i];
    }
    cr_expect_eq(fixture_score(grades), sum);
    cJSON_Delete(grades);
}

/* junit.xml is well-formed, for a parser that is not ours. */
static void expect_xml(const struct fixture *fixture)
{
    char *text = fixture_read(fixture, "grades/junit.xml");
    xmlDoc *document = xmlReadMemory(text, (int)strlen(text), NULL, NULL, XML_PARSE_NONET);
    cr_expect_not_null(document);
    xmlFreeDoc(document);
    cr_expect_not_null(strstr(text, "<testsuite name=\"all\" tests=\"4\" failures=\"0\""));
    free(text);
}

Test(grading, all_fixes_are_worth_100_none_0_and_each_25)
{
    struct fixture fixture = fixture_open();

    fixture_hand_in(&fixture, "none");
    fixture_hand_in(&fixture, "all");
    for (int i = 0; i < 4; i++) {
        fixture_replace(&fixture, "all", PROJECT_FOLDER "/fixed", files[i]);
        fixture_hand_in(&fixture, lessons[i]);
        fixture_replace(&fixture, lessons[i], PROJECT_FOLDER "/fixed", files[i]);
    }
    struct child_result result = fixture_grade(&fixture, "[a-f,h-z]*", NULL);
    cr_expect_eq(result.end, CHILD_EXITED);
    cr_assert_eq(result.exit_status, 0, "%s", result.errors);
    expect_points(&fixture, "none", (double[]){0, 0, 0, 0});
    expect_points(&fixture, "all", (double[]){25, 25, 25, 25});
    expect_points(&fixture, "key", (double[]){25, 0, 0, 0});
    expect_points(&fixture, "sort", (double[]){0, 25, 0, 0});
    expect_points(&fixture, "store", (double[]){0, 0, 25, 0});
    expect_points(&fixture, "workers", (double[]){0, 0, 0, 25});
    expect_xml(&fixture);
    char *csv = fixture_read(&fixture, "grades/grades.csv");
    cr_expect_not_null(strstr(csv, "\r\n\"all\",25.0,25.0,25.0,25.0,100.0,"));
    cr_expect_not_null(strstr(csv, "\r\n\"none\",0.0,0.0,0.0,0.0,0.0,"));
    free(csv);
    child_result_free(&result);
    fixture_close(&fixture);
}

/* What a compiler warns of is the student's business. */
Test(grading, warnings_cost_nothing)
{
    struct fixture fixture = fixture_open();
    char *text, *more;

    fixture_hand_in(&fixture, "vera");
    fixture_replace(&fixture, "vera", PROJECT_FOLDER "/fixed", "key.c");
    text = fixture_read(&fixture, "vera/key.c");
    cr_assert_geq(asprintf(&more, "%s%s", text,
                           "static int unused(int x)\n{\n    int y, z = y;\n    return 3;\n}\n"),
                  0);
    fixture_write(&fixture, "vera", "key.c", more);
    free(text), free(more);
    setenv("WERROR", "1", 1);
    struct child_result result = fixture_grade(&fixture, "vera", NULL);
    cr_assert_eq(result.exit_status, 0, "%s", result.errors);
    expect_points(&fixture, "vera", (double[]){25, 0, 0, 0});
    child_result_free(&result);
    fixture_close(&fixture);
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
    struct fixture fixture = fixture_open();

    fixture_hand_in(&fixture, "anna");
    fixture_write(&fixture, "anna", "key.c", half_a_key);
    struct child_result result =
        fixture_grade(&fixture, "anna", (const char *[]){"--seed=3", NULL});
    cr_assert_eq(result.exit_status, 0, "%s", result.errors);
    cJSON *grades = fixture_grades_of(&fixture, "anna");
    cr_expect_gt(fixture_points(grades, "key"), 15);
    cr_expect_lt(fixture_points(grades, "key"), 25);
    cr_expect_str_eq(fixture_status(grades, "key"), "graded");
    cJSON_Delete(grades);
    /* one submission alone also has Gradescope's file */
    char *text = fixture_read(&fixture, "grades/results.json");
    grades = cJSON_Parse(text);
    cr_assert_not_null(grades);
    cr_expect_eq(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(grades, "tests")), 4);
    cr_expect_gt(fixture_score(grades), 15);
    cJSON_Delete(grades);
    free(text);
    cr_expect_not_null(strstr(result.output, "allocations, a record"));
    child_result_free(&result);
    fixture_close(&fixture);
}

Test(grading, changes_that_only_sound_right_are_worth_nothing)
{
    static const char *const decoys[] = {"reserve", "quicksort", "breather", "detached"};
    struct fixture fixture = fixture_open();

    fixture_hand_in(&fixture, "dora");
    for (int i = 0; i < 4; i++) {
        char folder[FIXTURE_PATH_SIZE];
        snprintf(folder, sizeof folder, "%s/bench/classroom/decoys/%s", PROJECT_FOLDER, decoys[i]);
        fixture_replace(&fixture, "dora", folder, files[i]);
    }
    struct child_result result = fixture_grade(&fixture, "dora", NULL);
    cr_assert_eq(result.exit_status, 0, "%s", result.errors);
    expect_points(&fixture, "dora", (double[]){0, 0, 0, 0});
    cJSON *grades = fixture_grades_of(&fixture, "dora");
    for (int i = 0; i < 4; i++)
        cr_expect_str_eq(fixture_status(grades, lessons[i]), "graded");
    cJSON_Delete(grades);
    child_result_free(&result);
    fixture_close(&fixture);
}

Test(grading, takes_the_teachers_own_records)
{
    struct fixture fixture = fixture_open();
    char path[FIXTURE_PATH_SIZE], option[FIXTURE_PATH_SIZE + 16];

    fixture_hand_in(&fixture, "bob");
    fixture_replace(&fixture, "bob", PROJECT_FOLDER "/fixed", "sort.c");
    fixture_write(&fixture, "bob", "records.ndjson",
                  "{\"id\":1,\"name\":\"a\",\"tags\":[\"c\",\"b\",\"a\",\"d\"],\"ts\":5}\n"
                  "{\"id\":2,\"name\":\"b\",\"tags\":[\"z\",\"y\",\"x\"],\"ts\":5}\n"
                  "{\"id\":3,\"name\":\"\",\"tags\":[\"z\"],\"ts\":5}\n");
    snprintf(option, sizeof option, "--input=%s",
             fixture_path(&fixture, "bob/records.ndjson", path));
    struct child_result result = fixture_grade(&fixture, "bob", (const char *[]){option, NULL});
    cr_assert_eq(result.exit_status, 0, "%s", result.errors);
    cJSON *grades = fixture_grades_of(&fixture, "bob");
    cr_expect_eq(fixture_points(grades, "sort"), 25);
    cJSON_Delete(grades);
    child_result_free(&result);
    fixture_close(&fixture);
}

/* As where clang has no sanitizers, which are a package of their own. */
Test(grading, says_what_the_linker_lacks)
{
    struct fixture fixture = fixture_open();
    char kit[FIXTURE_PATH_SIZE], option[FIXTURE_PATH_SIZE + 8];
    const char *const copy[] = {"sh",
                                "-c",
                                "cp -r \"$0\" \"$1\" && echo -lnowhere >>\"$1/libraries\"",
                                BUILD_FOLDER "/classroom/kit",
                                fixture_path(&fixture, "kit", kit),
                                NULL};
    struct child_result result;

    child_run(&(struct child_job){.argv = copy}, &result);
    cr_assert_eq(result.exit_status, 0);
    child_result_free(&result);
    fixture_hand_in(&fixture, "carl");
    fixture_replace(&fixture, "carl", PROJECT_FOLDER "/fixed", "store.c");
    snprintf(option, sizeof option, "--kit=%s", kit);
    result = fixture_grade(&fixture, "carl", (const char *[]){option, NULL});
    cr_expect_neq(result.exit_status, 0);
    cr_expect_not_null(strstr(result.errors, "cannot find -lnowhere"), "%s", result.errors);
    child_result_free(&result);
    fixture_close(&fixture);
}

Test(grading, says_when_it_is_the_grader_that_cannot)
{
    struct fixture fixture = fixture_open();
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

    fixture_hand_in(&fixture, "carl");
    fixture_write(&fixture, "carl", "key.c", "int x;\n");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct child_result result =
            fixture_grade(&fixture, "carl", (const char *[]){cases[i].option, NULL});
        cr_expect_eq(result.exit_status, cases[i].status, "%s", cases[i].option);
        cr_expect_not_null(strstr(result.errors, cases[i].message), "%s", result.errors);
        child_result_free(&result);
    }
    struct child_result result = fixture_grade(&fixture, "nobody", NULL);
    cr_expect_eq(result.exit_status, 1);
    cr_expect_not_null(strstr(result.errors, "make exercise"));
    child_result_free(&result);
    fixture_close(&fixture);
}
