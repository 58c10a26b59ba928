/* reading.c - a kit that is right is read whole, and one that is wrong gets a message that names
 * the line. */
#include <criterion/criterion.h>
#include <string.h>

#include "fixture.h"

static struct kit_fixture fixture;

static void begin(void)
{
    kit_fixture_init(&fixture);
}

static void end(void)
{
    kit_fixture_free(&fixture);
}

TestSuite(kit_reading, .init = begin, .fini = end);

Test(kit_reading, takes_all_that_is_said)
{
    struct kit kit;
    char error[KIT_ERROR_SIZE] = "";

    cr_assert_eq(kit_read(&kit, fixture.kit, error), 0, "%s", error);
    cr_expect_str_eq(kit.name, "kit");
    cr_expect_str_eq(kit.title, "a sum");
    cr_expect_str_eq(kit.headline.name, "instructions");
    cr_expect(kit.headline.is_count);
    cr_expect_eq(kit.file_count, 1);
    cr_expect_str_eq(kit.files[0], "sum.c");
    cr_expect_eq(kit.guess_count, 1);
    cr_expect_str_eq(kit.guesses[0].name, "time");
    cr_expect_str_eq(kit.guesses[0].metric.name, "wall_time");
    cr_expect_eq(kit.graded_count, 1);
    cr_expect_eq(kit.command_line, 7);
    kit_free(&kit);
}

/* What is wrong in kit.json, and what is said of it. */
static const struct {
    const char *from, *to, *said;
} wrongs[] = {
    {"\"title\": \"a sum\"", "\"title\": \"a sum", "kit.json:3: not JSON"},
    {"{\n", "[\n", "kit.json:"},
    {"    \"title\": \"a sum\",\n", "", "kit.json:1: 'title' is missing"},
    {"    \"symptom\": \"It takes long.\",\n", "", "kit.json:1: 'symptom' is missing"},
    {"    \"words\": \"One by one; fixed: at once.\",\n", "", "'words' is missing"},
    {"    \"headline\": \"instructions\",\n", "", "'headline' is missing"},
    {"    \"tool\": \"callgrind\",\n", "", "'tool' is missing"},
    {"    \"command\": \"{program} 1000\",\n", "", "'command' is missing"},
    {"\"a sum\"", "7", "kit.json:2: 'title' has to be a text"},
    {"\"a sum\"", "\"\"", "kit.json:2: 'title' has to be a text"},
    {"\"It takes long.\"", "[]", "kit.json:3: 'symptom' has to be a text"},
    {"\"symptom\"", "\"sympton\"", "kit.json:3: a kit has no member 'sympton'"},
    {"\"symptom\"", "\"title\"", "kit.json:3: 'title' is there twice"},
    {"\"headline\": \"instructions\"", "\"headline\": \"instruction\"",
     "kit.json:5: there is no metric 'instruction'. There are: wall_time"},
    {"\"headline\": \"instructions\"", "\"headline\": \"own:\"", "kit.json:5: there is no metric"},
    {"\"callgrind\"", "\"DHAT\"",
     "kit.json:6: instructions is measured by \"callgrind\", not by \"DHAT\""},
    {"{program} 1000", "true", "kit.json:7: 'command' is the same for both sides"},
    {"{\"time\": \"wall_time\"}", "[\"wall_time\"]", "kit.json:8: 'predict' has to be names"},
    {"\"wall_time\"", "\"time\"", "kit.json:8: there is no metric 'time'"},
    {"\"wall_time\"", "2", "kit.json:8: 'time' has to be the name of a metric"},
    {"{\"time\": \"wall_time\"}",
     "{\"a\": \"wall_time\", \"b\": \"wall_time\", \"c\": \"wall_time\", \"d\": \"wall_time\",\n"
     "\"e\": \"wall_time\", \"f\": \"wall_time\",\n\"g\": \"wall_time\"}",
     "kit.json:10: that is more than 6"},
    {"[\"instructions\"]", "\"instructions\"", "kit.json:9: 'graded' has to be a list"},
    {"[\"instructions\"]", "[3]", "kit.json:9: 'graded' has to be a list"},
    {"[\"instructions\"]", "[\n\"instructions\",\n\"wall_time\"]",
     "kit.json:11: nobody is graded by 'wall_time': grades are by counts"},
    {"[\"instructions\"]", "[\"speed\"]", "kit.json:9: there is no metric 'speed'"},
    {"[\"instructions\"]", "[]", "kit.json:9: say what is graded"},
    {"[\"instructions\"]", "[\"instructions\"],\n    \"not_graded\": \"No count.\"",
     "kit.json:10: 'not_graded' says why nothing is graded"},
    {"\"graded\": [\"instructions\"]",
     "\"graded\": [\"instructions\"],\n\n\n    \"input\": \"nowhere.txt\"",
     "kit.json:12: 'nowhere.txt' cannot be read in the kit: No such file"},
};

