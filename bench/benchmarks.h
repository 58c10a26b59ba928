/*
 * benchmarks.h - the benchmarks, one file for each of the lessons and one for the whole.
 *
 * Each adds its own to the suite. Returns 0, or -1 after a message on stderr. Suite and material
 * must outlive bench_run().
 *
 * A benchmark's time is about its own problem, in the program whose seams are the two trees'
 * or any mix of them; its counters are counts, and as true on a busy machine as on a quiet one.
 */
#ifndef BENCHMARKS_H
#define BENCHMARKS_H

#include "bench/material.h"
#include "bench/shim.h"

/* What a benchmark gets as its context. */
struct bench_input {
    struct bench_suite *suite;
    const struct material *material;
};

/* bench_add_key() and so on: make says LESSONS(of) is of(key) of(sort) and the others. */
#define DECLARE(lesson) int bench_add_##lesson(struct bench_input *input);
LESSONS(DECLARE)
#undef DECLARE
int bench_add_pipeline(struct bench_input *input);

#endif
