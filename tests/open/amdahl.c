/*
 * amdahl.c - `make amdahl`: the instructions that are added, counted; and slopes of planted times.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/readers/callgrind.h"
#include "bench/readers/text.h"
#include "tests/open/shell.h"

#define AMDAHL BUILD_FOLDER "/bin/amdahl"
#define BURDENED BUILD_FOLDER "/bin/burden-nnnn"
enum { RECORDS = 20, ADDED = 20000 };

static char folder[64];

static void begin(void)
{
    struct shell shell = {0};

    snprintf(folder, sizeof folder, "/tmp/amdahl-test.XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    shell_run(&shell, "%s generate %d >%s/records", BURDENED, RECORDS, folder);
    cr_assert_eq(shell.status, 0, "%s", shell.text);
    shell_free(&shell);
}

static void end(void)
{
    struct shell shell = {0};
    shell_run(&shell, "rm -r %s", folder);
    shell_free(&shell);
}

TestSuite(amdahl, .init = begin, .fini = end, .timeout = 300);

/* All instructions of the program, with a burden. */
static double count(const char *burden)
{
    struct shell shell = {0};
    struct callgrind profile;
    char path[128], error[TEXT_ERROR_SIZE];

    snprintf(path, sizeof path, "%s/callgrind", folder);
    shell_run(
        &shell,
        "fixed=$(setarch -R echo setarch -R 2>/dev/null) || fixed=; " /* refused in containers */
        "BURDEN=%s $fixed valgrind --tool=callgrind --callgrind-out-file=%s %s run "
        "%s/records --workers=1 --quiet",
        burden, path, BURDENED, folder);
    cr_assert_eq(shell.status, 0, "%s", shell.text);
    shell_free(&shell);
    cr_assert_eq(callgrind_read(path, &profile, error, sizeof error), 0, "%s", error);
    double total = (double)profile.total_ir;
    callgrind_free(&profile);
    return total;
}

/* Each record is parsed and validated once; start-up and waking wobble by less than a percent. */
Test(amdahl, adds_as_many_instructions_as_it_says)
{
    static const char *const functions[] = {"record_parse", "record_validate"};
    char burden[64];

    double without = count("none:1");
    for (unsigned i = 0; i < 2; i++) {
        snprintf(burden, sizeof burden, "%s:%d", functions[i], ADDED);
        double added = (count(burden) - without) / RECORDS;
        cr_expect(fabs(added - ADDED) < 0.01 * ADDED, "%s: %g", functions[i], added);
    }
}

/* A program that takes 1000 ns a record, and half a nanosecond for each instruction that is added
 * to the one function, none for those of the other. */
static void plant(const char *end)
{
    char path[128];

    snprintf(path, sizeof path, "%s/program", folder);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    fprintf(file,
            "#!/bin/sh\nns=1000\ncase $BURDEN in record_validate:*) ns=$((1000 + "
            "${BURDEN#*:} / 2));; esac\nsed \"s/\\\"ns_per_record\\\":[0-9.]*/"
            "\\\"ns_per_record\\\":$ns/\" %s/tests/harness/data/run.nnnn.json\n%s\n",
            PROJECT_FOLDER, end);
    cr_assert_eq(fclose(file), 0);
    struct shell shell = {0};
    shell_run(&shell, "chmod +x %s", path);
    shell_free(&shell);
}

static void run_planted(struct shell *shell)
{
    shell_run(shell, "%s --program %s/program --input %s/records --rounds 6", AMDAHL, folder,
              folder);
}

Test(amdahl, finds_the_slopes_of_planted_times)
{
    struct shell shell = {0};

    plant("");
    run_planted(&shell);
    cr_assert_eq(shell.status, 0, "%s", shell.text);
    const char *validate = strstr(shell.text, "record_validate"),
               *second = strstr(validate + 1, "record_validate"),
               *parse = strstr(second, "record_parse");
    cr_assert_not_null(parse);
    for (int i = 0; i < 2; i++)
        cr_expect_not_null(
            strstr(i == 0 ? validate : second,
                   "     1000    41000    81000   121000   161000    0.500 (0.500 to 0.500)\n"),
            "%s", shell.text);
    cr_expect_not_null(
        strstr(parse, "     1000     1000     1000     1000     1000    0.000 (0.000 to 0.000)\n"),
        "%s", shell.text);
    shell_free(&shell);
}

Test(amdahl, says_what_failed)
{
    struct shell shell = {0};

    plant("echo no room >&2; exit 3");
    run_planted(&shell);
    cr_expect_eq(shell.status, 1);
    cr_expect_not_null(strstr(shell.text, "no room"), "%s", shell.text);
    shell_run(&shell, "%s --rounds 10", AMDAHL);
    cr_expect_eq(shell.status, 2);
    shell_run(&shell, "%s --rounds 1", AMDAHL);
    cr_expect_eq(shell.status, 2);
    shell_free(&shell);
}
