/*
 * sixteen.c - all sixteen programs compute what the specification's two independent programs
 * computed.
 *
 * The figures are those of the specification, for the generated records of seed 1. They must come
 * out however the input arrives and however it is divided among requests and workers.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attribution.h"
#include "child.h"
#include "rundoc.h"

static const struct expected {
    unsigned records;
    const char *sha256;
    uint64_t accepted, rejected;
    const char *digest;
    double score_sum;
} expected[] = {
    {2000, "b9baab9a7144c83b28684c9a89c87a8118649d89057b018be12d56badc5075aa", 1991, 9,
     "0c78b2d43dfeb1f5", 974592756},
    {10000, "52ce7be518fd9971286004f31e041cc091564e36e05cc62b59cd976b2d6e42cd", 9969, 31,
     "5ee1212a93d1dfc5", 4937962776},
};

enum { EXPECTED = sizeof expected / sizeof *expected };

/* What a shell command prints; it has to succeed. The caller frees it. */
static char *output_of(const char *command)
{
    struct child_job job = {.argv = (const char *[]){"/bin/sh", "-c", command, NULL},
                            .output = {.sink = CHILD_CAPTURE},
                            .errors = {.sink = CHILD_CAPTURE}};
    struct child_result result;
    char text[1024];

    int status = child_run(&job, &result);
    child_describe(&job, &result, text, sizeof text);
    cr_assert_eq(status, 0, "%s: %s", command, text);
    char *output = result.output;
    result.output = NULL;
    child_result_free(&result);
    return output;
}

/* Runs one build with a shell command that has its program for %s, and holds it against the
 * figures. */
static void check_build(unsigned mask, const struct expected *wanted, const char *format)
{
    char program[512], command[2048], code[5], error[512];
    struct rundoc doc;

    attribution_code(mask, code);
    snprintf(program, sizeof program, "%s/fastenough-%s", PROGRAM_FOLDER, code);
    snprintf(command, sizeof command, format, program, wanted->records);
    char *output = output_of(command);
    cr_assert_eq(rundoc_parse(command, output, strlen(output), &doc, error, sizeof error), 0, "%s",
                 error);
    cr_expect_str_eq(doc.variant, code);
    cr_expect_eq(doc.accepted, wanted->accepted, "%s", command);
    cr_expect_eq(doc.rejected, wanted->rejected, "%s", command);
    cr_expect_str_eq(doc.digest, wanted->digest, "%s", command);
    cr_expect_eq(doc.score_sum, wanted->score_sum, "%s", command);
    rundoc_free(&doc);
    free(output);
}

static char folder[] = "/tmp/fastenough-sixteen-XXXXXX";

/* The generated records as files N.ndjson and N.json in a folder of this test's own, which is
 * entered. */
static void enter_folder(void)
{
    char command[2048];

    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(chdir(folder), 0);
    for (int i = 0; i < EXPECTED; i++) {
        snprintf(command, sizeof command,
                 PROGRAM_FOLDER
                 "/fastenough generate %u --seed 1 > %u.ndjson && "
                 "{ printf '[\\n'; grep -v '^.*[^}]$' %u.ndjson | sed '$!s/$/,/'; printf ']\\n'; } "
                 "> %u.json",
                 expected[i].records, expected[i].records, expected[i].records,
                 expected[i].records);
        free(output_of(command));
    }
}

static void leave_folder(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    free(output_of(command));
}

TestSuite(sixteen, .init = enter_folder, .fini = leave_folder, .timeout = 300);

Test(sixteen, records_are_generated_byte_for_byte)
{
    for (int i = 0; i < EXPECTED; i++) {
        char command[128];
        snprintf(command, sizeof command, "sha256sum < %u.ndjson", expected[i].records);
        char *sum = output_of(command);
        cr_expect_eq(strncmp(sum, expected[i].sha256, 64), 0, "%u records: %s", expected[i].records,
                     sum);
        free(sum);
    }
}

Test(sixteen, builds_have_the_figures_of_the_specification)
{
    for (int i = 0; i < EXPECTED; i++)
        for (unsigned mask = 0; mask < ATTRIBUTION_VARIANTS; mask++)
            check_build(mask, &expected[i], "%s run --json %u.ndjson");
}

Test(sixteen, builds_do_not_mind_how_the_work_is_divided)
{
    for (unsigned mask = 0; mask < ATTRIBUTION_VARIANTS; mask++) {
        check_build(mask, &expected[0], "%s run --json --workers 1 --request 333 %u.ndjson");
        check_build(mask, &expected[0], "%s run --json --workers 3 --request 77 %u.ndjson");
        check_build(mask, &expected[0],
                    "%s run --json --workers 2 --request 1000000 --queue 1 %u.ndjson");
    }
}

Test(sixteen, builds_do_not_mind_how_the_input_arrives)
{
    for (unsigned mask = 0; mask < ATTRIBUTION_VARIANTS; mask++) {
        check_build(mask, &expected[0], "P=%s; cat %u.ndjson | $P run --json -");
        check_build(mask, &expected[0],
                    "P=%s; dd status=none bs=97 if=%u.ndjson | $P run --json -");
        check_build(mask, &expected[0], "P=%s; sed 's/$/\\r/' %u.ndjson | $P run --json -");
    }
}

/* The two records that are cut in half cannot stand in an array: they are left out of it. */
Test(sixteen, builds_read_one_json_array_as_well)
{
    struct expected without_cut = expected[0];
    without_cut.rejected -= 2;
    for (unsigned mask = 0; mask < ATTRIBUTION_VARIANTS; mask++)
        check_build(mask, &without_cut, "%s run --json %u.json");
}
