/*
 * guard.c - lesson 4 seen from outside: threads that pile up with the requests, and the guard that
 * stops them before the machine does.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/system/program.h"

/* What a member of the result is with 2000 records in requests of this size. */
static double member_of_run(const char *code, const char *request_records, const char *name)
{
    struct program_result result = PROGRAM(code, "run", program_records(2000), "--json",
                                           "--workers", "4", "--request", request_records);
    cr_assert_eq(result.exit_status, 0, "%s", result.error);
    cJSON *json = program_json(&result);
    double number = program_number(json, name);
    cJSON_Delete(json);
    program_result_free(&result);
    return number;
}

TestSuite(guard, .fini = program_remove_files);

Test(guard, is_needed_where_each_request_leaves_its_threads)
{
    cr_expect_float_eq(member_of_run("nnnn", "2000", "threads_alive"), 1 + 4, 0);
    cr_expect_float_eq(member_of_run("nnnn", "100", "threads_alive"), 1 + 4 * 20, 0);
    cr_expect_float_eq(member_of_run("fffn", "100", "threads_alive"), 1 + 4 * 20, 0);
    cr_expect_float_eq(member_of_run("nnnn", "100", "stack_mapped_bytes"),
                       20 * member_of_run("nnnn", "2000", "stack_mapped_bytes"), 0);
}

Test(guard, is_not_needed_by_the_pool)
{
    cr_expect_float_eq(member_of_run("ffff", "2000", "threads_alive"), 1, 0);
    cr_expect_float_eq(member_of_run("ffff", "10", "threads_alive"), 1, 0);
    cr_expect_float_eq(member_of_run("nnnf", "10", "threads_alive"), 1, 0);
    cr_expect_float_eq(member_of_run("ffff", "10", "threads_alive_max"), 1 + 4, 0);
    cr_expect_float_eq(member_of_run("ffff", "10", "stack_mapped_bytes"), 0, 0);
}

/* It stops with the counts so far, and says what was reached, why, and where that is to be read. */
static void expect_stop(const char *option, const char *value, const char *expected)
{
    static const char *const codes[] = {"nnnn", "fffn"};
    for (int i = 0; i < 2; i++) {
        struct program_result result =
            PROGRAM(codes[i], "run", program_records(2000), "--json", "--workers", "10",
                    "--request", "100", option, value);
        cr_expect_eq(result.exit_status, 1);
        cr_expect_not_null(strstr(result.error, expected), "%s", result.error);
        cr_expect_not_null(strstr(result.error, option), "%s", result.error);
        cr_expect_not_null(strstr(result.error, "naive/workers.c"), "%s", result.error);
        cJSON *json = program_json(&result);
        cr_expect_lt(program_number(json, "accepted"), 1991);
        cr_expect_not_null(strstr(program_string(json, "error"), expected));
        cJSON_Delete(json);
        program_result_free(&result);
    }
}

Test(guard, stops_at_the_cap_of_threads)
{
    expect_stop("--max-threads", "45", "45 threads");
}

Test(guard, stops_at_the_cap_of_memory)
{
    expect_stop("--max-memory", "1MiB", "1 MiB");
}

/* 45 threads are four requests and a half: the fifth goes through with the five it could get. */
Test(guard, lets_a_request_go_on_with_fewer_threads)
{
    struct program_result result =
        PROGRAM("nnnn", "run", program_records(2000), "--json", "--workers", "10", "--request",
                "100", "--max-threads", "45");
    cJSON *json = program_json(&result);
    cr_expect_float_eq(program_number(json, "requests"), 5, 0);
    cr_expect_float_eq(program_number(json, "threads_alive"), 46, 0);
    cr_expect_float_eq(program_number(json, "accepted") + program_number(json, "rejected"), 500, 0);
    cJSON_Delete(json);
    program_result_free(&result);
}

Test(guard, lets_the_pool_start_only_whole)
{
    struct program_result result = PROGRAM("ffff", "run", program_records(2000), "--json",
                                           "--workers", "10", "--max-threads", "9");
    cr_expect_eq(result.exit_status, 1);
    cr_expect_not_null(strstr(result.error, "--max-threads"), "%s", result.error);
    cJSON *json = program_json(&result);
    cr_expect_float_eq(program_number(json, "accepted"), 0, 0);
    cr_expect_float_eq(program_number(json, "threads_alive"), 1, 0);
    cJSON_Delete(json);
    program_result_free(&result);
}
