/* grading.c - a kit's homework is graded by counts, and what is wrong with it is said. */
#include <criterion/criterion.h>
#include <string.h>

#include "fixture.h"

static struct kit_fixture fixture;
static char output[16384];

static void begin(void)
{
    kit_fixture_init(&fixture);
}

static void end(void)
{
    kit_fixture_free(&fixture);
}

TestSuite(kit_grading, .init = begin, .fini = end);

static int grade(const char *files)
{
    return kit_fixture_shell(output, sizeof output,
                             PROGRAM_FOLDER "/kit --kit '%s' --student '%s/%s' --results '%s' "
                                            "--cpu-seconds 1",
                             fixture.kit, fixture.folder, files, fixture.folder);
}

static const struct {
    const char *source, *said;
} handed_in[] = {
    {"unsigned long sum(unsigned long n) { return n * (n + 1) / 2; }", "hw: 100.0 of 100"},
    {"unsigned long sum(unsigned long n) { volatile unsigned long s = 0; while (n > 0) s += n--; "
     "return s; }",
     "hw: 0.0 of 100"},
    {"unsigned long sum(unsigned long n) { return n; }", "from line 1 of its output on"},
    {"unsigned long sum(unsigned long n) { for (;;) if (n == 1u << 31) return n; }", "signal 24"},
    {"unsigned long sum(unsigned long n) { return *(volatile unsigned long *)n; }",
     "signal 11 (Segmentation fault)"},
    {"#include <stdlib.h>\nunsigned long sum(unsigned long n) { exit((int)n & 7 | 3); }",
     "it ends with status 3, and naive with 0"},
    {"unsigned long sum(unsigned long n) { return m; }", "it does not build"},
    {"#error \033[31mred", "#error ?[31mred"},
    {"#include \"../kit/fixed/sum.c\"", "it does not build"},
    {"#include <stdio.h>\nunsigned long sum(unsigned long n) { FILE *f = "
     "fopen(\"../source/sum.c\", "
     "\"w\"); return f != NULL ? 0 : n * (n + 1) / 2; }",
     "    instructions "},
};

Test(kit_grading, gives_what_is_due)
{
    cr_assert_eq(kit_fixture_shell(output, sizeof output, "mkdir '%s/hw'", fixture.folder), 0);
    for (size_t i = 0; i < sizeof handed_in / sizeof *handed_in; i++) {
        kit_fixture_write(&fixture, "../hw/sum.c", handed_in[i].source);
        cr_expect_eq(grade("hw"), 0, "%s: %s", handed_in[i].source, output);
        cr_expect_not_null(strstr(output, handed_in[i].said), "%s: not '%s' but: %s",
                           handed_in[i].source, handed_in[i].said, output);
    }
}

Test(kit_grading, does_a_class_and_says_who_handed_in_nothing)
{
    cr_assert_eq(kit_fixture_shell(output, sizeof output,
                                   "cd '%s' && mkdir c c/ada c/bob c/eve c/zoe && cp "
                                   "kit/fixed/sum.c c/ada && : >c/a-file && ln -s "
                                   "../../kit/fixed/sum.c c/eve && mkfifo c/zoe/sum.c",
                                   fixture.folder),
                 0);
    cr_expect_eq(grade("c/*"), 0, "%s", output);
    cr_expect_not_null(strstr(output, "ada: 100.0 of 100"), "%s", output);
    cr_expect_not_null(strstr(output, "there is no sum.c in"), "%s", output);
    cr_expect_not_null(strstr(output, "eve: 0.0 of 100"), "%s", output);
    cr_expect_not_null(strstr(output, "zoe: 0.0 of 100"), "%s", output);
    cr_expect_null(strstr(output, "a-file"), "%s", output);
    cr_expect_eq(kit_fixture_shell(output, sizeof output, "cat '%s/kit-kit.csv'", fixture.folder),
                 0);
    cr_expect_not_null(strstr(output, "/ada\",100.0,\"\"\r\n"), "%s", output);
    cr_expect_not_null(strstr(output, "/bob\",0.0,\"there is no sum.c"), "%s", output);
    cr_expect_eq(grade("nobody"), 2);
    cr_expect_not_null(strstr(output, "make exercise KIT="), "%s", output);
}

Test(kit_grading, refuses_what_no_count_can_grade)
{
    kit_fixture_change(&fixture, "\"graded\": [\"instructions\"]",
                       "\"not_graded\": \"Only time shows it.\"");
    cr_expect_eq(grade("kit"), 2);
    cr_expect_not_null(strstr(output, "kit is not graded: Only time shows it."), "%s", output);

    kit_fixture_change(&fixture, "[\"instructions\"]", "[\"heap_blocks\"]");
    cr_expect_eq(grade("kit/fixed"), 1);
    cr_expect_not_null(strstr(output, "there is nothing to be closed"), "%s", output);

    kit_fixture_change(&fixture, "[\"instructions\"]", "[\"own:turns\"]");
    cr_expect_eq(grade("kit/fixed"), 1);
    cr_expect_not_null(strstr(output, "wrote nothing"), "%s", output);
}

Test(kit_grading, refuses_a_count_that_is_another_each_time)
{
    kit_fixture_write(&fixture, "main.c",
                      "#include <stdio.h>\n#include <stdlib.h>\n#include <time.h>\n"
                      "int main(void) { struct timespec t; clock_gettime(CLOCK_REALTIME, &t);\n"
                      "FILE *f = fopen(getenv(\"FASTENOUGH_COUNTERS\"), \"w\"); if (f != NULL)\n"
                      "{ fprintf(f, \"turns=%ld\\n\", t.tv_nsec); fclose(f); } return 0; }\n");
    kit_fixture_change(&fixture, "[\"instructions\"]", "[\"own:turns\"]");
    cr_expect_eq(grade("kit/fixed"), 1);
    cr_expect_not_null(strstr(output, "it cannot be graded"), "%s", output);
}

/* A kit whose sides say different things is no lesson, whoever hands in what. */
Test(kit_grading, refuses_a_kit_whose_sides_differ)
{
    kit_fixture_write(&fixture, "fixed/sum.c",
                      "unsigned long sum(unsigned long n) { return n + 1; }\n");
    cr_expect_eq(grade("kit/naive"), 1);
    cr_expect_not_null(strstr(output, "something else than naive"), "%s", output);
}
