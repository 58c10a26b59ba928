/* json.c - the result as JSON: the members that were promised, and that they fit together. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/system/program.h"

static const char *const numbers[] = {
    "accepted",
    "rejected",
    "score_sum",
    "records_per_s",
    "mb_per_s",
    "ns_per_record",
    "peak_rss_kb",
    "threads_alive",
    "allocations",
    "allocated_bytes",
    "sorts",
    "comparisons",
    "round_trips",
    "requests",
    "bytes",
    "elapsed_ns",
    "threads_started",
    "stack_mapped_bytes",
    "stack_resident_bytes",
};
static const char *const lock_numbers[] = {"acquisitions", "contended", "wait_ns", "hold_ns",
                                           "hold_ns_max"};

/* A run over 2000 records in two requests, as JSON, to be deleted. */
static cJSON *run(const char *code)
{
    struct program_result result =
        PROGRAM(code, "run", program_records(2000), "--json", "--workers", "3");
    cr_assert_eq(result.exit_status, 0, "%s", result.error);
    cr_expect_str_empty(result.error, "no progress where there is no terminal");
    cJSON *json = program_json(&result);
    program_result_free(&result);
    return json;
}

static double member_sum(const cJSON *object)
{
    const cJSON *member;
    double sum = 0;
    cJSON_ArrayForEach (member, object)
        sum += member->valuedouble;
    return sum;
}

TestSuite(json, .fini = program_remove_files);

Test(json, has_all_members)
{
    for (int i = 0; i < 16; i++) {
        cJSON *json = run(program_codes[i]);
        cr_expect_str_eq(program_string(json, "variant"), program_codes[i]);
        cr_expect_eq(strspn(program_string(json, "digest"), "0123456789abcdef"), 16);
        cr_expect_eq(strlen(program_string(json, "digest")), 16);
        for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
            cr_expect_geq(program_number(json, numbers[n]), 0, "%s", numbers[n]);
        const cJSON *lock = cJSON_GetObjectItemCaseSensitive(json, "lock");
        for (size_t n = 0; n < sizeof lock_numbers / sizeof *lock_numbers; n++)
            cr_expect_geq(program_number(lock, lock_numbers[n]), 0, "%s", lock_numbers[n]);
        cr_expect(cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(json, "interrupted")));
        cr_expect_null(cJSON_GetObjectItemCaseSensitive(json, "error"));
        cJSON_Delete(json);
    }
}

Test(json, has_numbers_that_fit_together)
{
    size_t length;
    free(program_read_file(program_records(2000), &length));
    cJSON *json = run("ffff");
    double seconds = program_number(json, "elapsed_ns") / 1e9;

    cr_expect_float_eq(program_number(json, "bytes"), (double)length, 0);
    cr_expect_float_eq(program_number(json, "requests"), 2, 0);
    cr_expect_float_eq(program_number(json, "records_per_s") * seconds, 2000, 0.01);
    cr_expect_float_eq(program_number(json, "ns_per_record") * 2000, seconds * 1e9, 1);
    cr_expect_float_eq(program_number(json, "mb_per_s") * seconds * 1e6, (double)length, 1);
    cr_expect_gt(program_number(json, "peak_rss_kb"), 100);
    cr_expect_float_eq(program_number(json, "threads_started"), 3, 0);
    cr_expect_float_eq(member_sum(cJSON_GetObjectItemCaseSensitive(json, "rejected_by")), 9, 0);
    cJSON_Delete(json);
}

/* Lines 1000 and 2000 are cut in half; the other rejects have no name. */
Test(json, says_which_lines_were_rejected_and_why)
{
    cJSON *json = run("nnnn");
    const cJSON *reasons = cJSON_GetObjectItemCaseSensitive(json, "rejected_by");
    const cJSON *lines = cJSON_GetObjectItemCaseSensitive(json, "rejected_lines"), *line;
    unsigned cut = 0, nameless = 0;

    cr_expect_float_eq(program_number(reasons, "parse"), 2, 0);
    cr_expect_float_eq(program_number(reasons, "name"), 7, 0);
    cJSON_ArrayForEach (line, lines) {
        double number = program_number(line, "line");
        if (strcmp(program_string(line, "reason"), "parse") == 0) {
            cr_expect_float_eq(fmod(number, 1000), 0, 0);
            cr_expect_gt(program_number(line, "byte"), 50);
            cut++;
        } else {
            cr_expect_str_eq(program_string(line, "reason"), "name");
            nameless++;
        }
    }
    cr_expect_eq(cut, 2);
    cr_expect_eq(nameless, 5, "the first five of seven");
    cJSON_Delete(json);
}

/* The four problems, as they show in the result of a whole run, in each of the sixteen builds. */
Test(json, shows_each_problem_where_it_is_in_the_build)
{
    for (int i = 0; i < 16; i++) {
        const char *code = program_codes[i];
        cJSON *json = run(code);
        const cJSON *work = cJSON_GetObjectItemCaseSensitive(json, "work");
        const cJSON *lock = cJSON_GetObjectItemCaseSensitive(json, "lock");
        const cJSON *inside = cJSON_GetObjectItemCaseSensitive(lock, "inside");
        double accepted = program_number(json, "accepted");

        if (code[0] == 'n')
            cr_expect_gt(program_number(work, "allocations"), 10 * accepted, "%s: key", code);
        else
            cr_expect_lt(program_number(work, "allocations"), 3 * accepted, "%s: key", code);
        if (code[1] == 'n')
            cr_expect_float_eq(program_number(work, "sorts"), 2 * accepted, 0, "%s: sort", code);
        else
            cr_expect_lt(program_number(work, "sorts"), accepted, "%s: sort", code);
        if (code[2] == 'n')
            cr_expect_float_eq(program_number(inside, "comparisons"),
                               program_number(work, "comparisons"), 0, "%s: store", code);
        else
            cr_expect_float_eq(program_number(inside, "comparisons"), 0, 0, "%s: store", code);
        cr_expect_float_eq(program_number(json, "threads_alive"), code[3] == 'n' ? 7 : 1, 0,
                           "%s: workers, two requests of three threads", code);
        cr_expect_eq(program_number(json, "stack_mapped_bytes") > 0, code[3] == 'n', "%s", code);
        cJSON_Delete(json);
    }
}

/* Exact on each run: what is counted does not depend on what else the machine does. */
Test(json, has_counts_that_are_the_same_each_time)
{
    static const char *const exact[] = {"allocations", "allocated_bytes", "sort_calls",
                                        "sorts",       "comparisons",     "round_trips"};
    static const char *const codes[] = {"nnnf", "ffff"};
    for (int c = 0; c < 2; c++) {
        cJSON *runs[2];
        for (int i = 0; i < 2; i++) {
            struct program_result result =
                PROGRAM(codes[c], "run", program_records(2000), "--json", "--workers", "1");
            runs[i] = program_json(&result);
            program_result_free(&result);
        }
        for (size_t n = 0; n < sizeof exact / sizeof *exact; n++)
            cr_expect_float_eq(
                program_number(cJSON_GetObjectItemCaseSensitive(runs[0], "work"), exact[n]),
                program_number(cJSON_GetObjectItemCaseSensitive(runs[1], "work"), exact[n]), 0,
                "%s: %s", codes[c], exact[n]);
        cJSON_Delete(runs[0]);
        cJSON_Delete(runs[1]);
    }
}
