/*
 * digests.c - all sixteen builds come to the figures of the definition, however the records are
 * dealt out and in whatever way they come in.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/system/program.h"

struct figures {
    unsigned records, accepted;
    const char *digest;
    double score_sum;
    const char *sha256; /* of the generated file */
};

static const struct figures small = {
    2000, 1991, "0c78b2d43dfeb1f5", 974592756,
    "b9baab9a7144c83b28684c9a89c87a8118649d89057b018be12d56badc5075aa"};
static const struct figures large = {
    10000, 9969, "5ee1212a93d1dfc5", 4937962776,
    "52ce7be518fd9971286004f31e041cc091564e36e05cc62b59cd976b2d6e42cd"};

static void expect_figures(struct program_result *result, const struct figures *figures,
                           double rejected, const char *what)
{
    cr_assert_eq(result->exit_status, 0, "%s: %s", what, result->error);
    cJSON *json = program_json(result);
    cr_expect_float_eq(program_number(json, "accepted"), figures->accepted, 0, "%s", what);
    cr_expect_float_eq(program_number(json, "rejected"), rejected, 0, "%s", what);
    cr_expect_str_eq(program_string(json, "digest"), figures->digest, "%s", what);
    cr_expect_float_eq(program_number(json, "score_sum"), figures->score_sum, 0, "%s", what);
    cJSON_Delete(json);
    program_result_free(result);
}

static void expect_run(struct program_result result, const struct figures *figures,
                       const char *what)
{
    expect_figures(&result, figures, figures->records - figures->accepted, what);
}

TestSuite(digests, .fini = program_remove_files);

Test(digests, are_those_of_the_definition_at_10000_records)
{
    const char *path = program_records(large.records);
    for (int i = 0; i < 16; i++)
        expect_run(PROGRAM(program_codes[i], "run", path, "--json"), &large, program_codes[i]);
}

Test(digests, do_not_depend_on_requests_and_workers)
{
    static const char *const odd[][2] = {{"1", "1"},    {"7", "3"},    {"333", "5"},
                                         {"1999", "2"}, {"2000", "9"}, {"1000000", "1"}};
    const char *path = program_records(small.records);
    char what[64];

    for (int i = 0; i < 16; i++)
        for (size_t o = 0; o < sizeof odd / sizeof *odd; o++) {
            /* a thread for each of 2000 requests is what the naive workers would make of it */
            if (program_codes[i][3] == 'n' && o == 0)
                continue;
            snprintf(what, sizeof what, "%s, --request %s --workers %s", program_codes[i],
                     odd[o][0], odd[o][1]);
            expect_run(PROGRAM(program_codes[i], "run", path, "--json", "--request", odd[o][0],
                               "--workers", odd[o][1]),
                       &small, what);
        }
}

Test(digests, do_not_depend_on_the_queue)
{
    const char *path = program_records(small.records);
    expect_run(PROGRAM("ffff", "run", path, "--json", "--queue", "1", "--request", "3"), &small,
               "a queue of one");
}

Test(digests, do_not_depend_on_the_database)
{
    const char *path = program_records(small.records);
    static const char *const codes[] = {"nnnf", "nnff", "ffnf", "ffff"};
    for (int i = 0; i < 4; i++)
        expect_run(PROGRAM(codes[i], "run", path, "--json", "--db-latency", "10us"), &small,
                   codes[i]);
}

Test(digests, are_the_same_from_standard_input)
{
    struct program_setup setup = {0};
    char *bytes = program_read_file(program_records(small.records), &setup.input_length);

    setup.input = bytes;
    for (int i = 0; i < 16; i++)
        expect_run(PROGRAM_WITH(&setup, program_codes[i], "run", "-", "--json", "--request", "77",
                                "--workers", "3"),
                   &small, program_codes[i]);
    free(bytes);
}

/* The lines as an array, without those that were cut in half: they would take the rest with them.
 */
