/*
 * programs.h - runs the built programs: alone, or under one of Valgrind's tools.
 *
 * Each run is a fresh process in an environment that holds nothing but what is named here, because
 * what the caller happens to have exported would move the counts.
 */
#ifndef PROGRAMS_H
#define PROGRAMS_H

#include "bench/compare/comparison.h"
#include "bench/process/child.h"
#include "bench/process/command.h"
#include "bench/readers/rundoc.h"

/* How a build is run over an input. 0 leaves an option at the program's default. */
struct run_setup {
    const struct input_file *input;
    unsigned workers;
    unsigned request_records;
    unsigned repeat;
    unsigned latency_us;
    const char *database;    /* "sqlite:FILE"; NULL: simulated */
    const char *cpu_profile; /* a file that it goes to; NULL: none */
    unsigned layout;         /* which link order (layouts.h), from 1; 0: the program as it is */
    unsigned padding;        /* bytes more in the environment, below RUN_PADDING_MAX */
};

enum { RUN_PADDING_MAX = 4096 };

/* `fastenough-<build's code> run INPUT --json ...`, appended to what the command has already. */
void command_add_run(struct command *command, const struct comparison *comparison, unsigned build,
                     const struct run_setup *setup);

/*
 * Runs a build and reads its account, which is held against the proof. 0 with *doc for
 * rundoc_free(), or -1 with the comparison's error set.
 */
int program_run(struct comparison *comparison, unsigned build, const struct run_setup *setup,
                struct rundoc *doc);

/*
 * The same, but a build that fails is an answer: 1 if it crashed, refused or took longer than
 * timeout_ms, with the comparison's error set to what it did; -1 for all that is no fault of its.
 */
int program_try(struct comparison *comparison, unsigned build, const struct run_setup *setup,
                uint64_t timeout_ms, struct rundoc *doc);

/* What a run's account comes to. */
struct outcome outcome_of(const struct rundoc *doc);
bool outcome_is_equal(const struct outcome *a, const struct outcome *b);

/*
 * A run under Valgrind: the tool's own options come first ("--tool=dhat", ...), then the run.
 * Counts need it the same each time: no address randomisation, everything bound at the start.
 */
struct valgrind_run {
    struct command command;
    char label[64];
    bool is_one_arena; /* malloc has one arena for all threads, not one for each */
};

void valgrind_run_init(struct valgrind_run *run, const struct comparison *comparison,
                       const char *tool, unsigned build);

/*
 * Runs several, as many at a time as there are CPUs (counts do not mind; `is_alone` runs them one
 * after the other). 0, or -1 with the comparison's error set.
 */
int valgrind_run_all(struct comparison *comparison, struct valgrind_run *runs, unsigned count,
                     bool is_alone);

/* Sets the comparison's error from a run that failed. Always -1. */
int program_failed(struct comparison *comparison, const struct child_job *job,
                   const struct child_result *result);

#endif
