/* phases.h - what is done with a pair, in this order. Each 0, or -1 with the comparison's error set
 * and nothing left behind. */
#ifndef PAIR_PHASES_H
#define PAIR_PHASES_H

#include "bench/pair/own.h"
#include "bench/pair/pair.h"

/* prove.c: both do the same, as far as the proof asks; what it learns is noted in the pair, and
 * what was held equal is said in the model's subject. `own`: what the programs count by themselves.
 */
int pair_prove(struct pair *pair, struct own_keys *own);

/* time.c: times, memory, faults and context switches, of neighbours; and the programs' own counts.
 */
int pair_measure(struct pair *pair, const struct own_keys *own);

#endif
