/*
 * metric.h - what a problem is graded by: counts, and the share of the way from naive to fixed.
 */
#ifndef METRIC_H
#define METRIC_H

#include <stddef.h>

#include "bench/classroom/problem.h"

enum { METRICS_MAX = 4 };

struct metric_name {
    const char *id, *label, *unit, *tool;
    bool is_graded; /* or else only held against the others */
};

/* A file's counts, in the order of metric_names(). */
struct metric_values {
    double values[METRICS_MAX];
};

/* How many a problem has, and what they are. */
unsigned metric_count(int lesson);
const struct metric_name *metric_names(int lesson);

/*
 * The share of the gap that is closed: 0 at `naive` or above, 1 at `fixed` or below, and 1 within
 * a hundredth of the gap of it. 0 where there is no gap.
 */
double metric_share(double naive, double yours, double fixed);

/* The mean of the shares of those that are graded. */
double metric_score(int lesson, const struct metric_values *naive,
                    const struct metric_values *yours, const struct metric_values *fixed);

#endif
