/* soak.h - the long load: does the fixed service stay as it is? */
#ifndef LOAD_SOAK_H
#define LOAD_SOAK_H

#include <stddef.h>
#include <stdint.h>

#include "bench/load/target.h"
#include "bench/load/workshop.h"

enum { SOAK_CONNECTIONS = 4 };

struct soak {
    unsigned seconds, count;
    struct target_state *states;                   /* one a second; owned */
    uint64_t ok_count, refused_count, error_count; /* answers, as wrk saw them */
    double records_per_s;
};

/* Resident memory, in bytes, once it has settled: after the first tenth. */
struct soak_memory {
    uint64_t settled, last, low, high;
    double bytes_per_minute; /* the slope of a straight line through it (least squares) */
    uint64_t threads_low, threads_high; /* of the process */
};

/* Drives `fastenough-ffff` of the folder for so long. 0, or -1 with a sentence in `error`. */
int soak_run(struct soak *soak, const char *programs, const char *script, unsigned seconds,
             struct workshop *workshop, char *error, size_t size);
void soak_free(struct soak *soak);

/* At least 20 s must have been looked at. */
void soak_memory(const struct soak *soak, struct soak_memory *memory);

#endif
