#define _XOPEN_SOURCE 700 /* nftw */
#include "bench/classroom/room.h"

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

void room_remove_tree(const char *path)
{
    nftw(path, remove_entry, TREE_DEPTH, FTW_DEPTH | FTW_PHYS);
}

int room_open(struct room *room, const struct session *session, unsigned slot)
{
    room->session = session;
    room->slot = slot;
    snprintf(room->folder, sizeof room->folder, "%s/slot-%u", session->folder, slot);
    snprintf(room->out, sizeof room->out, "%s/slot-%u/out", session->folder, slot);
    room_remove_tree(room->folder);
    if (mkdir(room->folder, 0755) != 0 || mkdir(room->out, 0755) != 0)
        return -1;
    return sandbox_give(&session->sandbox, slot, room->out);
}

void room_close(struct room *room)
{
    room_remove_tree(room->folder);
}

const char *room_path(const struct room *room, const char *name, char path[ROOM_PATH_SIZE])
{
    int length = snprintf(path, ROOM_PATH_SIZE, "%s/%s", room->folder, name);
    return length < ROOM_PATH_SIZE ? path : "";
}

int room_run(const struct room *room, const struct room_run *run, struct child_result *result)
{
    const struct session *session = room->session;
    const struct sandbox_limits limits = {
        .cpu_s = run->cpu_s != 0 ? run->cpu_s : session->options.cpu_s,
        .memory_bytes = run->memory_bytes,
        .file_bytes = FILE_BYTES,
        .tasks = TASKS,
    };
    const char *const readable[] = {session->kit, session->hidden, session->counted, room->folder,
                                    NULL};
    struct sandbox_command command;

    sandbox_begin(&command, &session->sandbox, room->slot, &limits, readable, room->out);
    for (const char *const *argument = run->argv; *argument != NULL; argument++)
        sandbox_add(&command, *argument);
    struct child_job job = {
        .label = run->argv[0],
        .argv = command.argv,
        .environment = run->environment,
        .directory = room->out,
        .output = {.sink = CHILD_CAPTURE, .limit_bytes = OUTPUT_BYTES},
        .errors = {.sink = CHILD_CAPTURE, .limit_bytes = OUTPUT_BYTES},
        .is_without_aslr = true,
        .timeout_ms = (uint64_t)WALL_FACTOR * limits.cpu_s * 1000,
        .grace_ms = 500,
    };
    return child_run(&job, result);
}

int room_signal(const struct child_result *result)
{
    if (result->end == CHILD_SIGNALLED)
        return result->signal_number;
    if (result->end == CHILD_EXITED && result->exit_status > EXIT_BY_SIGNAL &&
        result->exit_status < EXIT_BY_SIGNAL + 65)
        return result->exit_status - EXIT_BY_SIGNAL;
    return 0;
}
