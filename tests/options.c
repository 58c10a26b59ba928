/* options.c - the command line: what is taken, and that nothing else is. */
#include "common/command/options.h"

#include <criterion/criterion.h>
#include <getopt.h>
#include <string.h>

#include "common/quantity.h"

Test(options, reads_numbers_within_their_range)
{
    static const char *const refused[] = {"",    "-1",  "+1",
                                          " 1",  "1 ",  "1x",
                                          "0x1", "1.0", "1e3",
                                          "0",   "101", "18446744073709551616",
                                          "a",   "--",  "99999999999999999999"};
    uint64_t number;
    cr_expect_eq(quantity_read(QUANTITY_NUMBER, "1", 1, 100, &number), 0);
    cr_expect_eq(number, 1);
    cr_expect_eq(quantity_read(QUANTITY_NUMBER, "100", 1, 100, &number), 0);
    cr_expect_eq(number, 100);
    cr_expect_eq(quantity_read(QUANTITY_NUMBER, "007", 1, 100, &number), 0);
    cr_expect_eq(number, 7);
    cr_expect_eq(quantity_read(QUANTITY_NUMBER, "18446744073709551615", 0, UINT64_MAX, &number), 0);
    cr_expect_eq(number, UINT64_MAX);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        cr_expect_eq(quantity_read(QUANTITY_NUMBER, refused[i], 1, 100, &number), -1, "'%s'",
                     refused[i]);
}

Test(options, reads_durations)
{
    static const struct {
        const char *text;
        uint64_t ns;
    } taken[] = {
        {"0", 0},         {"0us", 0},         {"1ns", 1},           {"50us", 50000},
        {"2ms", 2000000}, {"1s", 1000000000}, {"10s", 10000000000},
    };
    static const char *const refused[] = {"",
                                          "50",
                                          "us",
                                          "50 us",
                                          "-50us",
                                          "50US",
                                          "1.5ms",
                                          "50usx",
                                          "1m",
                                          "0x",
                                          "18446744073709551615s",
                                          "18446744073709551616ns"};
    uint64_t ns;
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        cr_expect_eq(quantity_read(QUANTITY_DURATION, taken[i].text, 0, UINT64_MAX, &ns), 0, "%s",
                     taken[i].text);
        cr_expect_eq(ns, taken[i].ns, "%s", taken[i].text);
    }
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        cr_expect_eq(quantity_read(QUANTITY_DURATION, refused[i], 0, UINT64_MAX, &ns), -1, "'%s'",
                     refused[i]);
}

Test(options, reads_sizes)
{
    static const struct {
        const char *text;
        size_t bytes;
    } taken[] = {
        {"0", 0},         {"1", 1},          {"4096", 4096},
        {"64KiB", 65536}, {"1MiB", 1 << 20}, {"2GiB", (size_t)2 << 30},
    };
    static const char *const refused[] = {"",
                                          "KiB",
                                          "1KB",
                                          "1kib",
                                          "1 MiB",
                                          "-1",
                                          "1.5GiB",
                                          "17179869184GiB",
                                          "99999999999999999999"};
    uint64_t bytes;
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        cr_expect_eq(quantity_read(QUANTITY_SIZE, taken[i].text, 0, UINT64_MAX, &bytes), 0, "%s",
                     taken[i].text);
        cr_expect_eq(bytes, taken[i].bytes, "%s", taken[i].text);
    }
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        cr_expect_eq(quantity_read(QUANTITY_SIZE, refused[i], 0, UINT64_MAX, &bytes), -1, "'%s'",
                     refused[i]);
}

/* Parses a command line, which may be done several times in a test. */
static int parse_run(struct run_options *options, int argc, const char *const *argv)
{
    char *copies[32];
    for (int i = 0; i < argc; i++)
        copies[i] = (char *)argv[i];
    copies[argc] = NULL;
    optind = 0; /* glibc: start anew */
    return options_parse_run(argc, copies, options);
}

#define PARSE_RUN(options, ...)                                                                    \
    parse_run(options, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *),                \
              (const char *const[]){__VA_ARGS__})

Test(options, has_defaults)
{
    struct run_options options;
    cr_assert_eq(PARSE_RUN(&options, "run", "file"), 0);
    cr_expect_str_eq(options.path, "file");
    cr_expect_eq(options.database.latency_ns, 0);
    cr_expect_null(options.database.sqlite_path);
    cr_expect_eq(options.workers.thread_count, 0);
    cr_expect_eq(options.request_records, 1000);
    cr_expect_eq(options.repeat_count, 1);
    cr_expect_eq(options.line_length_max, 1 << 20);
    cr_expect_eq(options.limits.threads_max, 4000);
    cr_expect_eq(options.limits.bytes_max, (size_t)2 << 30);
    cr_expect_not(options.is_json || options.is_strict || options.is_quiet);
}

Test(options, takes_all_of_them_in_any_order)
{
    struct run_options options;
    cr_assert_eq(PARSE_RUN(&options, "run", "--json", "--db-latency", "50us", "file", "--workers=3",
                           "--request", "7", "--queue=9", "--repeat", "2", "--max-line", "64KiB",
                           "--max-threads", "5", "--max-memory=1GiB", "--strict", "--quiet"),
                 0);
    cr_expect_str_eq(options.path, "file");
    cr_expect_eq(options.database.latency_ns, 50000);
    cr_expect_eq(options.workers.wait_ns, 50000, "the pool's size depends on it");
    cr_expect_eq(options.workers.thread_count, 3);
    cr_expect_eq(options.workers.queue_count, 9);
    cr_expect_eq(options.request_records, 7);
    cr_expect_eq(options.repeat_count, 2);
    cr_expect_eq(options.line_length_max, 65536);
    cr_expect_eq(options.limits.threads_max, 5);
    cr_expect_eq(options.limits.bytes_max, (size_t)1 << 30);
    cr_expect(options.is_json && options.is_strict && options.is_quiet);
}

Test(options, takes_a_dash_for_a_file_and_names_behind_two_dashes)
{
    struct run_options options;
    cr_assert_eq(PARSE_RUN(&options, "run", "-"), 0);
    cr_expect_str_eq(options.path, "-");
    cr_assert_eq(PARSE_RUN(&options, "run", "--", "--json"), 0);
    cr_expect_str_eq(options.path, "--json");
    cr_expect_not(options.is_json);
}

Test(options, of_generate)
{
    struct generate_options options;
    char *defaults[] = {"generate", "5", NULL};
    char *seeded[] = {"generate", "0", "--seed", "18446744073709551615", NULL};

    cr_assert_eq(options_parse_generate(2, defaults, &options), 0);
    cr_expect_eq(options.count, 5);
    cr_expect_eq(options.seed, 1);
    optind = 0;
    cr_assert_eq(options_parse_generate(4, seeded, &options), 0);
    cr_expect_eq(options.count, 0);
    cr_expect_eq(options.seed, UINT64_MAX);
}
