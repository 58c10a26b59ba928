/*
 * compare.h - two commands compared, from a command line to a report, as main.c of bench/compare
 * does it with lessons. Returns an exit status: those of main.c, and 3 where a headline got worse
 * and --fail-if-worse asked for it.
 */
#ifndef PAIR_COMPARE_H
#define PAIR_COMPARE_H

#include "bench/pair/options.h"

int pair_compare(int argc, char **argv);

/*
 * The same for others, without options to parse and without a report: measures into the model of
 * `comparison`, which has to be zero but for its start, its seed and its terminal, and opens its
 * results. 0, or -1 with the comparison's error set. The options have to outlive the model.
 */
int pair_measure_all(struct comparison *comparison, struct pair_options *options);

#endif