static char *as_array(const char *lines, size_t *length)
{
    char *array = malloc(strlen(lines) + 3), *to = array;
    *to++ = '[';
    for (const char *end; (end = strchr(lines, '\n')) != NULL; lines = end + 1)
        if (end[-1] == '}') {
            if (to > array + 1)
                *to++ = ',';
            memcpy(to, lines, (size_t)(end - lines));
            to += end - lines;
        }
    *to++ = ']';
    *length = (size_t)(to - array);
    *to = '\0';
    return array;
}

Test(digests, are_the_same_from_one_json_array)
{
    struct program_setup setup = {0};
    char *lines = program_read_file(program_records(small.records), &setup.input_length);
    char *array = as_array(lines, &setup.input_length);
    const char *path = program_file(array, setup.input_length);

    setup.input = array;
    for (int i = 0; i < 16; i++) {
        struct program_result result =
            PROGRAM(program_codes[i], "run", path, "--json", "--request", "77", "--workers", "3");
        expect_figures(&result, &small, small.records - small.accepted - 2, program_codes[i]);
    }
    struct program_result result = PROGRAM_WITH(&setup, "ffff", "run", "-", "--json");
    expect_figures(&result, &small, small.records - small.accepted - 2, "from standard input");
    free(array);
    free(lines);
}

Test(digests, are_the_same_with_crlf_blank_lines_and_a_byte_order_mark)
{
    struct program_setup setup = {0};
    char *lines = program_read_file(program_records(small.records), &setup.input_length);
    char *changed = malloc(2 * setup.input_length + 4), *to = stpcpy(changed, "\xef\xbb\xbf");

    for (const char *at = lines; *at != '\0'; at++)
        to = *at == '\n' ? stpcpy(to, "\r\n \t\r\n") : (*to = *at, to + 1);
    setup.input = changed;
    setup.input_length = (size_t)(to - changed) - 6; /* the last line ends without a newline */
    expect_run(PROGRAM_WITH(&setup, "nnnn", "run", "-", "--json"), &small, "nnnn");
    expect_run(PROGRAM_WITH(&setup, "ffff", "run", "-", "--json"), &small, "ffff");
    free(changed);
    free(lines);
}

Test(digests, add_up_over_repeats)
{
    struct program_result result = PROGRAM("ffff", "run", program_records(small.records), "--json",
                                           "--repeat", "3", "--request", "999");
    char expected[17];

    cJSON *json = program_json(&result);
    snprintf(expected, sizeof expected, "%016llx", 3 * strtoull(small.digest, NULL, 16));
    cr_expect_float_eq(program_number(json, "accepted"), 3 * small.accepted, 0);
    cr_expect_float_eq(program_number(json, "score_sum"), 3 * small.score_sum, 0);
    cr_expect_str_eq(program_string(json, "digest"), expected);
    cJSON_Delete(json);
    program_result_free(&result);
}

/* With coreutils' sha256sum, which every Debian has. */
static void expect_sha256(const struct figures *figures)
{
    char command[128], digest[65] = "";
    snprintf(command, sizeof command, "sha256sum %s", program_records(figures->records));
    FILE *pipe = popen(command, "r");
    cr_assert_not_null(pipe);
    cr_expect_eq(fread(digest, 1, 64, pipe), 64);
    cr_expect_eq(pclose(pipe), 0);
    cr_expect_str_eq(digest, figures->sha256);
}

Test(generated, files_are_those_of_the_definition)
{
    expect_sha256(&small);
    expect_sha256(&large);
    program_remove_files();
}

Test(generated, records_are_the_same_from_each_build)
{
    size_t length;
    char *expected = program_read_file(program_records(small.records), &length);
    for (int i = 0; i < 16; i++) {
        struct program_result result = PROGRAM(program_codes[i], "generate", "2000", "--seed", "1");
        cr_expect_eq(result.exit_status, 0);
        cr_expect_eq(result.output_length, length);
        cr_expect_str_eq(result.output, expected);
        program_result_free(&result);
    }
    free(expected);
    program_remove_files();
}
