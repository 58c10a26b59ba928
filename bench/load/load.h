/*
 * load.h - the load test: naive and fixed side by side, each alone on the machine for some seconds
 * at a time, in rounds of fresh processes; and the batch run beside them.
 *
 * `make load` runs it by itself (main.c); a report can run it as a chapter of its own, with
 * load_measure(), load_document() and load_free(). The document is described in schema.md.
 */
#ifndef LOAD_H
#define LOAD_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "bench/load/cell.h"
#include "bench/load/soak.h"
#include "bench/statistics/stats.h"

/* A glimpse is one concurrency with a slow database, no batch run: some three seconds. */
enum load_mode { LOAD_GLIMPSE, LOAD_QUICK, LOAD_DEFAULT, LOAD_FULL };

enum { LOAD_CELLS_MAX = 12, LOAD_ERROR_SIZE = 1024 };

struct load_plan {
    const char *programs; /* the folder with fastenough-nnnn and -ffff */
    const char *script;   /* post.lua */
    enum load_mode mode;
    unsigned rounds;       /* 0: the mode's; at most LOAD_ROUNDS_MAX */
    unsigned seconds;      /* of each load; 0: the mode's */
    unsigned soak_seconds; /* of the long load on ffff; 0: none, otherwise at least 20 */
    uint64_t seed;         /* of the records */
};

struct load {
    struct load_plan plan; /* with rounds and seconds as they were in the end */
    struct cell cells[LOAD_CELLS_MAX];
    unsigned cell_count;
    uint64_t body_bytes;
    double batch_records_per_s[LOAD_ROUNDS_MAX]; /* ffff, of the same records from a file */
    struct soak soak;                            /* count 0: there was none */
};

/* Fills in what the mode decides, and returns how long it will take, in seconds. */
double load_plan_complete(struct load_plan *plan);

/*
 * Measures. What is being done goes to `progress` (NULL: nobody wants to know), in place, if that
 * is a terminal. 0, or -1 with a sentence in `error`; free it either way. Ends early with -1 after
 * child_interrupt().
 */
int load_measure(struct load *load, const struct load_plan *plan, FILE *progress,
                 char error[LOAD_ERROR_SIZE]);
void load_free(struct load *load);

cJSON *load_document(const struct load *load);

/*
 * ffff's throughput over HTTP as a share of its batch throughput, over rounds, without a database
 * wait. 0, STATS_TOO_FEW, or -1 if that was not measured.
 */
int load_batch_share(const struct load *load, unsigned connections, struct stats_interval *share);

/* How many times ffff's p99 nnnn's is, over rounds. 0, STATS_TOO_FEW, or -1 as above. */
int load_p99_ratio(const struct load *load, const char *db_latency, unsigned connections,
                   struct stats_interval *ratio);

#endif
