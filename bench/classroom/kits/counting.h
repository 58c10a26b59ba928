/*
 * counting.h - the counts that a kit is graded by, of files in a folder: built, run, held against
 * what the naive side does, and counted, in the sandbox.
 */
#ifndef KITS_COUNTING_H
#define KITS_COUNTING_H

#include "bench/classroom/sandbox.h"
#include "bench/pair/kit.h"

/* Where all of one grading happens. */
struct kit_bench {
    struct kit kit;       /* a copy, without the solution */
    const char *original; /* its folder */
    struct sandbox sandbox;
    char folder[256]; /* scratch */
    unsigned cpu_s;   /* that one run may take; under a tool fifty times that */
    /* What the naive side says, once it was counted; NULL before. */
    char *answer;
    int answer_status;
};

/* 0, or -1 with a sentence; kit_bench_close() in any case. */
int kit_bench_open(struct kit_bench *bench, const struct kit *kit, unsigned cpu_s,
                   char error[KIT_ERROR_SIZE]);
void kit_bench_close(struct kit_bench *bench);

/*
 * Counts what is graded of a side: "naive", which has to be the first, "fixed", or a folder with
 * files of the same names. 0; or -1 with what is wrong with it: it does not build, fails, takes too
 * long, says something else than the naive side, or cannot be counted the same twice.
 */
int kit_count(struct kit_bench *bench, const char *side, double counts[KIT_GRADED],
              char error[KIT_ERROR_SIZE]);

#endif
