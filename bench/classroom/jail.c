#include "bench/classroom/jail.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    OUTPUT_BYTES = 1 << 20,
    FILE_BYTES = 64 << 20,
    TASKS = 300,
    WALL_FACTOR = 4,      /* of the CPU time: the machine may be busy, a deadlock may not last */
    EXIT_BY_SIGNAL = 128, /* what bubblewrap adds to a signal's number */
};

int jail_open(struct jail *jail, const struct grading *grading, unsigned slot)
{
    jail->grading = grading;
    jail->slot = slot;
    snprintf(jail->folder, sizeof jail->folder, "%s/slot-%u", grading->folder, slot);
    snprintf(jail->out, sizeof jail->out, "%s/slot-%u/out", grading->folder, slot);
    grading_remove_tree(jail->folder);
    if (mkdir(jail->folder, 0755) != 0 || mkdir(jail->out, 0755) != 0)
        return -1;
    return sandbox_give(&grading->sandbox, slot, jail->out);
}

void jail_close(struct jail *jail)
{
    grading_remove_tree(jail->folder);
}

const char *jail_path(const struct jail *jail, const char *name, char path[JAIL_PATH_SIZE])
{
    int length = snprintf(path, JAIL_PATH_SIZE, "%s/%s", jail->folder, name);
    return length < JAIL_PATH_SIZE ? path : "";
}

/* In English, so that what compilers say can be looked through. */
static const char *const plain_environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C", NULL};

int jail_run(const struct jail *jail, const struct jail_run *run, struct child_result *result)
{
    const struct grading *grading = jail->grading;
    const struct sandbox_limits limits = {
        .cpu_s = run->cpu_s != 0 ? run->cpu_s : grading->options.cpu_s,
        .memory_bytes = run->memory_bytes,
        .file_bytes = FILE_BYTES,
        .tasks = TASKS,
    };
    const char *const readable[] = {grading->kit, grading->hidden, grading->counted, jail->folder,
                                    NULL};
    struct command command;

    sandbox_begin(&command, &grading->sandbox, jail->slot, &limits, readable, jail->out);
    command_add_all(&command, run->argv);
    struct child_job job = {
        .label = run->argv[0],
        .argv = command.argv,
        .environment = run->environment != NULL ? run->environment : plain_environment,
        .directory = jail->out,
        .output = {.sink = CHILD_CAPTURE, .limit_bytes = OUTPUT_BYTES},
        .errors = {.sink = CHILD_CAPTURE, .limit_bytes = OUTPUT_BYTES},
        .is_without_aslr = true,
        .timeout_ms = (uint64_t)WALL_FACTOR * limits.cpu_s * 1000,
        .grace_ms = 500,
    };
    return child_run(&job, result);
}

int jail_signal(const struct child_result *result)
{
    if (result->end == CHILD_SIGNALLED)
        return result->signal_number;
    if (result->end == CHILD_EXITED && result->exit_status > EXIT_BY_SIGNAL &&
        result->exit_status < EXIT_BY_SIGNAL + 65)
        return result->exit_status - EXIT_BY_SIGNAL;
    return 0;
}
