/* cpu_profile.c - run --cpu-profile: a profile of the run's own lines, or a message and a status.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/system/program.h"

TestSuite(cpu_profile, .fini = program_remove_files);

/* What is in the file once it is unzipped; to be freed. */
static char *unzip(const char *path, size_t *length)
{
    char command[256];
    char *bytes = malloc(1 << 20);

    snprintf(command, sizeof command, "gzip -dc '%s'", path);
    FILE *pipe = popen(command, "r");
    cr_assert(pipe != NULL && bytes != NULL);
    *length = fread(bytes, 1, 1 << 20, pipe);
    cr_assert_eq(pclose(pipe), 0, "%s is no gzip file", path);
    return bytes;
}

static void expect_lines(const char *code, const char *source)
{
    const char *profile = program_file("", 0);
    struct program_result result =
        PROGRAM(code, "run", program_records(10000), "--repeat", "20", "--workers", "1",
                "--request", "10000", "--quiet", "--cpu-profile", profile);
    size_t length;

    cr_assert_eq(result.exit_status, 0, "%s", result.error);
    char *bytes = unzip(profile, &length);
    cr_expect_not_null(memmem(bytes, length, source, strlen(source)), "no %s", source);
    cr_expect_not_null(memmem(bytes, length, "worker_process", 14));
    free(bytes);
    program_result_free(&result);
}

Test(cpu_profile, knows_the_sources)
{
    expect_lines("nnnn", "/naive/key.c");
    expect_lines("ffff", "/fixed/sort.c");
}

/* The thread that takes the profile is not one of the run's. */
Test(cpu_profile, is_not_among_the_threads)
{
    for (int is_naive = 0; is_naive < 2; is_naive++) {
        struct program_result result =
            PROGRAM(is_naive ? "nnnn" : "ffff", "run", program_records(500), "--json", "--quiet",
                    "--workers", "3", "--request", "500", "--cpu-profile", program_file("", 0));
        cr_assert_eq(result.exit_status, 0, "%s", result.error);
        cJSON *json = program_json(&result);
        cr_expect_float_eq(program_number(json, "threads_alive"), is_naive ? 4 : 1, 0);
        cr_expect_float_eq(program_number(json, "threads_alive_max"), 4, 0);
        cJSON_Delete(json);
        program_result_free(&result);
    }
}

static void expect_failure(const char *path, const char *reason)
{
    struct program_result result =
        PROGRAM("ffff", "run", program_records(500), "--cpu-profile", path);
    cr_expect_eq(result.exit_status, 1);
    cr_expect_not_null(strstr(result.error, "CPU profile cannot be written"), "%s", result.error);
    cr_expect_not_null(strstr(result.error, reason), "%s", result.error);
    program_result_free(&result);
}

Test(cpu_profile, that_cannot_be_written_is_no_success)
{
    expect_failure("/nowhere/profile", "No such file");
    expect_failure("/dev/full", "No space left");
    cr_expect_eq(access("/dev/full", F_OK), 0, "a device was removed");
    struct program_result result =
        PROGRAM("ffff", "run", program_records(500), "--cpu-profile", "");
    cr_expect_eq(result.exit_status, 2);
    program_result_free(&result);
}
