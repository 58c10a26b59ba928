/*
 * verdict.h - whether counts got worse than a baseline's by more than a limit.
 *
 * Only counts that are the same on each run are looked at, never a time. Less is better for all of
 * them. Not thread-safe.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include <cjson/cJSON.h>
#include <stdio.h>

/* What instructions are allowed where the compiler, its flags, libc, Valgrind or the CPU differ. */
#define GATE_OTHER_COMPILER_LIMIT 0.10

struct gate_verdict {
    unsigned compared, worse, better;
    unsigned skipped; /* of the baseline: not measured here, or not to be compared */
};

/*
 * "2%", "0.5%" or "0.02": as a share, 0 to 10. 0, or -1 if it is none.
 */
int gate_parse_limit(const char *text, double *limit);

/*
 * Sets the document's counts beside the baseline's, and says on `file` which got worse by more than
 * `limit` (a share), how many got better, and what could not be compared and why. `changes` is what
 * base_changes() said of the two. 0, or -1 if memory ran out.
 */
int gate_judge(FILE *file, const cJSON *document, const cJSON *baseline, const cJSON *changes,
               double limit, struct gate_verdict *verdict);

#endif
