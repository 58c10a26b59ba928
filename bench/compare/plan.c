#include "bench/compare/plan.h"

#include <string.h>

/* With each lesson more the builds are twice as many, and so is the time that they take. */
enum { LESSONS_TIMED_IN_ALL_BUILDS = 4 };

static const char *const mode_names[] = {"quick", "default", "full"};

const char *mode_name(enum mode mode)
{
    return mode_names[mode];
}

void plan_init(struct plan *plan, enum mode mode, int only, unsigned blocks)
{
    /*
     * Blocks: a claim at the corrected confidence needs eleven rounds at least, and has as many as
     * there are link orders at most.
     */
    static const struct plan plans[] = {
        [MODE_QUICK] = {.mode = MODE_QUICK,
                        .time_blocks = 16,
                        .time_seconds = 14,
                        .database_blocks = 12,
                        .thread_blocks = 12,
                        .floor_blocks = 6,
                        .sweep_blocks = 1,
                        .records = 3000,
                        .time_records = 3000,
                        .profile_repeat = 30,
                        .database_records = 200,
                        .count_records = 100,
                        .load_mode = LOAD_GLIMPSE,
                        .has_load = true},
        [MODE_DEFAULT] = {.mode = MODE_DEFAULT,
                          .time_blocks = 24,
                          .time_seconds = 60,
                          .database_blocks = 16,
                          .thread_blocks = 16,
                          .floor_blocks = 16,
                          .sweep_blocks = 2,
                          .records = 20000,
                          .time_records = 6000,
                          .profile_repeat = 20,
                          .database_records = 1000,
                          .count_records = 500,
                          .load_mode = LOAD_QUICK,
                          .has_load = true,
                          .profiling_rounds = 6,
                          .profiling_turns = 8,
                          .calibration_runs = 6,
                          .calibration_seconds = 2,
                          .has_benchmarks = true,
                          .benchmark_min_s = 0.02,
                          .has_all_witnesses = true},
        [MODE_FULL] = {.mode = MODE_FULL,
                       .time_blocks = 48,
                       .time_seconds = 400,
                       .database_blocks = 48,
                       .thread_blocks = 48,
                       .floor_blocks = 48,
                       .sweep_blocks = 6,
                       .records = 50000,
                       .time_records = 10000,
                       .profile_repeat = 30,
                       .database_records = 2000,
                       .count_records = 2000,
                       .load_mode = LOAD_DEFAULT,
                       .has_load = true,
                       .profiling_rounds = 31,
                       .profiling_turns = 12,
                       .observer_rounds = 10,
                       .calibration_runs = 15,
                       .calibration_seconds = 3,
                       .has_benchmarks = true,
                       .benchmark_min_s = 0.2,
                       .has_all_witnesses = true},
    };

    *plan = plans[mode];
    plan->only = only;
    plan->has_all_builds = LESSON_COUNT <= LESSONS_TIMED_IN_ALL_BUILDS || mode == MODE_FULL;
    if (blocks > 0) {
        plan->time_blocks = plan->database_blocks = blocks;
        plan->time_seconds = 0;
    }
    if (only != LESSON_ALL) {
        /* One chapter for a class that waits: its own builds and its own tools. */
        plan->has_all_builds = plan->has_all_witnesses = plan->has_load = false;
        if (lesson_rows[only].measures.subject != LESSON_OF_THREADS)
            plan->sweep_blocks = 0;
        plan->floor_blocks = plan->profiling_rounds = plan->observer_rounds =
            plan->calibration_runs = 0;
    }
}

bool plan_wants(const struct plan *plan, int lesson)
{
    return plan->only == LESSON_ALL || plan->only == lesson;
}

bool plan_measures(const struct plan *plan, int lesson, enum lesson_subject subject)
{
    return plan_wants(plan, lesson) && lesson_rows[lesson].measures.subject == subject;
}

bool plan_measures_any(const struct plan *plan, enum lesson_subject subject)
{
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        if (plan_measures(plan, lesson, subject))
            return true;
    return false;
}

unsigned plan_builds(const struct plan *plan, unsigned builds[BUILD_COUNT])
{
    bool is_in[BUILD_COUNT] = {[BUILD_NAIVE] = true, [BUILD_FIXED] = true};
    unsigned count = 0;

    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        if (plan_wants(plan, lesson))
            is_in[build_alone(lesson)] = is_in[build_without(lesson)] = true;
    for (unsigned build = 0; build < BUILD_COUNT; build++)
        if (plan->has_all_builds || is_in[build])
            builds[count++] = build;
    return count;
}
