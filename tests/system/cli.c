/* cli.c - the command line from outside: what is printed where, and the exit status. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/system/program.h"

enum { EXIT_USAGE = 2 };

/* For help, versions and the like: exit 0, this on stdout, nothing on stderr. */
static void expect_output(struct program_result result, const char *part)
{
    cr_expect_eq(result.exit_status, 0);
    cr_expect_not_null(strstr(result.output, part), "'%s' in: %s", part, result.output);
    cr_expect_str_empty(result.error);
    program_result_free(&result);
}

/* A failure: this status, this on stderr in one line, nothing on stdout. */
static void expect_refusal(struct program_result result, int exit_status, const char *part)
{
    cr_expect_eq(result.exit_status, exit_status, "%d: %s", result.exit_status, result.error);
    cr_expect_str_empty(result.output);
    cr_expect_eq(strncmp(result.error, "fastenough", 10), 0, "it says who speaks: %s",
                 result.error);
    cr_expect_not_null(strstr(result.error, part), "'%s' in: %s", part, result.error);
    const char *newline = strchr(result.error, '\n');
    cr_expect(newline != NULL && newline[1] == '\0', "one line: %s", result.error);
    program_result_free(&result);
}

TestSuite(cli, .fini = program_remove_files);

Test(cli, helps)
{
    static const char *const options[] = {
        "run FILE|-", "--db-latency", "--workers", "--request",     "--repeat",     "--json",
        "--strict",   "--quiet",      "--queue",   "--max-threads", "--max-memory", "--max-line",
        "generate N", "--seed",       "--version", "Exit status",
    };
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        expect_output(PROGRAM("ffff", "--help"), options[i]);
    expect_output(PROGRAM("ffff", "run", "--help"), "--db-latency");
    expect_output(PROGRAM("ffff", "serve", "--help"), "--listen");
}

