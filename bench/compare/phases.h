/*
 * phases.h - the phases of a comparison: what each needs of others, and whether a plan has it.
 *
 * A phase measures one thing (comparison.h declares them). Its row says what it needs and gives, so
 * that their order is no secret, when it is left out, and whether it announces itself: the number
 * of steps comes from there.
 */
#ifndef PHASES_H
#define PHASES_H

#include "bench/compare/comparison.h"

typedef int phase(struct comparison *comparison);

/*
 * Runs all phases that the plan has, or of these only `count` that are `chosen` (NULL: all), in the
 * order in which they stand in the table. 0, or -1 with the comparison's error set, also after an
 * interruption.
 */
int phases_run(struct comparison *comparison, phase *const *chosen, unsigned count);

#endif
