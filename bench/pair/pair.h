/*
 * pair.h - two commands that are compared: how each of them is run, and what is known of them.
 *
 * The sides of a pair are `before` and `after` (of a kit naive and fixed). What is measured of them
 * is appended to the model of the comparison that the pair belongs to, in sections by witness. A
 * witness is a function in a file of its own, and a row of the table in witnesses.c, which says
 * what tool it needs and what is lost without that:
 *
 *     int pair_count_blocks(struct pair *pair)
 *     {
 *         if (!pair_affords(pair, "blocks of the heap", 50, 4))
 *             return 0;                  // it has said so in the report
 *         for (unsigned side = 0; side < PAIR_SIDES; side++) {
 *             struct pair_run run;
 *             struct child_result result;
 *             pair_run_init(&run, pair, side, (const char *const[]){"valgrind", "--tool=dhat",
 * NULL}); int status = pair_run(pair, &run, &result);
 *             ... 0: it did what it does without the tool; 1: it did not, which was said; -1: the
 * end child_result_free(&result); pair_run_free(&run);
 *         }
 *         model_add_exact(&pair->comparison->model, PAIR_HEAP, &metric, before, after);
 *     }
 *
 * A witness returns 0, or -1 with the comparison's error set, which ends the comparison: of a tool
 * that does not bear the program it says so (pair_lacks()) and returns 0. Belongs to one thread,
 * and one pair at a time to a process: what a run leaves behind is looked for among its children.
 */
#ifndef PAIR_H
#define PAIR_H

#include "bench/compare/comparison.h"
#include "bench/process/child.h"
#include "bench/process/command.h"

enum { PAIR_BEFORE, PAIR_AFTER, PAIR_SIDES };

/* The sections, in the order of the report; each is a `lesson` to model_add_exact() and its like. A
 * section in which nothing was measured is not shown. */
enum pair_section {
    PAIR_LESSON, /* of a kit: its headline first */
    PAIR_TIME,
    PAIR_MEMORY,
    PAIR_SYSTEM,
    PAIR_INSTRUCTIONS,
    PAIR_HEAP,
    PAIR_LOCKS,
    PAIR_OWN,
    PAIR_SECTIONS
};

/* What the two commands' outputs have to have in common. */
enum pair_proof {
    PAIR_PROOF_OUTPUT, /* exit status and standard output */
    PAIR_PROOF_STATUS,
    PAIR_PROOF_NONE,
    PAIR_PROOF_COMMAND, /* exit status, and a command that ends with 0 over both outputs' files */
};

struct pair_side {
    const char *name;        /* "before" */
    const char *text;        /* the command as a shell would take it, for people */
    const char *const *argv; /* what is run, NULL-terminated: its words, or sh -c TEXT */
    bool is_shell;           /* it is the latter */

    /* What the proof learned of it. */
    double seconds;          /* of its first run; wall time */
    int exit_status;         /* -1: by a signal */
    int signal_number;       /* then */
    uint64_t output_bytes;   /* of standard output */
    uint64_t output_digest;  /* of the same */
    bool is_repeatable;      /* a second run printed the same, too */
    bool leaves_processes;   /* some were still there when it was over, and were ended */
    char program[PATH_SIZE]; /* the file that is run; "" of a shell's, or where it was not found */
    bool has_debug_info;     /* that file has it */
};

struct pair {
    struct comparison *comparison;
    struct pair_side side[PAIR_SIDES];
    const char *input;     /* for standard input; NULL: /dev/null */
    const char *directory; /* that they run in; NULL: where we are */
    const char *name;      /* of what was changed; the report's title. Never NULL */
    enum pair_proof proof;
    const char *judge;    /* PAIR_PROOF_COMMAND: for a shell, behind which come the two files */
    bool is_counted_only; /* times are not wanted */
    double budget_s;      /* for all: proof, times, witnesses */
    bool has_threads;     /* one of them starts some; known once instructions were counted */

    char counters[PATH_SIZE]; /* the file that FASTENOUGH_COUNTERS names */
};

/* A run that is being put together: of a side, as it is or behind the words of a tool. */
struct pair_run {
    const struct pair_side *side;
    struct command command;
    struct child_job job; /* its output is captured, and so are its errors; both may be changed */
    char **environment;   /* the caller's, FASTENOUGH_COUNTERS, and the padding; owned */
    char *own[2];         /* those of it that are ours */
    bool
        is_tool_output; /* standard output is not the program's: it is not held against the proof */
};

/*
 * `tool`: words before those of the command, NULL-terminated; NULL for none. More options of the
 * tool's can be appended by command_add() as long as none of the command's words are there: so they
 * come with pair_run_seal(), which pair_run() calls where it was not. 0, or -1 with the
 * comparison's error set. For pair_run_free() either way.
 */
int pair_run_init(struct pair_run *run, struct pair *pair, unsigned side, const char *const *tool);
void pair_run_seal(struct pair_run *run);
void pair_run_pad(struct pair_run *run, unsigned padding); /* bytes more in the environment */
void pair_run_free(struct pair_run *run);

/*
 * Runs it, ends what it leaves behind, and holds exit status and output against what the proof saw.
 * 0 if they are the same; 1 if not, and pair_said() is what was different; -1 with the comparison's
 * error set after an interruption. The result is filled in either way, for child_result_free().
 */
int pair_run(struct pair *pair, struct pair_run *run, struct child_result *result);
const char *pair_said(const struct pair *pair);

/* What is left of the budget, in seconds, which may be less than nothing. */
double pair_left_s(const struct pair *pair);

/*
 * Whether there is time for `runs` of each side that are so many times as slow as without a tool.
 * If not, the report says that `what` was not measured, and what budget it would take.
 */
bool pair_affords(struct pair *pair, const char *what, double slowdown, unsigned runs);

/* Says in the report that something could not be had, why, and what is lost. */
void pair_lacks(struct pair *pair, const char *what, const char *lost, const char *why, ...)
    __attribute__((format(printf, 4, 5)));

/*
 * A count that was taken twice on each side: exact where both agree; where they do not, the row is
 * of single measurements, and its condition says both values of each side.
 */
void pair_add_count(struct pair *pair, enum pair_section section, const struct quantity *what,
                    const double before[2], const double after[2]);

/* All witnesses that the machine has the tools for (witnesses.c). 0, or -1. */
int pair_witness(struct pair *pair);

#endif
