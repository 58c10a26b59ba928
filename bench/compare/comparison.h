/*
 * comparison.h - one comparison while it is being made: what is wanted, where it goes, what is
 * known.
 *
 * Owned by main.c and handed through the phases (phases.h). Each phase measures one thing and
 * adds what it found to the model. A phase returns 0, or -1 with `error` set, which ends the
 * comparison: nothing is shown of one that is not whole.
 */
#ifndef COMPARISON_H
#define COMPARISON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "bench/compare/plan.h"
#include "bench/compare/results.h"
#include "bench/model/model.h"

enum { PATH_SIZE = RESULTS_PATH_SIZE, ERROR_SIZE = 4096 };

/* What has to be equal of any two runs over the same records. */
struct outcome {
    uint64_t accepted, rejected;
    uint64_t digest; /* a sum over the records, modulo 2^64 */
    double score_sum;
};

/* The input, and the parts of it that single phases use. */
struct input_file {
    char path[PATH_SIZE];
    uint64_t records; /* lines */
    /* What its records come to, once proved: each run over it is held against this. */
    bool is_proved;
    struct outcome outcome;
};

struct comparison {
    struct plan plan;
    struct results results;
    char programs[PATH_SIZE];    /* the folder with fastenough-nnnn to -ffff */
    char user_input[PATH_SIZE];  /* the user's own file, or empty: generated from the seed */
    char load_script[PATH_SIZE]; /* what wrk runs: bench/load/post.lua */
    uint64_t seed;
    unsigned layout_count; /* link orders of each build that has them (layouts.h) */
    bool has_layouts[BUILD_COUNT];
    unsigned cpu_count;
    bool is_terminal; /* progress may be overwritten in place */

    struct input_file whole;    /* see plan.records */
    struct input_file timed;    /* plan.time_records */
    struct input_file database; /* plan.database_records */
    struct input_file counted;  /* plan.count_records */
    struct input_file
        thrice; /* the same and twice as many more: counts are the slope between both */

    unsigned step, step_count; /* for the announcements */
    uint64_t start_ns;

    struct model model;
    char error[ERROR_SIZE];
};

/* The phases; phases.c says what each needs, and when it is left out. */
int require_valgrind(struct comparison *comparison); /* machine.c: said before anything is timed */
int prepare_inputs(struct comparison *comparison);   /* prepare.c */
int describe_machine(struct comparison *comparison); /* machine.c */
int find_layouts(struct comparison *comparison);     /* layouts.c: other link orders */
int prove_equality(struct comparison *comparison);   /* proof.c */
int prove_rows(struct comparison *comparison);       /* rows.c, a part of it */
int measure_times(struct comparison *comparison);    /* times.c: wall and CPU time, controls */
int measure_database(
    struct comparison *comparison);               /* database_times.c: locks held and waited for */
int trace_lock(struct comparison *comparison);    /* timeline.c: a picture of the lock */
int measure_floor(struct comparison *comparison); /* floor_times.c */
int measure_threads(struct comparison *comparison);    /* threads.c */
int measure_sweep(struct comparison *comparison);      /* sweep.c */
int count_instructions(struct comparison *comparison); /* instructions.c: callgrind */
int count_work(struct comparison *comparison);         /* work.c: the program's own counters */
int count_heap(struct comparison *comparison);         /* heap.c: DHAT */

int measure_load(struct comparison *comparison);        /* load_times.c: the services, by wrk */
int measure_profiling(struct comparison *comparison);   /* profiling_cost.c: what it costs */
int measure_observer(struct comparison *comparison);    /* the same of nothing fixed */
int measure_calibration(struct comparison *comparison); /* profiling_cost.c: how true it is */
int run_benchmarks(struct comparison *comparison);      /* benchmarks.c: Google Benchmark */
int profile_cpu(struct comparison *comparison);         /* cpu_profile.c: samples */
int profile_live(struct comparison *comparison);        /* live_profiles.c: block, mutex, threads */
int measure_visibility(struct comparison *comparison);  /* visibility.c: massif, memcheck, DRD */

/* What is computed from others, once they are judged. */
int judge_visibility(struct comparison *comparison); /* visibility.c: what each tool showed */
int judge_promises(struct comparison *comparison);   /* promises.c: what each tool promised */
int attribute(struct comparison *comparison);        /* shares.c: what each lesson is worth */

/* Begins the model, once there is a plan. 0, or -1 with `error` set. */
int comparison_begin(struct comparison *comparison);

/* Sets `error` and returns -1. */
int comparison_fail(struct comparison *comparison, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Says that a step begins, and how long it will take. */
void comparison_announce(struct comparison *comparison, double seconds, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Says how far the step is, on a terminal, in place. */
void comparison_progress(struct comparison *comparison, unsigned done, unsigned count,
                         const char *unit);

/* Says what this machine lacks, why, and what of the report is lost with it (machine.c). */
void machine_add_missing(struct comparison *comparison, const char *what, const char *why,
                         const char *lost);

/* Adds a sentence to the model's warnings. */
void comparison_warn(struct comparison *comparison, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
