/*
 * timeline.c - who holds the store's lock, who waits for it and who works, thread by thread, while
 * the same few records are processed by nnnn and by the build with the lock's lesson fixed.
 *
 * It is a picture and no measurement: of a few runs that with the median duration is kept, and the
 * tracing itself takes time.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/compare/programs.h"

enum { THREADS = 8, RECORDS = 64, LATENCY_US = 50, RUNS = 5, TIMEOUT_MS = 60000 };

static int copy_lines(struct comparison *comparison, const char *from, const char *to)
{
    FILE *input = fopen(from, "r"), *output = fopen(to, "w");
    char piece[1 << 12];
    unsigned lines = 0;
    int status = -1;

    if (input == NULL || output == NULL)
        goto fail;
    while (lines < RECORDS && fgets(piece, sizeof piece, input) != NULL) {
        for (const char *at = piece; *at != '\0'; at++)
            lines += *at == '\n';
        if (fputs(piece, output) < 0)
            goto fail;
    }
    status = 0;
fail:
    if (input != NULL)
        fclose(input);
    if (output != NULL && fclose(output) != 0)
        status = -1;
    return status == 0 ? 0 : comparison_fail(comparison, "cannot write %s", to);
}

/* One run, traced into `path`. */
static int trace_once(struct comparison *comparison, const char *code, const char *input,
                      const char *path, uint64_t *wall_ns)
{
    char program[PATH_SIZE + 32], variable[PATH_SIZE + 16];
    struct child_result result;
    struct command command = {.count = 0};

    snprintf(program, sizeof program, "%s/timeline-%s", comparison->programs, code);
    snprintf(variable, sizeof variable, "TIMELINE=%s", path);
    const char *const environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin", variable, NULL};
    command_add(&command, program);
    command_add(&command, "run");
    command_add(&command, input);
    command_add(&command, "--quiet");
    command_addf(&command, "--workers=%d", THREADS);
    command_addf(&command, "--request=%d", RECORDS);
    command_addf(&command, "--db-latency=%dus", LATENCY_US);
    struct child_job job = {
        .label = "the timeline of the lock",
        .argv = command.argv,
        .environment = environment,
        .output = {.sink = CHILD_DISCARD},
        .errors = {.sink = CHILD_CAPTURE},
        .timeout_ms = TIMEOUT_MS,
    };
    int status = child_run(&job, &result) == 0 ? 0 : program_failed(comparison, &job, &result);
    if (status == 0 && result.errors_length > 0) /* what had no room in the trace */
        comparison_warn(comparison, "%.*s", (int)strcspn(result.errors, "\n"), result.errors);
    *wall_ns = result.wall_ns;
    child_result_free(&result);
    return status;
}

struct traced {
    uint64_t wall_ns;
    char path[PATH_SIZE];
};

static int compare_traced(const void *a, const void *b)
{
    const struct traced *first = a, *second = b;
    return (first->wall_ns > second->wall_ns) - (first->wall_ns < second->wall_ns);
}

static int trace(struct comparison *comparison, const char *code, const char *input)
{
    struct traced runs[RUNS];
    char name[64], path[PATH_SIZE];

    for (int i = 0; i < RUNS; i++) {
        snprintf(name, sizeof name, "work/timeline.%s.%d", code, i);
        results_path(&comparison->results, name, runs[i].path);
        if (trace_once(comparison, code, input, runs[i].path, &runs[i].wall_ns) != 0)
            return -1;
    }
    qsort(runs, RUNS, sizeof *runs, compare_traced);
    snprintf(name, sizeof name, "raw/timeline.%s.json", code);
    results_path(&comparison->results, name, path);
    if (rename(runs[RUNS / 2].path, path) != 0)
        return comparison_fail(comparison, "cannot write %s: %s", path, strerror(errno));
    return 0;
}

int trace_lock(struct comparison *comparison)
{
    char program[PATH_SIZE + 32], input[PATH_SIZE], code[BUILD_CODE_SIZE];

    snprintf(program, sizeof program, "%s/timeline-%s", comparison->programs, CODE_NAIVE);
    if (access(program, X_OK) != 0) {
        comparison_warn(comparison, "%s is not there: the lock's timeline is left out", program);
        return 0;
    }
    results_path(&comparison->results, "work/timeline.ndjson", input);
    if (copy_lines(comparison, comparison->counted.path, input) != 0)
        return -1;
    int status = trace(comparison, CODE_NAIVE, input);
    for (int lesson = 0; lesson < LESSON_COUNT && status == 0; lesson++)
        if (plan_measures(&comparison->plan, lesson, LESSON_OF_LOCK)) {
            build_code(build_alone(lesson), code);
            status = trace(comparison, code, input);
        }
    return status;
}
