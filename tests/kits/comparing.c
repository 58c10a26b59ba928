/* comparing.c - `compare --kit`: what stands in compare.json, and what is said where a kit is
 * wrong. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "bench/readers/json.h"
#include "fixture.h"

static struct kit_fixture fixture;
static char output[65536];

static void begin(void)
{
    kit_fixture_init(&fixture);
}

static void end(void)
{
    kit_fixture_free(&fixture);
}

TestSuite(kit_comparing, .init = begin, .fini = end);

static int compare(const char *options)
{
    return kit_fixture_shell(output, sizeof output,
                             PROGRAM_FOLDER "/compare --kit '%s' --programs " PROGRAM_FOLDER
                                            " --results '%s/results' --guesses '%s/guesses.json' "
                                            "--mode quick %s",
                             fixture.kit, fixture.folder, fixture.folder, options);
}

static cJSON *read_result(void)
{
    char path[600], error[TEXT_ERROR_SIZE] = "";
    cJSON *json = NULL;

    snprintf(path, sizeof path, "%s/results/latest/compare.json", fixture.folder);
    cr_assert_eq(json_read(path, &json, error, sizeof error), 0, "%s: %s", error, output);
    return json;
}

static const cJSON *first_section(const cJSON *json)
{
    return cJSON_GetArrayItem(json_member(json, "lessons"), 0);
}

/* The metric of this name, in the first section. */
static const cJSON *metric(const cJSON *json, const char *name)
{
    const cJSON *item;
    cJSON_ArrayForEach (item, json_member(first_section(json), "metrics"))
        if (strcmp(json_text_or(item, "name", ""), name) == 0)
            return item;
    return NULL;
}

Test(kit_comparing, begins_with_what_the_kit_is_about)
{
    cr_assert_eq(kit_fixture_shell(output, sizeof output,
                                   PROGRAM_FOLDER "/predict --kit '%s' --guess 'time:2' --guesses "
                                                  "'%s/guesses.json' --results '%s/none'",
                                   fixture.kit, fixture.folder, fixture.folder),
                 0, "%s", output);
    cr_assert_eq(compare("--budget 30s"), 0, "%s", output);
    cJSON *json = read_result();
    const cJSON *first = first_section(json), *subject = json_member(json, "subject");
    cr_expect_str_eq(json_text_or(subject, "kind", ""), "kit");
    cr_expect_str_eq(cJSON_GetStringValue(cJSON_GetArrayItem(json_member(subject, "sides"), 1)),
                     "fixed");
    cr_expect_str_eq(json_text_or(first, "id", ""), "kit");
    cr_expect_str_eq(json_text_or(first, "title", ""), "a sum");
    cr_expect_str_eq(json_text_or(first, "headline", ""), "instructions");
    cr_expect_str_eq(json_text_or(first, "verdict", ""), "better");
    cr_expect(json_is_true(metric(json, "instructions"), "exact"));
    cr_expect_not_null(metric(json, "wall_time"), "what may be guessed is beside it");
    cr_expect_not_null(strstr(output, "a sum"), "%s", output);
    cr_expect_not_null(strstr(output, "Your guesses"), "%s", output);
    cJSON_Delete(json);
}

/* Nobody's shell is measured because of a kit's name. */
Test(kit_comparing, of_any_name_runs_without_a_shell)
{
    char before[600];

    snprintf(before, sizeof before, "%s", fixture.kit);
    snprintf(fixture.kit, sizeof fixture.kit, "%s/it's a kit; $x", fixture.folder);
    cr_assert_eq(rename(before, fixture.kit), 0);
    cr_assert_eq(
        kit_fixture_shell(output, sizeof output,
                          PROGRAM_FOLDER
                          "/compare --kit \"%s/it's a kit; \\$x\" --programs " PROGRAM_FOLDER
                          " --results '%s/results' --mode quick --budget 10s",
                          fixture.folder, fixture.folder),
        0, "%s", output);
    cr_expect_not_null(strstr(output, "/naive/it_s_a_kit___x 1000"), "%s", output);
}

/* In the place of fixed; and it leaves nothing in the kit. */
Test(kit_comparing, takes_a_students_files)
{
    char before[4096], after[4096];

    kit_fixture_shell(before, sizeof before, "cd '%s' && find . | sort", fixture.kit);
    cr_assert_eq(kit_fixture_shell(output, sizeof output,
                                   "mkdir '%s/hw' && cp '%s'/naive/sum.c '%s'/main.c '%s/hw'",
                                   fixture.folder, fixture.kit, fixture.kit, fixture.folder),
                 0);
    char option[600];
    snprintf(option, sizeof option, "--budget 30s --student '%s/hw'", fixture.folder);
    cr_assert_eq(compare(option), 0, "%s", output);
    cJSON *json = read_result();
    cr_expect_str_eq(cJSON_GetStringValue(
                         cJSON_GetArrayItem(json_member(json_member(json, "subject"), "sides"), 1)),
                     "yours");
    cr_expect_str_eq(json_text_or(first_section(json), "verdict", ""), "no difference");
    cJSON_Delete(json);
    kit_fixture_shell(after, sizeof after, "cd '%s' && find . | sort", fixture.kit);
    cr_expect_str_eq(before, after);
}

static const struct {
    const char *name, *text, *said;
} wrongs[] = {
    {"fixed/sum.c", "unsigned long sum(unsigned long n) { return n; }\n", "kit.json:7: "},
    {"fixed/sum.c", "unsigned long sum(unsigned long n) { return m; }\n", "fixed does not build"},
    {"fixed/sum.c",
     "#include <stdlib.h>\nunsigned long sum(unsigned long n) { exit(n ? 3 : 0); }\n",
     "kit.json:7: "},
    {"kit.json", "{}\n", "kit.json:1: 'title' is missing"},
};

Test(kit_comparing, stops_where_the_kit_is_wrong_and_leaves_nothing)
{
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        kit_fixture_write(&fixture, wrongs[i].name, wrongs[i].text);
        cr_expect_neq(compare(""), 0, "%s", wrongs[i].text);
        cr_expect_not_null(strstr(output, wrongs[i].said), "%s: %s", wrongs[i].text, output);
        kit_fixture_shell(output, sizeof output, "ls -A '%s/results' 2>/dev/null", fixture.folder);
        cr_expect_str_eq(output, "");
    }
}
