/*
 * child_process.h - one child process, from its start to what is left of it. Part of child.c; used
 * by nothing else. Belongs to one thread.
 */
#ifndef CHILD_PROCESS_H
#define CHILD_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "bench/process/child_job.h"

/* The reading end of a captured stream. */
struct child_capture {
    int fd; /* non-blocking; -1 if the stream is not captured, or is at its end */
    char **bytes;
    size_t *length;
    bool *is_cut;
    size_t capacity, limit;
    uint64_t *count, *digest; /* of all of it; NULL: not wanted */
};

enum child_stage {
    CHILD_STAGE_RUNNING,
    CHILD_STAGE_TERMINATED, /* SIGTERM was sent */
    CHILD_STAGE_KILLED,     /* SIGKILL was sent */
};

struct child_process {
    const struct child_job *job;
    struct child_result *result;
    size_t index; /* the job's */
    pid_t pid;
    int pidfd; /* readable once the process is over */
    struct child_capture output, errors;
    uint64_t start_ns;
    uint64_t deadline_ns; /* of the next stage; 0 for none */
    enum child_stage stage;
    enum child_end ended_as; /* CHILD_EXITED until we end it, then why we did */
};

/* Starts the job; `process` points at both until its end. 0, or -1 with the result filled in. */
int child_process_start(struct child_process *process, const struct child_job *job, size_t index,
                        struct child_result *result);

/* Asks the process group to end (SIGTERM); child_process_check_time() will insist. */
void child_process_end(struct child_process *process, enum child_end ended_as, uint64_t now_ns);

/* Does what is due by now: the job's timeout, or the end of its grace. */
void child_process_check_time(struct child_process *process, uint64_t now_ns);

/* Takes what is there to be read of a captured stream. */
void child_capture_read(struct child_capture *capture);

/* After its pidfd became readable at `now_ns`: fills in the result and leaves nothing behind. */
void child_process_finish(struct child_process *process, uint64_t now_ns);

#endif
