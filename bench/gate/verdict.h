/*
 * verdict.h - whether counts got worse than a baseline's by more than a limit.
 *
 * Only counts that are the same on each run are looked at, never a time. Less is better for all of
 * them. Not thread-safe.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include <stdio.h>

#include "bench/model/model.h"

/* What instructions are allowed where libc, Valgrind or the CPU differ. */
#define GATE_OTHER_MACHINE_LIMIT 0.10

struct gate_verdict {
    unsigned compared, worse, better;
    unsigned lacking; /* measured here, and not in the baseline: they could get worse unseen */
    unsigned skipped; /* others that only one of them has, or that are not to be compared */
    /* and the baseline's counts of instructions, where another compiler or other flags made it */
    unsigned of_compiler;
};

/*
 * "2%", "0.5%" or "0.02": as a share, 0 to 10, and without the % at most 1, as 2 is hardly meant to
 * be 200%. 0, or -1 if it is none.
 */
int gate_parse_limit(const char *text, double *limit);

/*
 * Sets the model's counts beside the baseline's, and says on `file` which got worse by more than
 * `limit` (a share), what the baseline lacks, and what could not be compared and why, after
 * base_compare(). 0, or -1 if memory ran out.
 */
int gate_judge(FILE *file, const struct model *model, const struct model *baseline, double limit,
               struct gate_verdict *verdict);

#endif
