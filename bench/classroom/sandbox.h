/*
 * sandbox.h - where code that nobody has read is compiled and run.
 *
 * The best that the machine has is taken; sandbox_init() tries them in this order:
 * - bubblewrap: namespaces of its own (no network, no other processes to see or to signal), a file
 *   system of /usr and what is named, read-only but for one folder, no privileges; as root also an
 *   unprivileged user for each slot;
 * - a user: without bubblewrap, as root: an unprivileged user for each slot, by setpriv. What all
 *   users may read can be read, and /tmp can be written to;
 * - limits: neither of them. It runs as whoever grades, and could do all that they can.
 * All of them: no core file, limits of CPU time, memory, file sizes and processes, an environment
 * of nothing, and no standard input. Thread-safe once it is initialised.
 */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/process/command.h"

enum sandbox_kind { SANDBOX_BUBBLEWRAP, SANDBOX_USER, SANDBOX_LIMITS };

struct sandbox {
    enum sandbox_kind kind;
    bool is_root;
    unsigned first_user;    /* the user of slot 0; another for another grading at the same time */
    bool is_blind_to_leaks; /* LeakSanitizer needs ptrace(), which is refused here */
};

struct sandbox_limits {
    unsigned cpu_s;
    uint64_t memory_bytes; /* of address space; 0: none, as sanitizers reserve terabytes */
    uint64_t file_bytes;   /* of each file */
    unsigned tasks;        /* processes and threads; only where a slot has a user of its own */
};

/* Finds out what there is. `is_forced_down`: as if there were no bubblewrap, for a test. */
void sandbox_init(struct sandbox *sandbox, bool is_forced_down);

/* "bubblewrap, as another user", and what it does not contain ("" if nothing is known). */
const char *sandbox_name(const struct sandbox *sandbox);
const char *sandbox_lacks(const struct sandbox *sandbox);

/*
 * Begins a command line: all that stands before the program's own. `readable`: NULL-terminated
 * paths that are seen read-only, at their own places; `writable`: the one folder that may be
 * written to, or NULL. The slot (0 to 63) says whose user it is; two that run at the same time
 * need different ones.
 */
void sandbox_begin(struct command *command, const struct sandbox *sandbox, unsigned slot,
                   const struct sandbox_limits *limits, const char *const *readable,
                   const char *writable);

/* Gives a folder to the slot's user. 0, or -1 with errno set. */
int sandbox_give(const struct sandbox *sandbox, unsigned slot, const char *path);

#endif
