/*
 * instructions.c - instructions a record, from callgrind: the same on each run, however busy the
 * machine.
 *
 * Each build runs twice, over some records and over three times as many. The slope between the two
 * is what a record costs; start-up cancels. What is taken is worker_process() with all that it
 * calls, run by one worker: how often the main thread wakes up beside it depends on the clock, and
 * is not of interest.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/compare/comparison.h"
#include "bench/compare/programs.h"
#include "bench/readers/callgrind.h"
#include "bench/readers/text.h"

/* All records in one request: with several, what the main thread does in between would show. */
enum { FEW = 1, MANY = 3, ONE_REQUEST = 1000000 };

/* Pinned, so that another machine counts the same: the caches' geometry, and how threads take
 * turns. */
static const char *const options[] = {
    "--I1=32768,8,64",  "--D1=32768,8,64",  "--LL=8388608,16,64",  "--cache-sim=yes",
    "--fair-sched=try", "--dump-instr=yes", "--collect-jumps=yes",
};

/* What one build's two files say, a record. */
struct build_count {
    double process_ir;                /* of worker_process() and below */
    double function_ir[LESSON_COUNT]; /* of the functions that a lesson is about */
};

static void file_name(const struct comparison *comparison, unsigned build, unsigned repeat,
                      char path[PATH_SIZE])
{
    char code[BUILD_CODE_SIZE], name[64];
    build_code(build, code);
    snprintf(name, sizeof name, repeat == MANY ? "raw/callgrind.out.%s" : "work/callgrind.few.%s",
             code);
    results_path(&comparison->results, name, path);
}

static uint64_t inclusive(const struct callgrind *profile, const char *function)
{
    struct callgrind_cost cost = {0};
    callgrind_sum_function(profile, function, &cost);
    return cost.inclusive_ir;
}

/* Adds (sign 1) or subtracts (-1) what one file says. */
static int read_profile(struct comparison *comparison, const char *path, double sign,
                        struct build_count *count)
{
    struct callgrind profile;
    char error[TEXT_ERROR_SIZE];

    if (callgrind_read(path, &profile, error, sizeof error) != 0)
        return comparison_fail(comparison, "callgrind's output cannot be read: %s", error);
    count->process_ir += sign * (double)inclusive(&profile, "worker_process");
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        const char *const *functions = lesson_rows[lesson].measures.functions;
        for (int i = 0; i < LESSON_FUNCTIONS && functions[i] != NULL; i++)
            count->function_ir[lesson] += sign * (double)inclusive(&profile, functions[i]);
    }
    callgrind_free(&profile);
    return 0;
}

static int count_build(struct comparison *comparison, unsigned build, struct build_count *count)
{
    double records = (double)(comparison->thrice.records - comparison->counted.records);
    char path[PATH_SIZE];

    *count = (struct build_count){0};
    file_name(comparison, build, MANY, path);
    if (read_profile(comparison, path, 1, count) != 0)
        return -1;
    file_name(comparison, build, FEW, path);
    if (read_profile(comparison, path, -1, count) != 0)
        return -1;
    count->process_ir /= records;
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        count->function_ir[lesson] /= records;
    if (count->process_ir <= 0)
        return comparison_fail(comparison, "callgrind saw no worker_process(): %s", path);
    return 0;
}

/* A name a lesson can be opened by: callgrind.out.key.naive is nnnn's file, .fixed fnnn's. */
static int link_lesson(struct comparison *comparison, int lesson)
{
    const unsigned builds[2] = {BUILD_NAIVE, build_alone(lesson)};
    const char *const sides[2] = {"naive", "fixed"};

    for (int i = 0; i < 2; i++) {
        char from[PATH_SIZE], to[PATH_SIZE], name[64];
        file_name(comparison, builds[i], MANY, from);
        snprintf(name, sizeof name, "raw/callgrind.out.%s.%s", lesson_id(lesson), sides[i]);
        if (link(from, results_path(&comparison->results, name, to)) != 0)
            return comparison_fail(comparison, "cannot link %s: %s", to, strerror(errno));
    }
    return 0;
}

static void add_metrics(struct comparison *comparison, const struct build_count counts[BUILD_COUNT])
{
    const char condition[] = "one worker";

    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        char code[BUILD_CODE_SIZE], label[64];
        const struct build_count *naive = &counts[BUILD_NAIVE],
                                 *fixed = &counts[build_alone(lesson)];
        /* callgrind has nothing to say of waiting and of threads */
        if (!plan_measures(&comparison->plan, lesson, LESSON_OF_WORK))
            continue;
        build_code(build_alone(lesson), code);
        snprintf(label, sizeof label, "instructions in %s",
                 lesson_rows[lesson].measures.functions[0]);
        struct metric metric = {
            {"function_instructions", label, "Ir/record", "callgrind"},
            CODE_NAIVE,
            code,
            condition,
        };
        model_add_exact(&comparison->model, lesson, &metric, naive->function_ir[lesson],
                        fixed->function_ir[lesson]);
        metric.what.name = "instructions";
        metric.what.label = "instructions, all stages";
        model_add_exact(&comparison->model, lesson, &metric, naive->process_ir, fixed->process_ir);
    }
    const struct metric whole = {
        {"instructions", "instructions, all stages", "Ir/record", "callgrind"},
        CODE_NAIVE,
        CODE_FIXED,
        condition,
    };
    model_add_exact(&comparison->model, LESSON_ALL, &whole, counts[BUILD_NAIVE].process_ir,
                    counts[BUILD_FIXED].process_ir);
}

int count_instructions(struct comparison *comparison)
{
    static struct valgrind_run runs[2 * BUILD_COUNT]; /* large, and used once */
    struct build_count counts[BUILD_COUNT];
    unsigned builds[BUILD_COUNT], run_count = 0;
    unsigned count = plan_builds(&comparison->plan, builds);

    comparison_announce(comparison,
                        count * (0.5 + 0.003 * (double)comparison->counted.records) /
                            comparison->cpu_count,
                        "callgrind: %u builds, instructions a record", count);
    for (unsigned i = 0; i < 2 * count; i++) {
        struct valgrind_run *run = &runs[run_count++];
        const unsigned build = builds[i / 2], repeat = i % 2 == 0 ? MANY : FEW;
        const struct run_setup setup = {.input = repeat == MANY ? &comparison->thrice
                                                                : &comparison->counted,
                                        .workers = 1,
                                        .request_records = ONE_REQUEST};
        char path[PATH_SIZE];

        valgrind_run_init(run, comparison, "callgrind", build);
        file_name(comparison, build, repeat, path);
        command_add_file(&run->command, "--callgrind-out-file", path);
        for (unsigned o = 0; o < sizeof options / sizeof *options; o++)
            command_add(&run->command, options[o]);
        command_add_run(&run->command, comparison, build, &setup);
    }
    if (valgrind_run_all(comparison, runs, run_count, false) != 0)
        return -1;
    const struct quantity instructions = {"instructions", "instructions", "Ir/record", "callgrind"};
    for (unsigned i = 0; i < count; i++) {
        if (count_build(comparison, builds[i], &counts[builds[i]]) != 0)
            return -1;
        model_set_build(&comparison->model, builds[i], &instructions, true,
                        counts[builds[i]].process_ir);
    }
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        if (plan_wants(&comparison->plan, lesson) && link_lesson(comparison, lesson) != 0)
            return -1;
    add_metrics(comparison, counts);
    return 0;
}
