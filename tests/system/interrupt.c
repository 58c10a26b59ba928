/*
 * interrupt.c - SIGINT and SIGTERM in the middle of the work: it ends, with the counts so far.
 *
 * The signal is sent once the program is seen to be at work: its threads wait for the database, or
 * it waits for more to read. So no test depends on how long anything takes.
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/system/program.h"

enum { EXIT_INTERRUPTED = 130 };

static void pause_a_moment(void)
{
    usleep(1000);
}

/* The system call that a thread sleeps in; -1 if it does not sleep, or has ended. */
static long sleeping_in(pid_t pid, const char *thread)
{
    char path[64], text[64] = "";

    snprintf(path, sizeof path, "/proc/%d/task/%s/syscall", (int)pid, thread);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return -1;
    if (fgets(text, sizeof text, file) == NULL)
        text[0] = '\0';
    fclose(file);
    return text[0] >= '0' && text[0] <= '9' ? atol(text) : -1;
}

/* Whether a thread of its own waits for the database, so that something was handed over to it. */
static bool is_at_work(pid_t pid)
{
    char path[64];
    bool is_waiting = false;

    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *folder = opendir(path);
    cr_assert_not_null(folder, "it has ended already");
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        is_waiting = is_waiting || (entry->d_name[0] != '.' && atoi(entry->d_name) != pid &&
                                    sleeping_in(pid, entry->d_name) == SYS_clock_nanosleep);
    closedir(folder);
    return is_waiting;
}

static void wait_for_work(pid_t pid)
{
    while (!is_at_work(pid))
        pause_a_moment();
}

/* Whether the program catches SIGINT just now. */
static bool is_catching(pid_t pid)
{
    char path[64], text[4096];
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    const char *found = strstr(text, "SigCgt:");
    cr_assert_not_null(found);
    return (strtoull(found + strlen("SigCgt:"), NULL, 16) & 1ull << (SIGINT - 1)) != 0;
}

/* Until all that was written has been read, and the main thread waits for more. */
static void wait_for_reading(const struct program *program)
{
    char thread[16];
    int unread = 1;

    snprintf(thread, sizeof thread, "%d", (int)program->pid);
    for (;;) {
        cr_assert_eq(ioctl(program->input, FIONREAD, &unread), 0);
        if (unread == 0 && sleeping_in(program->pid, thread) == SYS_poll)
            return;
        pause_a_moment();
    }
}

/* 10,000 records that wait for 20 ms each, one at a time: it cannot be through before the signal.
 */
static struct program start_slow_run(const char *code, const char *format)
{
    const char *const argv[] = {code,
                                "run",
                                program_records(10000),
                                "--db-latency",
                                "20ms",
                                "--workers",
                                "1",
                                "--request",
                                "1",
                                "--queue",
                                "1",
                                format,
                                "--max-threads",
                                "100000",
                                NULL};
    return program_start(NULL, argv);
}

static void expect_interrupted(const char *code, int signal_number)
{
    struct program program = start_slow_run(code, "--json");
    wait_for_work(program.pid);
    kill(program.pid, signal_number);
    struct program_result result = program_finish(&program);
    cr_assert_eq(result.exit_status, EXIT_INTERRUPTED, "%s: exit %d, signal %d: %s", code,
                 result.exit_status, result.signal_number, result.error);
    cJSON *json = program_json(&result);
    cr_expect(cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, "interrupted")));
    cr_expect_lt(program_number(json, "accepted"), 9969);
    cr_expect_float_eq(program_number(json, "requests"),
                       program_number(json, "accepted") + program_number(json, "rejected"), 0,
                       "what was handed over was finished");
    cJSON_Delete(json);
    program_result_free(&result);
}

TestSuite(interrupt, .fini = program_remove_files);

Test(interrupt, ends_a_run_with_the_counts_so_far)
{
    expect_interrupted("nnnn", SIGINT);
    expect_interrupted("ffff", SIGINT);
    expect_interrupted("ffff", SIGTERM);
    expect_interrupted("nffn", SIGTERM);
}

Test(interrupt, is_told_in_the_text)
{
    struct program program = start_slow_run("ffff", "--quiet");
    wait_for_work(program.pid);
    kill(program.pid, SIGINT);
    struct program_result result = program_finish(&program);
    cr_expect_eq(result.exit_status, EXIT_INTERRUPTED);
    cr_expect_not_null(strstr(result.output, "interrupted: counts so far"), "%s", result.output);
    program_result_free(&result);
}

Test(interrupt, ends_it_while_it_waits_for_input)
{
    static const char line[] = "{\"id\":1,\"name\":\"x\",\"tags\":[\"a\"],\"ts\":1}\n";
    static const char *const codes[] = {"nnnn", "ffff"};
    for (int i = 0; i < 2; i++) {
        const char *const argv[] = {codes[i], "run", "-", "--json", "--request", "1", NULL};
        struct program program = program_start(NULL, argv);
        for (int n = 0; n < 3; n++)
            cr_assert_eq(write(program.input, line, sizeof line - 1), sizeof line - 1);
        wait_for_reading(&program);
        kill(program.pid, SIGINT);
        /* the pipe stays open meanwhile: it is not the end of the input that ends the run */
        int input = dup(program.input);
        struct program_result result = program_finish(&program);
        close(input);
        cr_assert_eq(result.exit_status, EXIT_INTERRUPTED, "%s", result.error);
        cJSON *json = program_json(&result);
        cr_expect_float_eq(program_number(json, "accepted"), 3, 0);
        cJSON_Delete(json);
        program_result_free(&result);
    }
}

/* The output goes nowhere, so that generate does not wait for a reader. */
Test(interrupt, ends_generate)
{
    const struct program_setup setup = {.output_path = "/dev/null"};
    const char *const argv[] = {"ffff", "generate", "9007199254740992", NULL};
    struct program program = program_start(&setup, argv);

    while (!is_catching(program.pid))
        pause_a_moment();
    kill(program.pid, SIGINT);
    struct program_result result = program_finish(&program);
    cr_expect_eq(result.exit_status, EXIT_INTERRUPTED, "%d", result.exit_status);
    program_result_free(&result);
}

/* A second signal does not wait for what was handed over: records that take 10 s each. */
Test(interrupt, ends_it_at_once_the_second_time)
{
    const char *const argv[] = {
        "ffff", "run", program_records(2000), "--db-latency", "10s", "--workers", "1", NULL};
    struct program program = program_start(NULL, argv);

    wait_for_work(program.pid);
    kill(program.pid, SIGINT);
    while (is_catching(program.pid))
        pause_a_moment(); /* once the first was taken its handler is gone */
    kill(program.pid, SIGINT);
    struct program_result result = program_finish(&program);
    cr_expect_eq(result.signal_number, SIGINT, "exit %d", result.exit_status);
    program_result_free(&result);
}
