/* guessing.c - what is guessed of a kit is kept beside the lessons', and by its own words. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "fixture.h"

static struct kit_fixture fixture;
static char output[8192];

static void begin(void)
{
    kit_fixture_init(&fixture);
}

static void end(void)
{
    kit_fixture_free(&fixture);
}

TestSuite(kit_guessing, .init = begin, .fini = end);

static int predict(const char *options)
{
    return kit_fixture_shell(output, sizeof output,
                             PROGRAM_FOLDER "/predict --kit '%s' --guesses '%s/guesses.json' "
                                            "--results '%s/compare.json' %s",
                             fixture.kit, fixture.folder, fixture.folder, options);
}

Test(kit_guessing, stays_as_it_was_committed)
{
    cr_expect_eq(predict("--guess '2x'"), 0, "%s", output);
    cr_expect_not_null(strstr(output, "1 guess is committed. Now measure: make compare KIT="), "%s",
                       output);
    cr_expect_eq(predict("--guess time:3"), 2);
    cr_expect_not_null(strstr(output, "the time of kit is guessed already"), "%s", output);
    cr_expect_eq(
        kit_fixture_shell(output, sizeof output, "cat '%s/guesses-kit.json'", fixture.folder), 0);
    cr_expect_not_null(strstr(output, "wall_time"), "%s", output);
    cr_expect_eq(predict("--forget"), 0, "%s", output);
    cr_expect_eq(kit_fixture_shell(output, sizeof output, "ls '%s'", fixture.folder), 0);
    cr_expect_str_eq(output, "kit\n");
}

Test(kit_guessing, refuses_what_is_no_guess_of_it)
{
    static const struct {
        const char *guess, *said;
    } wrong[] = {
        {"misses:2", "kit has no metric 'misses'. There are: time"},
        {"time:fast", "'fast' is no ratio"},
        {"key=2", "'key' is no guess of kit"},
        {"", "nothing was guessed"},
    };

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char option[64];
        snprintf(option, sizeof option, "--guess '%s'", wrong[i].guess);
        cr_expect_eq(predict(option), 2, "%s", output);
        cr_expect_not_null(strstr(output, wrong[i].said), "%s", output);
    }
    cr_expect_eq(predict(""), 2);
    cr_expect_not_null(strstr(output, "make predict KIT=FOLDER GUESS='2'"), "%s", output);
}

/* Of a kit that lists nothing the headline may be guessed. */
Test(kit_guessing, is_of_the_headline_where_nothing_is_listed)
{
    kit_fixture_change(&fixture, "    \"predict\": {\"time\": \"wall_time\"},\n", "");
    cr_expect_eq(predict("--guess 'all'"), 0, "%s", output);
    cr_expect_eq(
        kit_fixture_shell(output, sizeof output, "cat '%s/guesses-kit.json'", fixture.folder), 0);
    cr_expect_not_null(strstr(output, "\"instructions\""), "%s", output);
}

/* Held against a comparison, of whichever tool's section. */
Test(kit_guessing, is_held_against_what_was_measured)
{
    cr_expect_eq(predict("--guess '4'"), 0, "%s", output);
    kit_fixture_write(
        &fixture, "../compare.json",
        "{\"schema\": \"fastenough-compare\", \"schema_version\": 2, \"created\": "
        "\"2999-01-01T00:00:00Z\", \"lessons\": [{\"id\": \"kit\", \"number\": 1, \"title\": "
        "\"t\", "
        "\"words\": \"w\", \"naive_file\": \"a\", \"fixed_file\": \"b\", \"headline\": "
        "\"instructions\", \"metrics\": []}, {\"id\": \"time\", \"number\": 2, \"title\": \"t\", "
        "\"words\": \"w\", \"naive_file\": \"a\", \"fixed_file\": \"b\", \"headline\": "
        "\"wall_time\", \"metrics\": [{\"name\": \"wall_time\", \"label\": \"time\", \"unit\": "
        "\"ns\", \"tool\": \"wall time\", \"naive_build\": \"naive\", \"fixed_build\": \"fixed\", "
        "\"condition\": \"\", \"naive\": 8, \"fixed\": 2, \"ratio\": 4, \"ci_low\": 3.5, "
        "\"ci_high\": 4.5, \"exact\": false, \"rounds\": 6, \"verdict\": \"better\"}]}]}");
    cr_expect_eq(predict("--show"), 0, "%s", output);
    cr_expect_not_null(strstr(output, "100"), "%s", output);
}
