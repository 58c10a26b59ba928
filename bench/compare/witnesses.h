/*
 * witnesses.h - what each of Valgrind's tools says of each problem, and which are blind to it.
 *
 * Each tool runs on nnnn and on the builds with one fix alone, and gives one number of each. A tool
 * whose number does not change with a fix is blind to that problem.
 */
#ifndef WITNESSES_H
#define WITNESSES_H

#include "bench/compare/comparison.h"

enum witness {
    WITNESS_MASSIF,       /* bytes of heap at the peak */
    WITNESS_MASSIF_PAGES, /* the same with pages as heap: stacks show */
    WITNESS_MEMCHECK,     /* bytes definitely lost */
    WITNESS_DRD,          /* holds of the store's lock over a millisecond */
    WITNESS_COUNT
};

/* The id, as in visibility.cells[].tool; what it is called; its number's unit. */
const char *witness_id(enum witness witness);
const char *witness_label(enum witness witness);
const char *witness_unit(enum witness witness);

/* The numbers: [witness][0] of nnnn, [witness][1 + lesson] of that lesson alone; NAN if it was not
 * run.
 */
struct witness_numbers {
    double values[WITNESS_COUNT][1 + LESSON_COUNT];
};

/* Runs them all and adds each chapter's own to its metrics. 0, or -1 with the error set. */
int hear_witnesses(struct comparison *comparison, struct witness_numbers *numbers);

#endif
