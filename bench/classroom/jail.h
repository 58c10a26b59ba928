/*
 * jail.h - the folder of one trial, and the programs that are run in it, in the sandbox.
 *
 * The folder has the source (read-only for the submission) and `out`, the one place that may be
 * written to. Belongs to one thread.
 */
#ifndef JAIL_H
#define JAIL_H

#include "bench/classroom/grading.h"
#include "bench/process/child.h"

enum { JAIL_PATH_SIZE = GRADING_PATH_SIZE + 96 };

struct jail {
    const struct grading *grading;
    unsigned slot;
    char folder[JAIL_PATH_SIZE];
    char out[JAIL_PATH_SIZE];
};

/* What a program gets. */
struct jail_run {
    const char *const *argv;
    const char *const *environment; /* NULL: a plain one */
    unsigned cpu_s;                 /* 0: the grading's */
    uint64_t memory_bytes;          /* of address space; 0: no limit */
};

/* Makes the folder, empty. 0, or -1 with errno set. */
int jail_open(struct jail *jail, const struct grading *grading, unsigned slot);
void jail_close(struct jail *jail);

/* A path in the folder. Returns `path`. */
const char *jail_path(const struct jail *jail, const char *name, char path[JAIL_PATH_SIZE]);

/* Runs, and keeps both outputs up to a megabyte. As child_run(), with a result to be freed. */
int jail_run(const struct jail *jail, const struct jail_run *run, struct child_result *result);

/* The signal that ended the program itself, through whatever it was run by; 0 for none. */
int jail_signal(const struct child_result *result);

#endif
