/*
 * benchmarks.h - the benchmarks, one file for each of the four problems and one for the whole.
 *
 * Each adds its own to the suite. Returns 0, or -1 after a message on stderr. Suite and material
 * must outlive bench_run().
 *
 * A benchmark's time is about its own problem, in the program whose four seams are the two trees'
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

int bench_add_key(struct bench_input *input);
int bench_add_sort(struct bench_input *input);
int bench_add_store(struct bench_input *input);
int bench_add_workers(struct bench_input *input);
int bench_add_pipeline(struct bench_input *input);

#endif
