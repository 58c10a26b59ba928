/*
 * calibrate.h - how true the live profiles are: each held against what is known, in each regime
 * (regime.h), over fresh services.
 */
#ifndef CALIBRATE_H
#define CALIBRATE_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/model/model.h"

/* With fewer runs there is no interval at 95%. */
enum { CALIBRATE_RUNS_MIN = 6, CALIBRATE_RUNS_MAX = 100 };

struct calibrate_plan {
    const char *programs; /* the folder with the two builds */
    unsigned runs;        /* fresh services of each regime, 1 to CALIBRATE_RUNS_MAX */
    unsigned seconds;     /* that each is profiled for, 2 or more */
    unsigned at_once;     /* so many regimes; what is held is each one's own, however busy it is */
    /* Called before each group of these. False ends it, without an error text. */
    bool (*go_on)(void *context, unsigned done, unsigned count);
    void *context;
};

/* About how long it will take, in seconds. */
double calibrate_seconds(const struct calibrate_plan *plan);

/* Adds model->calibration. 0, or -1 with an error text, which is empty if go_on() ended it. */
int calibrate_measure(const struct calibrate_plan *plan, struct model *model, char *error,
                      size_t error_size);

#endif
