#define _XOPEN_SOURCE 700 /* nftw */
#include "cell.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    OUTPUT_BYTES = 1 << 20,
    FILE_BYTES = 64 << 20,
    TASKS = 300,
    WALL_FACTOR = 4, /* of the CPU time: the machine may be busy, a deadlock may not last */
    TREE_DEPTH = 16,
    EXIT_BY_SIGNAL = 128, /* what bubblewrap adds to a signal's number */
};

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

void cell_remove_tree(const char *path)
{
    nftw(path, remove_entry, TREE_DEPTH, FTW_DEPTH | FTW_PHYS);
}

int cell_open(struct cell *cell, const struct session *session, unsigned slot)
{
    cell->session = session;
    cell->slot = slot;
    snprintf(cell->folder, sizeof cell->folder, "%s/slot-%u", session->folder, slot);
    snprintf(cell->out, sizeof cell->out, "%s/slot-%u/out", session->folder, slot);
    cell_remove_tree(cell->folder);
    if (mkdir(cell->folder, 0755) != 0 || mkdir(cell->out, 0755) != 0)
        return -1;
    return sandbox_give(&session->sandbox, slot, cell->out);
}

void cell_close(struct cell *cell)
{
    cell_remove_tree(cell->folder);
}

const char *cell_path(const struct cell *cell, const char *name, char path[CELL_PATH_SIZE])
{
    int length = snprintf(path, CELL_PATH_SIZE, "%s/%s", cell->folder, name);
    return length < CELL_PATH_SIZE ? path : "";
}

int cell_run(const struct cell *cell, const struct cell_run *run, struct child_result *result)
{
    const struct session *session = cell->session;
    const struct sandbox_limits limits = {
        .cpu_s = run->cpu_s != 0 ? run->cpu_s : session->options.cpu_s,
        .memory_bytes = run->memory_bytes,
        .file_bytes = FILE_BYTES,
        .tasks = TASKS,
    };
    const char *const readable[] = {session->kit, session->hidden, session->counted, cell->folder,
                                    NULL};
    struct sandbox_command command;

    sandbox_begin(&command, &session->sandbox, cell->slot, &limits, readable, cell->out);
    for (const char *const *argument = run->argv; *argument != NULL; argument++)
        sandbox_add(&command, *argument);
    struct child_job job = {
        .label = run->argv[0],
        .argv = command.argv,
        .environment = run->environment,
        .directory = cell->out,
        .output = {.sink = CHILD_CAPTURE, .limit_bytes = OUTPUT_BYTES},
        .errors = {.sink = CHILD_CAPTURE, .limit_bytes = OUTPUT_BYTES},
        .is_without_aslr = true,
        .timeout_ms = (uint64_t)WALL_FACTOR * limits.cpu_s * 1000,
        .grace_ms = 500,
    };
    return child_run(&job, result);
}

int cell_signal(const struct child_result *result)
{
    if (result->end == CHILD_SIGNALLED)
        return result->signal_number;
    if (result->end == CHILD_EXITED && result->exit_status > EXIT_BY_SIGNAL &&
        result->exit_status < EXIT_BY_SIGNAL + 65)
        return result->exit_status - EXIT_BY_SIGNAL;
    return 0;
}
