/*
 * gbench.h - reads the JSON of Google Benchmark (--benchmark_format=json, or --benchmark_out=F).
 *
 * Of it only what was measured: the runs, not what the library computes from several of them. It
 * prints NaN and Infinity, which JSON does not have; they are read as NAN. Texts and numbers belong
 * to the result. Not thread-safe for one result.
 */
#ifndef GBENCH_H
#define GBENCH_H

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>

struct gbench_run {
    const char *name;  /* "key/build/tags:32" */
    const char *error; /* why the benchmark could not run; NULL if it did */
    double cpu_ns;     /* an iteration; NAN after an error */
    const cJSON *json; /* where its counters are */
};

struct gbench {
    struct gbench_run *runs;
    uint32_t run_count;
    cJSON *json; /* holds the texts */
};

/* 0, or -1 with an error text that names file and line; then there is nothing to free. */
int gbench_read(const char *path, struct gbench *result, char *error, size_t error_size);
void gbench_free(struct gbench *result);

/*
 * What the benchmark itself counted, by its name; a rate is already divided by the time, in
 * seconds. 0, or -1 if the benchmark has no counter of that name.
 */
int gbench_counter(const struct gbench_run *run, const char *name, double *value);

#endif
