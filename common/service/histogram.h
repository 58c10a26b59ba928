/*
 * histogram.h - how long things took: counts by upper bound, as Prometheus wants them.
 *
 * The bounds go from 100 us to 60 s, three a decade, so that a fast answer and a slow one are told
 * apart alike. Not thread-safe. All zero is an empty one.
 */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>

enum { HISTOGRAM_BOUNDS = 18 };

/* Upper bounds, in nanoseconds, ascending. */
extern const uint64_t histogram_bounds_ns[HISTOGRAM_BOUNDS];

struct histogram {
    uint64_t counts[HISTOGRAM_BOUNDS + 1]; /* each by its own bound alone; the last one has none */
    uint64_t sum_ns;
};

void histogram_add(struct histogram *histogram, uint64_t ns);

#endif
