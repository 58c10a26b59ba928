/*
 * exact.h - all exact counts of a comparison, in one list, whichever part of it they stand in.
 *
 * Texts belong to the model, which the list cannot outlive. Not thread-safe for one list.
 */
#ifndef EXACT_H
#define EXACT_H

#include <stdbool.h>

#include "bench/model/model.h"

struct exact_count {
    const char *name, *label, *unit, *tool;
    const char *condition; /* how it was run; "" of a row of the sixteen */
    const char *build;     /* "nnnn" */
    double value;
};

struct exact_counts {
    struct exact_count *items; /* lessons first, then the builds */
    unsigned count, room;
};

/* Of a compare.json, which may lack any part. 0, or -1 if memory ran out and nothing to free. */
int exact_init(struct exact_counts *counts, const struct model *model);
void exact_free(struct exact_counts *counts);

/* The count of the same thing under the same condition in another list, or NULL. */
const struct exact_count *exact_find(const struct exact_counts *counts,
                                     const struct exact_count *wanted);

/* True if the same thing stands before `index`, too: in a lesson, and in a build. */
bool exact_is_repeated(const struct exact_counts *counts, unsigned index);

#endif
