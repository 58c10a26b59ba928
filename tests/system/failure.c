/*
 * failure.c - memory that runs out, at each allocation of a whole small run: in this project's
 * code, in the libraries, in any thread. It ends with a message and a status, or does without.
 *
 * Not under ASan, which has an allocator of its own (fail_malloc.c is preloaded).
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/system/program.h"

static const char *records_path;

static struct program_result run(const char *code, const char *output_format,
                                 const char *const *environment)
{
    const struct program_setup setup = {.environment = environment};
    return PROGRAM_WITH(&setup, code, "run", records_path, output_format, "--workers", "2",
                        "--request", "2");
}

/* Names of members, and the values of those that do not depend on the time. */
static void print_members(FILE *file, const cJSON *json)
{
    static const char *const exact[] = {"variant",   "accepted", "rejected", "digest",
                                        "score_sum", "requests", "bytes"};
    const cJSON *member;
    cJSON_ArrayForEach (member, json) {
        fprintf(file, "%s:", member->string != NULL ? member->string : "");
        for (size_t i = 0; i < sizeof exact / sizeof *exact; i++)
            if (member->string != NULL && strcmp(member->string, exact[i]) == 0) {
                char *value = cJSON_PrintUnformatted(member);
                fputs(value, file);
                free(value);
            }
        print_members(file, member);
        fputc('\n', file);
    }
}

/* What must be the same in each complete result; to be freed. */
static char *members_of(const struct program_result *result)
{
    size_t size;
    char *text;
    FILE *file = open_memstream(&text, &size);
    cJSON *json = program_json(result);
    print_members(file, json);
    cJSON_Delete(json);
    fclose(file);
    return text;
}

static const char *const counting[] = {"LD_PRELOAD=" BUILD_FOLDER "/tests/fail_malloc.so",
                                       "FAIL_MALLOC_FD=2", NULL};

static unsigned long count_of(const struct program_result *result)
{
    cr_assert_eq(result->exit_status, 0, "%s", result->error);
    unsigned long count = strtoul(result->error, NULL, 10);
    cr_assert_gt(count, 0, "the library is preloaded: %s", result->error);
    return count;
}

/* How many allocations are made before main() begins, by libraries that set themselves up. */
static unsigned long count_start(const char *code)
{
    const struct program_setup setup = {.environment = counting};
    struct program_result result = PROGRAM_WITH(&setup, code, "--version");
    unsigned long count = count_of(&result) - 1; /* one is the buffer of standard output */
    program_result_free(&result);
    return count;
}

/* How many a run makes in all when none fails, and what its result is. */
static unsigned long count_run(const char *code, char **members)
{
    struct program_result result = run(code, "--json", counting);
    unsigned long count = count_of(&result);
    *members = members_of(&result);
    program_result_free(&result);
    return count;
}

/* Lets the nth allocation fail, and all after it if that is lasting. */
static struct program_result run_failing(const char *code, const char *output_format,
                                         unsigned long nth, bool is_lasting)
{
    char at[64];
    snprintf(at, sizeof at, "FAIL_MALLOC_AT=%lu", nth);
    const char *const environment[] = {"LD_PRELOAD=" BUILD_FOLDER "/tests/fail_malloc.so", at,
                                       is_lasting ? "FAIL_MALLOC_ON=1" : "FAIL_MALLOC_ON=0", NULL};
    return run(code, output_format, environment);
}

static void expect_message(const struct program_result *result, const char *what)
{
    cr_assert_eq(result->exit_status, 1, "%s: exit %d, signal %d", what, result->exit_status,
                 result->signal_number);
    cr_assert_eq(strncmp(result->error, "fastenough", 10), 0, "%s: no message but '%s'", what,
                 result->error);
}

static void try_each(const char *code, bool is_lasting)
{
    char what[64], *whole;
    unsigned long start = count_start(code), count = count_run(code, &whole), failures = 0;

    /* the number differs by some from run to run, with the order in which threads come */
    for (unsigned long nth = start + 1; nth <= count + 5; nth++) {
        struct program_result result = run_failing(code, "--json", nth, is_lasting);
        snprintf(what, sizeof what, "%s, allocation %lu of %lu", code, nth, count);
        if (result.exit_status == 0) {
            char *members = members_of(&result);
            cr_assert_str_eq(members, whole, "%s: a part of the result is missing", what);
            free(members);
        } else {
            expect_message(&result, what);
            failures++;
        }
        program_result_free(&result);
    }
    cr_expect_gt(failures, (count - start) / 2, "%s: most allocations are needed", code);
    free(whole);
}

/* Three records: a whole run in some hundred allocations. */
static void write_records(void)
{
    struct program_result result = PROGRAM("ffff", "generate", "3");
    records_path = program_file(result.output, result.output_length);
    program_result_free(&result);
}

TestSuite(failure, .init = write_records, .fini = program_remove_files);

Test(failure, of_one_allocation_ends_with_a_message_in_naive)
{
    try_each("nnnn", false);
}

Test(failure, of_one_allocation_ends_with_a_message_in_fixed)
{
    try_each("ffff", false);
}

Test(failure, of_all_from_one_on_ends_with_a_message_in_naive)
{
    try_each("nnnn", true);
}

Test(failure, of_all_from_one_on_ends_with_a_message_in_fixed)
{
    try_each("ffff", true);
}

/* The text for people: all of it, or a message. */
Test(failure, ends_with_a_message_in_text_too)
{
    char *members;
    unsigned long count = count_run("ffff", &members);

    for (unsigned long nth = count_start("ffff") + 1; nth <= count; nth++) {
        struct program_result result = run_failing("ffff", "--strict", nth, true);
        if (result.exit_status != 0)
            expect_message(&result, "text");
        else
            cr_expect_not_null(strstr(result.output, "comparisons"), "%s", result.output);
        program_result_free(&result);
    }
    free(members);
}
