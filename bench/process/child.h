/*
 * child.h - runs other programs to their ends: one, or many of which some run at a time.
 *
 * Each child leads a session and a process group of its own, without a terminal, which ends with it: on its exit, after its timeout
 * and on an interruption (child_interrupt) whatever is left of the group is killed, and it is
 * killed by the kernel if the caller's thread dies. A child gets /dev/null as its standard input, or a
 * file, no other descriptors of the caller's, default signal handling, only the environment it is given,
 * at most 4096 open files unless it raises that, and leaves no core file.
 *
 * fork() and exec rather than posix_spawn(): that cannot switch address randomisation off, nor tell
 * which of its steps failed. Nothing but system calls is made between the two, so that it is safe
 * in a process with threads. Needs Linux 5.3 or later (pidfd_open); descriptors that the caller
 * left open without CLOEXEC are closed from 5.11 on.
 *
 * Thread-safe. The caller must not wait for any child process (-1) elsewhere in the meantime, and
 * must not ignore SIGCHLD.
 */
#ifndef CHILD_H
#define CHILD_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/process/child_job.h"

/* Called in the caller's thread whenever a job is over; `index` is the job's. */
typedef void child_done(void *context, size_t index, const struct child_result *result);

/*
 * Runs a job and waits for its end. 0 if it exited with status 0; or else -1, and
 * child_describe() says why. The result is filled in either way and has to be freed.
 */
int child_run(const struct child_job *job, struct child_result *result);

/*
 * Runs `count` jobs, up to `parallel_count` (at least 1) at a time, in their order. on_done may be
 * NULL. results has room for `count`; all are filled in, and each has to be freed. 0 if all exited
 * with status 0, -1 if not. A failure does not stop the other jobs; an interruption does.
 */
int child_run_all(const struct child_job *jobs, size_t count, size_t parallel_count,
                  child_done *on_done, void *context, struct child_result *results);

void child_result_free(struct child_result *result);

/*
 * Writes one sentence without a full stop into `text`, which is cut to `size`: "callgrind on nnnn
 * was killed by signal 9 (Killed)". Where errors were captured they are part of it, from their
 * beginning, in one line; of more than 900 bytes the beginning and the end.
 */
void child_describe(const struct child_job *job, const struct child_result *result, char *text,
                    size_t size);

/*
 * Ends all runs, in all threads, and those that would come after, until child_interrupt_clear().
 * Async-signal-safe: made to be called by a handler of SIGINT and SIGTERM.
 */
void child_interrupt(void);
bool child_is_interrupted(void);
void child_interrupt_clear(void);

#endif