/* From the same rows that the values are checked by. */
Test(cli, helps_with_ranges_units_and_defaults)
{
    static const char *const parts[] = {
        "records that the workers get as one request (1 to 1000000; 1000)",
        "(1 to 1GiB; 1MiB)",
        "(100ms to 3600s; 10s)",
        "(0 to 2^64-1; 1)",
        "each\n                            implementation chooses)",
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        expect_output(PROGRAM("ffff", "--help"), parts[i]);
}

Test(cli, says_what_an_option_takes)
{
    expect_refusal(PROGRAM("ffff", "run", "x", "--workers", "0"), EXIT_USAGE,
                   "--workers takes a whole number of threads from 1 to 4096, not '0'");
    expect_refusal(PROGRAM("ffff", "run", "x", "--db-latency", "11s"), EXIT_USAGE,
                   "--db-latency takes a duration like 50us or 2s from 0 to 10s, not '11s'");
    expect_refusal(PROGRAM("ffff", "serve", "--max-line", "2GiB"), EXIT_USAGE,
                   "--max-line takes a size like 64KiB or 2GiB from 1 to 1GiB, not '2GiB'");
    expect_refusal(PROGRAM("ffff", "run", "x", "--db", "mysql:x"), EXIT_USAGE,
                   "--db takes sim or sqlite:FILE, not 'mysql:x'");
    expect_refusal(PROGRAM("ffff", "serve", "x"), EXIT_USAGE, "options only, not 'x'");
}

Test(cli, tells_its_version_and_variant)
{
    expect_output(PROGRAM("nfnf", "--version"), "(nfnf)");
    expect_output(PROGRAM("nfnf", "--version"), "fastenough ");
}

Test(cli, wants_to_know_what_to_do)
{
    expect_refusal(PROGRAM("ffff"), EXIT_USAGE, "--help");
    expect_refusal(PROGRAM("ffff", "dance"), EXIT_USAGE, "dance");
    expect_refusal(PROGRAM("ffff", ""), EXIT_USAGE, "--help");
    expect_refusal(PROGRAM("ffff", "--verbose"), EXIT_USAGE, "--verbose");
    expect_refusal(PROGRAM("ffff", "run"), EXIT_USAGE, "name one file");
    expect_refusal(PROGRAM("ffff", "run", "a", "b"), EXIT_USAGE, "name one file");
    expect_refusal(PROGRAM("ffff", "generate"), EXIT_USAGE, "how many");
    expect_refusal(PROGRAM("ffff", "generate", "1", "2"), EXIT_USAGE, "how many");
}

Test(cli, refuses_unknown_options)
{
    expect_refusal(PROGRAM("ffff", "run", "x", "--fast"), EXIT_USAGE, "--fast");
    expect_refusal(PROGRAM("ffff", "run", "x", "--json=1"), EXIT_USAGE, "--json");
    expect_refusal(PROGRAM("ffff", "run", "x", "-z"), EXIT_USAGE, "-z");
    expect_refusal(PROGRAM("ffff", "run", "-xyz", "x"), EXIT_USAGE, "-xyz");
    expect_refusal(PROGRAM("ffff", "run", "x", "--workers"), EXIT_USAGE, "--workers");
    expect_refusal(PROGRAM("ffff", "generate", "1", "--json"), EXIT_USAGE, "--json");
    expect_refusal(PROGRAM("ffff", "generate", "1", "--seed"), EXIT_USAGE, "--seed");
}

Test(cli, refuses_values_that_make_no_sense)
{
    static const char *const refused[][2] = {
        {"--db-latency", "50"},   {"--db-latency", "-1us"}, {"--db-latency", "11s"},
        {"--db-latency", ""},     {"--workers", "0"},       {"--workers", "4097"},
        {"--workers", "-1"},      {"--workers", "two"},     {"--request", "0"},
        {"--request", "1000001"}, {"--request", "1e3"},     {"--repeat", "0"},
        {"--repeat", "1.5"},      {"--queue", "0"},         {"--queue", "1000001"},
        {"--max-line", "0"},      {"--max-line", "2GiB"},   {"--max-line", "1MB"},
        {"--max-threads", "0"},   {"--max-threads", "-4"},  {"--max-memory", "0"},
        {"--max-memory", "much"}, {"--db", "mysql:x"},      {"--db", "sqlite:"},
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        expect_refusal(PROGRAM("ffff", "run", "x", refused[i][0], refused[i][1]), EXIT_USAGE,
                       refused[i][0] + 2);
    expect_refusal(PROGRAM("ffff", "generate", "many"), EXIT_USAGE, "how many");
    expect_refusal(PROGRAM("ffff", "generate", "-1"), EXIT_USAGE, "-1");
    expect_refusal(PROGRAM("ffff", "generate", "1", "--seed", "-1"), EXIT_USAGE, "seed");
    expect_refusal(PROGRAM("ffff", "generate", "1", "--seed", "18446744073709551616"), EXIT_USAGE,
                   "seed");
}

Test(cli, cannot_repeat_standard_input)
{
    expect_refusal(PROGRAM("ffff", "run", "-", "--repeat", "2"), EXIT_USAGE, "standard input");
}

/* The counts so far, which are none, are still printed. */
static void expect_unreadable(const char *code, const char *path, const char *reason)
{
    struct program_result result = PROGRAM(code, "run", path, "--json");
    cr_expect_eq(result.exit_status, 1);
    cr_expect_not_null(strstr(result.error, path), "%s", result.error);
    cr_expect_not_null(strstr(result.error, reason), "%s", result.error);
    cJSON *json = program_json(&result);
    cr_expect_float_eq(program_number(json, "accepted"), 0, 0);
    cr_expect_not_null(strstr(program_string(json, "error"), reason));
    cJSON_Delete(json);
    program_result_free(&result);
}

Test(cli, says_which_file_cannot_be_read_and_why)
{
    static const char *const codes[] = {"nnnn", "ffff"};
    for (int i = 0; i < 2; i++) {
        expect_unreadable(codes[i], "/nonexistent/records", "No such file");
        expect_unreadable(codes[i], "/tmp", "Is a directory");
        expect_unreadable(codes[i], "/proc/self/mem", "Input/output error");
        expect_unreadable(codes[i], "/etc/passwd/x", "Not a directory");
    }
}

Test(cli, is_content_with_an_empty_file)
{
    expect_output(PROGRAM("nnnn", "run", "/dev/null"), "accepted                          0");
    expect_output(PROGRAM("ffff", "run", "/dev/null", "--strict"),
                  "accepted                          0");
}

Test(cli, is_strict_if_it_is_told_to_be)
{
    static const char good[] = "{\"id\":1,\"name\":\"x\",\"tags\":[\"a\"],\"ts\":1}\n";
    static const char bad[] = "{}\n{\"id\":1,\"name\":\"x\",\"tags\":[\"a\"],\"ts\":1}\n";
    const char *good_path = program_file(good, sizeof good - 1);
    const char *bad_path = program_file(bad, sizeof bad - 1);
    const struct {
        const char *path, *option;
        int exit_status;
    } cases[] = {{good_path, "--strict", 0},
                 {good_path, "--quiet", 0},
                 {bad_path, "--strict", 1},
                 {bad_path, "--quiet", 0}};

    for (int i = 0; i < 4; i++) {
        struct program_result result = PROGRAM("ffff", "run", cases[i].path, cases[i].option);
        cr_expect_eq(result.exit_status, cases[i].exit_status, "case %d", i);
        cr_expect_not_null(strstr(result.output, "accepted                          1"));
        program_result_free(&result);
    }
}

Test(cli, shows_rejects_by_reason_with_their_first_lines)
{
    static const char lines[] = "{\"id\":0}\nx\n{\"id\":0}\n\n{\"id\":0}\n{}\n{}\n{}\n{}\n";
    const char *path = program_file(lines, sizeof lines - 1);
    expect_output(PROGRAM("nnnn", "run", path), "lines 1, 3, 5, 6, 7, ...");
    expect_output(PROGRAM("ffff", "run", path), "lines 1, 3, 5, 6, 7, ...");
    expect_output(PROGRAM("ffff", "run", path), "line 2 (byte 0)");
    expect_output(PROGRAM("ffff", "run", path), "rejected                          8");
}

Test(cli, rejects_longer_lines_than_it_is_told)
{
    static const char lines[] = "{\"id\":1,\"name\":\"x\",\"tags\":[\"a\"],\"ts\":1}\n" /* 39 */
                                "{\"id\":1,\"name\":\"xy\",\"tags\":[\"a\"],\"ts\":1}\n";
    const char *path = program_file(lines, sizeof lines - 1);
    struct program_result result = PROGRAM("ffff", "run", path, "--max-line", "39", "--json");
    cJSON *json = program_json(&result);
    cr_expect_float_eq(program_number(json, "accepted"), 1, 0);
    const cJSON *reasons = cJSON_GetObjectItemCaseSensitive(json, "rejected_by");
    cr_expect_float_eq(program_number(reasons, "too_long"), 1, 0);
    cJSON_Delete(json);
    program_result_free(&result);
}
