/*
 * rounds.h - runs several cases round by round, each time in a fresh process, and keeps what they
 * said.
 *
 * A round runs each case once, in an order drawn at random for each round, so that whatever drifts
 * on the machine (clock frequency, neighbours, caches) falls on all cases alike and cancels in the
 * ratio within the round.
 */
#ifndef ROUNDS_H
#define ROUNDS_H

#include "bench/compare/programs.h"

enum { ROUNDS_MAX = 1001, ROUNDS_CASES_MAX = 2 * BUILD_COUNT + 32, ROUNDS_FIELDS_MAX = 12 };

struct rounds_case {
    unsigned build; /* the build */
    struct run_setup setup;
    const struct command *other; /* or another program that prints a JSON object, if not NULL */
};

struct rounds {
    const struct rounds_case *cases;
    unsigned case_count;
    const char *const *fields; /* numbers of the run's JSON, by path: "lock.wait_ns" */
    unsigned field_count;
    unsigned round_count;
    double *values; /* owned; see rounds_values() */
};

/*
 * Runs them. `seed` draws the orders. 0, or -1 with the comparison's error set; either way call
 * rounds_free().
 */
int rounds_run(struct comparison *comparison, struct rounds *rounds, uint64_t seed);
void rounds_free(struct rounds *rounds);

/* The values of one field of one case: round_count of them, in the order of the rounds. */
const double *rounds_values(const struct rounds *rounds, unsigned case_index, unsigned field);

/* The index of the first case with this build, or -1. */
int rounds_find(const struct rounds *rounds, unsigned build);

#endif