Test(kit_reading, names_the_line_of_what_is_wrong)
{
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        struct kit kit;
        char error[KIT_ERROR_SIZE] = "";
        kit_fixture_change(&fixture, wrongs[i].from, wrongs[i].to);
        cr_expect_eq(kit_read(&kit, fixture.kit, error), -1, "%s is taken", wrongs[i].to);
        cr_expect_not_null(strstr(error, wrongs[i].said), "for %s: %s, and not: %s", wrongs[i].to,
                           wrongs[i].said, error);
    }
}

/* What is wrong with its files, after a line of shell in the kit. */
static const struct {
    const char *shell, *said;
} lacks[] = {
    {"rm kit.json", "no kit.json is in there. 'make kit DIR=FOLDER' makes a kit"},
    {": >kit.json", "kit.json"},
    {"rm -r naive", "no folder naive/"},
    {"rm -r fixed", "no folder fixed/"},
    {"rm fixed/sum.c", "there is nothing in fixed/"},
    {"mv fixed/sum.c fixed/total.c", "sum.c is in one of them only"},
    {"cp fixed/sum.c fixed/a.c", "a.c is in one of them only"},
    {"cp naive/sum.c naive/z.c", "z.c is in one of them only"},
    {"cp naive/sum.c fixed/sum.c", "naive/ and fixed/ are the same: nothing is fixed"},
    {"for i in $(seq 20); do cp naive/sum.c naive/s$i.c; cp fixed/sum.c fixed/s$i.c; done",
     "that is more than 16 files"},
};

Test(kit_reading, names_the_file_that_is_missing)
{
    for (size_t i = 0; i < sizeof lacks / sizeof *lacks; i++) {
        struct kit_fixture own;
        struct kit kit;
        char error[KIT_ERROR_SIZE] = "", output[256];
        kit_fixture_init(&own);
        cr_assert_eq(
            kit_fixture_shell(output, sizeof output, "cd '%s' && { %s; }", own.kit, lacks[i].shell),
            0, "%s", output);
        cr_expect_eq(kit_read(&kit, own.kit, error), -1, "%s", lacks[i].shell);
        cr_expect_not_null(strstr(error, lacks[i].said), "after %s: %s", lacks[i].shell, error);
        kit_fixture_free(&own);
    }
}

Test(kit_reading, says_how_one_is_made_where_there_is_none)
{
    struct kit kit;
    char error[KIT_ERROR_SIZE] = "";

    cr_expect_eq(kit_read(&kit, "/nowhere/at/all", error), -1);
    cr_expect_not_null(strstr(error, "make kit DIR="), "%s", error);
}

/* An object stands for a source: an edition without the solutions has them. */
Test(kit_reading, takes_an_object_for_a_source)
{
    struct kit kit;
    char error[KIT_ERROR_SIZE] = "", output[256], program[KIT_PATH_SIZE];

    cr_assert_eq(kit_fixture_shell(output, sizeof output,
                                   "cd '%s' && cc -I. -O2 -c -o fixed/sum.o fixed/sum.c && "
                                   "rm fixed/sum.c",
                                   fixture.kit),
                 0, "%s", output);
    cr_assert_eq(kit_read(&kit, fixture.kit, error), 0, "%s", error);
    cr_assert_eq(kit_program(&kit, BUILD_FOLDER "/tests/kits-built", "fixed", program, error), 0,
                 "%s", error);
    cr_expect_eq(kit_build(&kit, "fixed", program, NULL, error), 0, "%s", error);
    cr_expect_eq(kit_fixture_shell(output, sizeof output, "'%s' 10", program), 0);
    cr_expect_str_eq(output, "55\n");
    kit_free(&kit);
}
