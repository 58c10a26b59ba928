/*
 * rows.c - the other half of the proof: what a build says that it wrote stands in the database.
 *
 * The digest that a build prints is its own account; a store that drops rows would be the fastest
 * of all. So each build writes into an SQLite file, over one worker and in one request, so that of
 * two rows with one key the same one stays, and the rows are read again by another program.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/compare/comparison.h"
#include "bench/compare/programs.h"

enum { ROWS_TEXT = 256, ONE_REQUEST = 1000000, READ_MS = 60000 };

/* What ffff reads of the rows that a build wrote: {"rows":..,"digest":..,"score_sum":..}. */
static int read_rows(struct comparison *comparison, unsigned build, char text[ROWS_TEXT])
{
    char path[PATH_SIZE], database[PATH_SIZE + 8], program[PATH_SIZE + 32];
    const struct run_setup setup = {.input = &comparison->counted,
                                    .workers = 1,
                                    .request_records = ONE_REQUEST,
                                    .database = database};
    const struct child_job job = {
        .argv = (const char *const[]){program, "digest", database, "--json", NULL},
        .output = {.sink = CHILD_CAPTURE},
        .errors = {.sink = CHILD_CAPTURE},
        .timeout_ms = READ_MS,
    };
    struct child_result result;
    struct rundoc doc;

    snprintf(program, sizeof program, "%s/fastenough-%s", comparison->programs, CODE_FIXED);
    snprintf(database, sizeof database, "sqlite:%s",
             results_path(&comparison->results, "work/rows.sqlite", path));
    unlink(path);
    if (program_run(comparison, build, &setup, &doc) != 0)
        return -1;
    rundoc_free(&doc);
    int status = child_run(&job, &result);
    if (status != 0)
        program_failed(comparison, &job, &result);
    else
        snprintf(text, ROWS_TEXT, "%.*s", (int)strcspn(result.output, "\n"), result.output);
    child_result_free(&result);
    return status;
}

int prove_rows(struct comparison *comparison)
{
    char naive[ROWS_TEXT], rows[ROWS_TEXT], code[BUILD_CODE_SIZE];
    unsigned builds[BUILD_COUNT], count = plan_builds(&comparison->plan, builds);

    if (read_rows(comparison, 0, naive) != 0)
        return -1;
    /* One that has a single fix comes before those that have it among others. */
    for (unsigned i = 0; i < count; i++) {
        unsigned build = builds[i];
        if (build == 0)
            continue;
        if (read_rows(comparison, build, rows) != 0)
            return -1;
        if (strcmp(rows, naive) == 0)
            continue;
        int culprit = -1;
        for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
            if (build == build_alone(lesson))
                culprit = lesson;
        build_code(build, code);
        return comparison_fail(
            comparison,
            "the builds do not write the same rows, so nothing was timed.\n"
            "  file    %s%s%s\n"
            "  rows    %s: %s; %s: %s (the first %llu records)\n"
            "Mend the file and run `make test`, which holds both trees against the specification",
            culprit >= 0 ? "fixed/" : "",
            culprit >= 0 ? lesson_id(culprit) : "a combination of fixes: ",
            culprit >= 0 ? ".c" : code, CODE_NAIVE, naive, code, rows,
            (unsigned long long)comparison->counted.records);
    }
    return 0;
}
