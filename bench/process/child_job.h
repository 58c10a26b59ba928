/* child_job.h - what child.h runs, and what came of it. */
#ifndef CHILD_JOB_H
#define CHILD_JOB_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What becomes of what a child writes to standard output or standard error. */
enum child_sink {
    CHILD_DISCARD, /* to /dev/null */
    CHILD_CAPTURE, /* into the result, up to a limit; what is beyond it is read and dropped */
    CHILD_TO_FILE, /* into a file, which is made or emptied first */
};

struct child_stream {
    enum child_sink sink;
    const char *path;   /* CHILD_TO_FILE; not touched by the job's directory */
    size_t limit_bytes; /* CHILD_CAPTURE; 0 for the default of 64 MiB */
    /* CHILD_CAPTURE: all of it, what is beyond the limit too, goes into the result's digest; and
     * the pipe is as deep as the kernel lets it be, so that a writer seldom waits for us. */
    bool is_digested;
};

/* What to run. The caller owns all of it, and keeps it until the run is over. */
struct child_job {
    const char *label;       /* for child_describe(): "callgrind on nnnn"; NULL for the program */
    const char *const *argv; /* NULL-terminated; argv[0] is searched for in the caller's PATH */
    /* "NAME=value", NULL-terminated; NULL for nothing but the caller's PATH. */
    const char *const *environment;
    const char
        *directory; /* to run in (a relative argv[0] with a slash starts there); NULL: here */
    const char *input; /* a file for standard input, not touched by the directory; NULL: /dev/null */
    struct child_stream output, errors;
    bool is_without_aslr; /* no address randomisation, as with setarch -R: counts then repeat */
    uint64_t timeout_ms;  /* 0 for none */
    uint64_t grace_ms;    /* from SIGTERM to SIGKILL; 0 for the default of 2000 */
};

enum child_end {
    CHILD_NOT_RUN,     /* not begun, because of an interruption */
    CHILD_NOT_STARTED, /* could not be; start_errno and start_step say why */
    CHILD_EXITED,      /* by itself, with exit_status */
    CHILD_SIGNALLED,   /* by signal_number, which was not ours */
    CHILD_TIMED_OUT,   /* ended by us after timeout_ms */
    CHILD_INTERRUPTED, /* ended by us, because of an interruption */
};

struct child_result {
    enum child_end end;
    int exit_status;        /* CHILD_EXITED: 0 to 255 */
    int signal_number;      /* CHILD_SIGNALLED */
    int start_errno;        /* CHILD_NOT_STARTED */
    const char *start_step; /* CHILD_NOT_STARTED: what failed: "exec", or a path of the job's */
    bool is_interrupted;    /* CHILD_NOT_RUN or CHILD_INTERRUPTED */
    bool is_aslr_refused;   /* is_without_aslr was asked for; it ran with it, as some containers
                               demand */

    uint64_t wall_ns; /* from just before fork() to the news of its exit: start-up included */
    uint64_t user_ns, sys_ns; /* CPU time of the child and of those children that it waited for */
    /*
     * The most memory that was resident. The kernel counts the moment between fork() and exec in,
     * when the child is as large as the caller: only what exceeds rss_floor_kb was measured.
     */
    uint64_t max_rss_kb;
    uint64_t rss_floor_kb;                             /* 0 where it is not known */
    uint64_t voluntary_switches, involuntary_switches; /* of context */
    uint64_t minor_faults, major_faults; /* of pages: without and with a wait for a disk */

    /* CHILD_CAPTURE, with a NUL behind the last byte; or else NULL. Owned: child_result_free(). */
    char *output, *errors;
    size_t output_length, errors_length;
    bool is_output_cut, is_errors_cut; /* more was written than the limit (or than memory) */
    uint64_t output_bytes, output_digest; /* of all that was written, where it is_digested */
};

#endif
