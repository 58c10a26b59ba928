/*
 * cell.h - the folder of one trial, and the programs that are run in it, in the sandbox.
 *
 * The folder has the source (read-only for the submission) and `out`, the one place that may be
 * written to. Belongs to one thread.
 */
#ifndef CELL_H
#define CELL_H

#include "child.h"
#include "session.h"

enum { CELL_PATH_SIZE = SESSION_PATH_SIZE + 96 };

struct cell {
    const struct session *session;
    unsigned slot;
    char folder[CELL_PATH_SIZE];
    char out[CELL_PATH_SIZE];
};

/* What a program gets. */
struct cell_run {
    const char *const *argv;
    const char *const *environment;
    unsigned cpu_s;        /* 0: the session's */
    uint64_t memory_bytes; /* of address space; 0: no limit */
};

/* Makes the folder, empty. 0, or -1 with errno set. */
int cell_open(struct cell *cell, const struct session *session, unsigned slot);
void cell_close(struct cell *cell);

/* A path in the folder. Returns `path`. */
const char *cell_path(const struct cell *cell, const char *name, char path[CELL_PATH_SIZE]);

/* Runs, and keeps both outputs up to a megabyte. As child_run(), with a result to be freed. */
int cell_run(const struct cell *cell, const struct cell_run *run, struct child_result *result);

/* The signal that ended the program itself, through whatever it was run by; 0 for none. */
int cell_signal(const struct child_result *result);

/* Removes a folder with all that is in it. */
void cell_remove_tree(const char *path);

#endif
