/*
 * plan.h - how much is measured in one comparison: sizes, repetitions, and which parts.
 *
 * The three modes trade time for precision; nothing else differs between them.
 */
#ifndef PLAN_H
#define PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/lesson.h"
#include "bench/load/load.h"

enum mode { MODE_QUICK, MODE_DEFAULT, MODE_FULL };

const char *mode_name(enum mode mode);

struct plan {
    enum mode mode;
    int only;                 /* a lesson, or LESSON_ALL */
    unsigned time_blocks;     /* of neighbours (neighbours.h), without a database */
    double time_seconds;      /* for more, where an interval is too wide */
    unsigned database_blocks; /* the same with a slow database */
    unsigned thread_blocks;   /* over a growing number of requests */
    unsigned floor_blocks;    /* parsing alone against the whole */
    unsigned sweep_blocks;    /* of all pool sizes */
    uint32_t records;         /* of the input as a whole */
    uint32_t time_records;    /* of a run that is timed without a database */
    uint32_t database_records;
    uint32_t profile_repeat;  /* of all records, under the CPU profiler */
    uint32_t count_records;   /* of a run under Valgrind; a second one does three times as many */
    enum load_mode load_mode; /* how long the services are under load */
    bool has_load;
    unsigned profiling_rounds, profiling_turns; /* what live profiling costs; 0: not measured */
    unsigned observer_rounds;                   /* what it does to nothing fixed; 0: not measured */
    unsigned calibration_runs, calibration_seconds; /* how true it is; 0: not measured */
    bool has_benchmarks;                            /* Google Benchmark's series */
    double benchmark_min_s;                         /* for each of its benchmarks */
    bool has_all_builds;    /* all are timed and counted, not just those of single lessons */
    bool has_all_witnesses; /* each tool looks at each problem, not just at its own */
};

/* blocks: 0, or as many of each time as the user wants (ROUNDS=), and no more. */
void plan_init(struct plan *plan, enum mode mode, int only, unsigned blocks);

/* True if the lesson's chapter is wanted. */
bool plan_wants(const struct plan *plan, int lesson);
/* True if it is, and is about that; or if one of them is. */
bool plan_measures(const struct plan *plan, int lesson, enum lesson_subject subject);
bool plan_measures_any(const struct plan *plan, enum lesson_subject subject);

/*
 * The builds that the plan compares: all (where there are sixteen, or with FULL=1), or nothing
 * fixed, all fixed, and each wanted lesson alone and left out. Returns how many were written into
 * `builds`.
 */
unsigned plan_builds(const struct plan *plan, unsigned builds[BUILD_COUNT]);

#endif
