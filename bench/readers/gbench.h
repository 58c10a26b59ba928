/*
 * gbench.h - reads the JSON of Google Benchmark (--benchmark_format=json, or --benchmark_out=F).
 *
 * Made for 1.7.1. That prints NaN and Infinity, which JSON does not have; they are read as NAN.
 * Texts and numbers belong to the result. Not thread-safe for one result.
 */
#ifndef GBENCH_H
#define GBENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

/* What the benchmark itself counted; a rate is already divided by the time, in seconds. */
struct gbench_counter {
    const char *name;
    double value;
};

enum gbench_kind {
    GBENCH_RUN,       /* one measurement */
    GBENCH_AGGREGATE, /* mean, median, stddev over repetitions: times in ns */
    GBENCH_RATIO,     /* cv over repetitions: real_ns and cpu_ns are shares of 1 */
    GBENCH_BIG_O,     /* a fitted curve: real_ns and cpu_ns are its factors */
    GBENCH_RMS,       /* how far the curve is off: rms */
};

struct gbench_benchmark {
    const char *name;           /* "key/build/tags/32_mean" */
    const char *run_name;       /* "key/build/tags/32": the same for all of its repetitions */
    const char *aggregate_name; /* "mean", "BigO", ...; NULL for GBENCH_RUN */
    const char *big_o;          /* GBENCH_BIG_O: "N", "N^2", "lgN", ...; or else NULL */
    enum gbench_kind kind;
    uint64_t iterations;       /* 0 for GBENCH_BIG_O and GBENCH_RMS */
    uint64_t repetition_index; /* from 0 */
    uint64_t threads;
    double real_ns, cpu_ns; /* per iteration; NAN for GBENCH_RMS and after an error */
    double rms;        /* GBENCH_RMS: root mean square, a share of 1 of the mean; or else NAN */
    const char *error; /* why the benchmark could not run; NULL if it did */
    struct gbench_counter *counters;
    uint32_t counter_count;
};

struct gbench {
    const char *library_build_type; /* of libbenchmark itself: "debug" for Debian's, harmless */
    const char *date;               /* ISO 8601 */
    uint64_t cpu_count;
    double cpu_mhz;
    bool is_cpu_scaling; /* the processor may change its frequency: times vary more */
    struct gbench_benchmark *benchmarks;
    uint32_t benchmark_count;
    cJSON *json; /* holds the texts */
};

/* 0, or -1 with an error text that names file and line; then there is nothing to free. */
int gbench_read(const char *path, struct gbench *result, char *error, size_t error_size);
void gbench_free(struct gbench *result);

/* The first benchmark of this name, or NULL. */
const struct gbench_benchmark *gbench_find(const struct gbench *result, const char *name);

/* A counter by its name. 0, or -1 if the benchmark has none of that name. */
int gbench_counter(const struct gbench_benchmark *benchmark, const char *name, double *value);

#endif
