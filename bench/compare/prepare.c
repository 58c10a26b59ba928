/* prepare.c - the inputs: generated from the seed, or cut from the user's file. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/compare/comparison.h"
#include "bench/compare/programs.h"
#include "bench/process/child.h"

static int generate(struct comparison *comparison, struct input_file *file, const char *name,
                    uint64_t records)
{
    struct command command = {.count = 0};
    struct child_result result;

    results_path(&comparison->results, name, file->path);
    file->records = records;
    command_addf(&command, "%s/fastenough-%s", comparison->programs, CODE_FIXED);
    command_add(&command, "generate");
    command_addf(&command, "%llu", (unsigned long long)records);
    command_addf(&command, "--seed=%llu", (unsigned long long)comparison->seed);
    struct child_job job = {
        .label = "fastenough generate",
        .argv = command.argv,
        .output = {.sink = CHILD_TO_FILE, .path = file->path},
        .errors = {.sink = CHILD_CAPTURE},
    };
    int status = child_run(&job, &result);
    if (status != 0)
        program_failed(comparison, &job, &result);
    child_result_free(&result);
    return status;
}

/* Whether there is a line left that is not blank. */
static bool has_record(FILE *file)
{
    int byte;
    while ((byte = getc(file)) != EOF)
        if (strchr(" \t\r\n", byte) == NULL)
            return true;
    return false;
}

/* Copies the first lines of the user's file, blank ones left out, up to `records` of them. */
static int cut(struct comparison *comparison, struct input_file *file, const char *name,
               uint64_t records)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    int status = -1;
    struct stat about;
    FILE *from = NULL, *to = NULL;

    results_path(&comparison->results, name, file->path);
    file->records = 0;
    if (stat(comparison->user_input, &about) == 0 && !S_ISREG(about.st_mode)) {
        comparison_fail(comparison,
                        "%s is no regular file. It is read more than once, so that a pipe has to "
                        "be saved first: ... > records.ndjson",
                        comparison->user_input);
        goto done;
    }
    from = fopen(comparison->user_input, "r");
    if (from == NULL) {
        comparison_fail(comparison, "cannot read %s: %s", comparison->user_input, strerror(errno));
        goto done;
    }
    to = fopen(file->path, "w");
    if (to == NULL) {
        comparison_fail(comparison, "cannot write %s: %s", file->path, strerror(errno));
        goto done;
    }
    while (file->records < records && (length = getline(&line, &size, from)) > 0) {
        if (strspn(line, " \t\r\n") == (size_t)length)
            continue;
        const char *start = strncmp(line, "\xef\xbb\xbf", 3) == 0 ? line + 3 : line; /* a BOM */
        if (file->records == 0 && start[strspn(start, " \t\r\n")] == '[') {
            comparison_fail(
                comparison,
                "%s is a JSON array. A comparison needs a record a line, so that it can "
                "take parts of it: jq -c '.[]' %s > records.ndjson",
                comparison->user_input, comparison->user_input);
            goto done;
        }
        fwrite(line, 1, (size_t)length, to);
        if (line[length - 1] != '\n')
            fputc('\n', to);
        file->records++;
    }
    if (ferror(from) || file->records == 0) {
        comparison_fail(comparison, "%s: %s", comparison->user_input,
                        ferror(from) ? strerror(errno) : "there is no record in it");
        goto done;
    }
    if (file == &comparison->whole && has_record(from))
        comparison_warn(comparison, "only the first %llu records of %s were used",
                        (unsigned long long)file->records, comparison->user_input);
    status = 0;

done:
    free(line);
    if (from != NULL)
        fclose(from);
    if (to != NULL && fclose(to) != 0 && status == 0)
        status = comparison_fail(comparison, "cannot write %s: %s", file->path, strerror(errno));
    return status;
}

int prepare_inputs(struct comparison *comparison)
{
    const struct plan *plan = &comparison->plan;
    const struct {
        struct input_file *file;
        const char *name;
        uint64_t records;
    } inputs[] = {
        {&comparison->whole, "work/records.ndjson", plan->records},
        {&comparison->timed, "work/timed.ndjson", plan->time_records},
        {&comparison->database, "work/database.ndjson", plan->database_records},
        {&comparison->thrice, "work/thrice.ndjson", 3 * (uint64_t)plan->count_records},
        {&comparison->counted, "work/counted.ndjson", plan->count_records},
    };
    bool is_users = comparison->user_input[0] != '\0';

    for (unsigned i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        uint64_t records = inputs[i].records;
        /* a short file of the user's own is divided in the same way */
        if (inputs[i].file == &comparison->counted && records > comparison->thrice.records / 3)
            records = comparison->thrice.records / 3;
        if (records == 0)
            return comparison_fail(comparison, "%s: a comparison needs three records at least",
                                   comparison->user_input);
        if ((is_users ? cut : generate)(comparison, inputs[i].file, inputs[i].name, records) != 0)
            return -1;
    }
    if (comparison->whole.records < 100)
        comparison_warn(comparison, "%s has only %llu records: times of so few are mostly start-up",
                        comparison->user_input, (unsigned long long)comparison->whole.records);
    return 0;
}
