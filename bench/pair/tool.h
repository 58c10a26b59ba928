/*
 * tool.h - runs both sides of a pair behind one tool, and reads what it wrote of each process.
 *
 * A command may start others (a shell does): Valgrind follows them, and writes a file for each
 * process, of which the largest becomes raw/NAME.out.SIDE and the next ones raw/NAME.out.SIDE.2 and
 * so on. Of a fork() without exec the child's file has in it what it inherited.
 *
 * A tool that does not bear the command (it is set-uid, has instructions that Valgrind does not
 * know, needs too long) is said to be missing, with what it said itself.
 */
#ifndef TOOL_H
#define TOOL_H

#include "bench/pair/pair.h"
#include "bench/pair/tally.h"

/* What was found in one run; a tool's own begins with it. */
struct tool_found {
    unsigned side, turn;
    unsigned process_count;
};

struct pair_tool {
    const char *name;           /* as in raw/NAME.out.before */
    const char *what, *lost;    /* for the report: what is missing without it */
    const char *const *command; /* "valgrind", "--tool=dhat", ...; NULL-terminated */
    const char *file_option;    /* "--dhat-out-file"; NULL: what is read is what the tool says */
    double slowdown;            /* how many times as slow as without it, about */
    unsigned turns;             /* of each side: TALLY_TURNS for what is counted */
    /* Adds one process's file. `weight` says which is the largest. 0, or -1 with an error text. */
    int (*read)(const char *path, struct tool_found *found, double *weight, char *error,
                size_t error_size);
};

/*
 * Runs it `turns` times on each side. found(side, turn) points to where that run's findings go. 0;
 * 1 if it could not be had, which the report says then; -1 with the comparison's error set.
 */
int tool_ask(struct pair *pair, const struct pair_tool *tool,
             struct tool_found *found[PAIR_SIDES][TALLY_TURNS]);

/* The words of Valgrind that all of its tools have behind --tool. */
#define TOOL_VALGRIND(name) "valgrind", "--tool=" name, "--vgdb=no", "--trace-children=yes"

#endif
