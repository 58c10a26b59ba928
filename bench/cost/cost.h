/*
 * cost.h - what live profiling costs the fixed build under load, as a ratio to the same without;
 * or what it does to the naive one, which waits for its lock: what is looked at changes that.
 *
 * A round starts a fresh pair of processes for each way of profiling: one that is profiled so, and
 * one that is not. They get the same requests in turn, a few hundredths of a second at a time, in
 * ABBA order, so that whatever else the machine does hits both. The round's ratio is that of their
 * sums; the result is the median over the rounds with the sign test's interval (stats.h). One of
 * the ways is no profiling at all: what differs there is noise. What a CPU profile takes once, to
 * make ready at its start and to name the samples at its end, is not in it.
 */
#ifndef COST_H
#define COST_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

/* With fewer rounds there is no interval at 95%. */
enum { COST_ROUNDS_MIN = 6, COST_ROUNDS_MAX = 200 };

struct cost_plan {
    const char *programs; /* the folder with the builds */
    bool is_observer;     /* the naive build is looked at, and how long its lock is waited for */
    unsigned rounds;      /* 1 to COST_ROUNDS_MAX */
    unsigned turns;       /* of a round, for each of the pair */
    /* Called after each pair. False ends it, without an error text. */
    bool (*go_on)(void *context, unsigned done, unsigned count);
    void *context;
};

/* About how long it will take, in seconds. */
double cost_seconds(const struct cost_plan *plan);

/*
 * Measures, and returns the object that bench/compare/schema.md has under `profiling` (or
 * `observer`), for cJSON_Delete(); or NULL with an error text, which is empty if go_on() ended it.
 */
cJSON *cost_measure(const struct cost_plan *plan, char *error, size_t error_size);

#endif
