/*
 * memory.c - memory that does not grow with the input: many records, and few but long ones.
 *
 * Not under ASan, which keeps what was freed for a while.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/system/program.h"

static double peak_kb(struct program_result result)
{
    cr_assert_eq(result.exit_status, 0, "%s", result.error);
    cJSON *json = program_json(&result);
    double kb = program_number(json, "peak_rss_kb");
    cJSON_Delete(json);
    program_result_free(&result);
    return kb;
}

TestSuite(memory_of_a_run, .fini = program_remove_files);

Test(memory_of_a_run, does_not_grow_with_the_number_of_records)
{
    const char *path = program_records(10000);
    double once = peak_kb(PROGRAM("ffff", "run", path, "--json", "--workers", "2"));
    double often =
        peak_kb(PROGRAM("ffff", "run", path, "--json", "--workers", "2", "--repeat", "30"));
    cr_expect_lt(often, once + 8192, "%.0f kB, and %.0f kB for 30 times as many", once, often);
}

/* 100 MB in lines of 500 kB, of which the workers would have a thousand in a request. */
Test(memory_of_a_run, does_not_grow_with_the_length_of_records)
{
    enum { LINES = 200, LENGTH = 500000 };
    struct program_setup setup = {.input_length = (size_t)LINES * LENGTH};
    static const char start[] = "{\"id\":1,\"tags\":[\"a\"],\"ts\":1,\"name\":\"";
    char *input = malloc(setup.input_length);

    cr_assert_not_null(input);
    memset(input, 'n', setup.input_length);
    for (char *line = input; line < input + setup.input_length; line += LENGTH) {
        memcpy(line, start, sizeof start - 1);
        memcpy(line + LENGTH - 3, "\"}\n", 3);
    }
    setup.input = input;
    double kb = peak_kb(PROGRAM_WITH(&setup, "ffff", "run", "-", "--json", "--workers", "2"));
    cr_expect_lt(kb, 64 * 1024, "%.0f kB", kb);
    free(input);
}
