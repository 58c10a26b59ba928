/* building.c - a side is built outside of the kit, and what does not build says why. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "fixture.h"

static struct kit_fixture fixture;
static struct kit kit;
static char error[KIT_ERROR_SIZE], output[4096], program[KIT_PATH_SIZE];

static void begin(void)
{
    kit_fixture_init(&fixture);
}

static void end(void)
{
    kit_free(&kit);
    kit_fixture_free(&fixture);
}

TestSuite(kit_building, .init = begin, .fini = end);

/* Reads the kit, and builds a side in the scratch folder. */
static int build(const char *side)
{
    char work[600];

    cr_assert_eq(kit_read(&kit, fixture.kit, error), 0, "%s", error);
    snprintf(work, sizeof work, "%s/work", fixture.folder);
    cr_assert_eq(kit_program(&kit, work, side, program, error), 0, "%s", error);
    return kit_build(&kit, side, program, NULL, error);
}

Test(kit_building, builds_both_sides_and_leaves_the_kit_as_it_is)
{
    static const char list[] = "cd '%s' && find . -type f | sort | xargs md5sum";
    char before[4096], command[KIT_COMMAND_SIZE];

    kit_fixture_shell(before, sizeof before, list, fixture.kit);
    for (int i = 0; i < 2; i++) {
        const char *side = i == 0 ? "naive" : "fixed";
        cr_assert_eq(build(side), 0, "%s", error);
        cr_assert_eq(kit_command(&kit, side, program, command), 0);
        cr_expect_eq(kit_fixture_shell(output, sizeof output, "%s", command), 0, "%s", output);
        cr_expect_str_eq(output, "500500\n");
        kit_free(&kit);
    }
    kit_fixture_shell(output, sizeof output, list, fixture.kit);
    cr_expect_str_eq(output, before);
    kit_fixture_shell(output, sizeof output, "find '%s/work' -name 'kit.*'", fixture.folder);
    cr_expect_str_eq(output, "", "something half-made is left: %s", output);
}

Test(kit_building, quotes_what_the_compiler_said)
{
    kit_fixture_write(&fixture, "fixed/sum.c",
                      "unsigned long sum(unsigned long n) { return m; }\n");
    cr_expect_eq(build("fixed"), -1);
    cr_expect_not_null(strstr(error, "fixed does not build"), "%s", error);
    cr_expect_not_null(strstr(error, "fixed/sum.c:1:"), "%s", error);
}

Test(kit_building, names_the_line_of_a_build_that_fails)
{
    kit_fixture_change(&fixture, "\"predict\"", "\"build\": \"exit 7\",\n\"predict\"");
    cr_expect_eq(build("naive"), -1);
    cr_expect_not_null(strstr(error, "kit.json:8: naive does not build"), "%s", error);
    cr_expect_not_null(strstr(error, "status 7"), "%s", error);
}

Test(kit_building, names_the_line_of_a_build_that_makes_nothing)
{
    kit_fixture_change(&fixture, "\"predict\"", "\"build\": \"true\",\n\"predict\"");
    cr_expect_eq(build("naive"), -1);
    cr_expect_not_null(strstr(error, "kit.json:8: 'build' left no program for naive at $PROGRAM"),
                       "%s", error);
}

Test(kit_building, takes_a_build_of_the_kits_own)
{
    kit_fixture_change(
        &fixture, "\"predict\"",
        "\"build\": \"$CC $CFLAGS -DN=3 -I. -o $PROGRAM $SIDE/sum.c main.c\",\n\"predict\"");
    cr_expect_eq(build("fixed"), 0, "%s", error);
    cr_expect_eq(kit_fixture_shell(output, sizeof output, "'%s' 4", program), 0);
    cr_expect_str_eq(output, "10\n");
}

/* A script is its own program; files of a folder elsewhere stand in the place of a side's. */
Test(kit_building, needs_nothing_built_for_a_script)
{
    char command[KIT_COMMAND_SIZE];

    kit_fixture_change(&fixture, "{program} 1000", "cat {side}/sum.c {other}");
    cr_expect_eq(build("fixed"), 0, "%s", error);
    cr_assert_eq(kit_command(&kit, "/home/a student's", program, command), 0);
    cr_expect_str_eq(command, "cat '/home/a student'\\''s'/sum.c {other}");
}

Test(kit_building, refuses_a_command_that_is_too_long)
{
    char folder[KIT_COMMAND_SIZE + 8], command[KIT_COMMAND_SIZE];

    memset(folder, 'x', sizeof folder - 1);
    folder[sizeof folder - 1] = '\0';
    kit_fixture_change(&fixture, "{program}", "{program} {side} {side}");
    cr_assert_eq(build("fixed"), 0, "%s", error);
    cr_expect_eq(kit_command(&kit, folder, program, command), -1);
}
