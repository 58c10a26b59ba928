#define _XOPEN_SOURCE 700 /* mkdtemp, nftw */
#include "bench/classroom/grading.h"

#include <errno.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/classroom/record_file.h"
#include "bench/process/child.h"

enum { HIDDEN_RECORDS = 500, COUNTED_RECORDS = 150, TREE_DEPTH = 16 };

__attribute__((format(printf, 3, 4))) static int fail(char *error, size_t size, const char *format,
                                                      ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error, size, format, arguments);
    va_end(arguments);
    return -1;
}

/* A copy that the slots' users can reach, wherever this project lies. */
static int copy_kit(const struct grading *grading, char *error, size_t size)
{
    const char *const argv[] = {"cp", "-RL", grading->options.kit, grading->kit, NULL};
    const char *const open_up[] = {"chmod", "-R", "a+rX", grading->folder, NULL};
    const char *const *const commands[] = {argv, open_up};

    for (int i = 0; i < 2; i++) {
        struct child_job job = {.argv = commands[i], .errors = {.sink = CHILD_CAPTURE}};
        struct child_result result;
        char text[512];
        int status = child_run(&job, &result);
        child_describe(&job, &result, text, sizeof text);
        child_result_free(&result);
        if (status != 0)
            return fail(error, size, "the programs cannot be copied to %s: %s", grading->folder,
                        text);
    }
    return 0;
}

static int write_records(struct grading *grading, char *error, size_t size)
{
    const struct grading_options *options = &grading->options;
    int status;

    snprintf(grading->hidden, sizeof grading->hidden, "%s/hidden.ndjson", grading->folder);
    snprintf(grading->counted, sizeof grading->counted, "%s/counted.ndjson", grading->folder);
    if (options->input != NULL) {
        status =
            record_file_copy(grading->hidden, options->input, HIDDEN_RECORDS, 4 * HIDDEN_RECORDS);
        if (status == 0)
            status = record_file_copy(grading->counted, options->input, COUNTED_RECORDS,
                                      COUNTED_RECORDS);
    } else {
        status = record_file_generate(grading->hidden, options->seed, HIDDEN_RECORDS, 1);
        if (status == 0)
            status = record_file_generate(grading->counted, options->seed + 1, COUNTED_RECORDS, 0);
    }
    if (status != 0)
        return fail(error, size, "the records cannot be written: %s (%s)", strerror(errno),
                    options->input != NULL ? options->input : grading->folder);
    chmod(grading->hidden, 0644);
    chmod(grading->counted, 0644);
    return 0;
}

int grading_open(struct grading *grading, const struct grading_options *options, char *error,
                 size_t error_size)
{
    const char *parent = getenv("TMPDIR");

    *grading = (struct grading){.options = *options};
    int length = snprintf(grading->folder, sizeof grading->folder, "%s/fastenough-grade-XXXXXX",
                          parent != NULL ? parent : "/tmp");
    bool is_cut = length >= (int)sizeof grading->folder;
    if (is_cut || mkdtemp(grading->folder) == NULL) {
        int reason = is_cut ? ENAMETOOLONG : errno;
        snprintf(error, error_size, "no folder can be made at %s: %s", grading->folder,
                 strerror(reason));
        grading->folder[0] = '\0';
        return -1;
    }
    sandbox_init(&grading->sandbox, options->is_without_bubblewrap);
    snprintf(grading->kit, sizeof grading->kit, "%s/kit", grading->folder);
    if (write_records(grading, error, error_size) != 0 || copy_kit(grading, error, error_size) != 0)
        return -1;
    return 0;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status;
    (void)where;
    if (type == FTW_DP || type == FTW_D || type == FTW_DNR)
        rmdir(path);
    else
        unlink(path);
    return 0;
}

void grading_remove_tree(const char *path)
{
    nftw(path, remove_entry, TREE_DEPTH, FTW_DEPTH | FTW_PHYS);
}

void grading_close(struct grading *grading)
{
    if (grading->folder[0] != '\0')
        grading_remove_tree(grading->folder);
    grading->folder[0] = '\0';
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        likeness_free(&grading->naive_code[lesson]);
        likeness_free(&grading->fixed_code[lesson]);
    }
}
