/*
 * regime.h - what live profiles say of a fresh service under load, and what is true of it.
 *
 * The truth is what others count, over the same time: the kernel (CPU time of the process, its
 * list of threads) and the program itself (locks, allocations, what /leak holds, threads started).
 * Of two fresh services the first is profiled as `serve --admin` has it, and the second with each
 * allocation sampled, where profiles have to be exact. Thread-safe.
 */
#ifndef REGIME_H
#define REGIME_H

#include <stdbool.h>

enum { REGIME_COUNT = 8, REGIME_ERROR_SIZE = 768 };

struct regime {
    const char *build, *latency, *threads; /* as --db-latency and --workers take them */
    const char *condition;                 /* the last two in words */
    unsigned records;                      /* of one question over HTTP */
    const char *request;                   /* as --request takes it */
};

extern const struct regime regimes[REGIME_COUNT];

/* The profiles that are held against the truth, in the order of the tables. */
enum witness {
    WITNESS_CPU,
    WITNESS_BLOCK,
    WITNESS_MUTEX,
    WITNESS_ALLOCS,
    WITNESS_HEAP,
    WITNESS_EACH_ALLOCATION, /* from here on they are exact */
    WITNESS_EACH_BYTE,
    WITNESS_EACH_IN_USE,
    WITNESS_THREADS,
    WITNESS_THREADCREATE,
    WITNESS_COUNT
};

struct witness_row {
    const char *profile; /* "mutex" */
    const char *truth;   /* what it is held against */
    const char *unit;
    double enough; /* less of it says too little */
    /*
     * What chance gives or takes at a time, in unit: a sample, or a fifth of a period for each
     * thread that lives for no longer; 0: that is not what limits it.
     */
    double grain;
    bool is_exact;
};

extern const struct witness_row witness_rows[WITNESS_COUNT];

/* By what it may be off, as a share. */
#define WITNESS_TOLERANCE 0.1

struct reading {
    double profile, truth; /* NAN: it could not be had */
};

/*
 * Measures in `seconds` (2 or more) and a moment. 0, or -1 with a sentence in `error`. It is
 * stopped by whoever is to end this process: its services end with the calling thread.
 */
int regime_read(const struct regime *regime, const char *programs, unsigned seconds,
                struct reading readings[WITNESS_COUNT], char error[REGIME_ERROR_SIZE]);

bool reading_is_too_little(enum witness witness, const struct reading *reading);

/*
 * Whether the profile is true: equal, where it is exact; else within a tenth, or within three
 * standard errors of its sampling where that is more. What is too little is only to be as little.
 */
bool reading_agrees(enum witness witness, const struct reading *reading);

#endif
