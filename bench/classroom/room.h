/*
 * room.h - the folder of one trial, and the programs that are run in it, in the sandbox.
 *
 * The folder has the source (read-only for the submission) and `out`, the one place that may be
 * written to. Belongs to one thread.
 */
#ifndef ROOM_H
#define ROOM_H

#include "bench/classroom/session.h"
#include "bench/process/child.h"

enum { ROOM_PATH_SIZE = SESSION_PATH_SIZE + 96 };

struct room {
    const struct session *session;
    unsigned slot;
    char folder[ROOM_PATH_SIZE];
    char out[ROOM_PATH_SIZE];
};

/* What a program gets. */
struct room_run {
    const char *const *argv;
    const char *const *environment;
    unsigned cpu_s;        /* 0: the session's */
    uint64_t memory_bytes; /* of address space; 0: no limit */
};

/* Makes the folder, empty. 0, or -1 with errno set. */
int room_open(struct room *room, const struct session *session, unsigned slot);
void room_close(struct room *room);

/* A path in the folder. Returns `path`. */
const char *room_path(const struct room *room, const char *name, char path[ROOM_PATH_SIZE]);

/* Runs, and keeps both outputs up to a megabyte. As child_run(), with a result to be freed. */
int room_run(const struct room *room, const struct room_run *run, struct child_result *result);

/* The signal that ended the program itself, through whatever it was run by; 0 for none. */
int room_signal(const struct child_result *result);

/* Removes a folder with all that is in it. */
void room_remove_tree(const char *path);

#endif
