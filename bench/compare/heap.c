/*
 * heap.c - DHAT: the blocks and bytes of the heap, by the function that asked for them.
 *
 * The best witness of a lesson that allocates. Counted a record, as the slope between two runs,
 * like instructions. Where there is no function to count, the page shows who asks for what, and
 * nothing is compared.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/compare/comparison.h"
#include "bench/compare/programs.h"
#include "bench/readers/dhat.h"
#include "bench/readers/text.h"

enum { FEW = 1, MANY = 3, ONE_REQUEST = 1000000 };

/* Bytes and blocks a record that DHAT saw below a function. */
struct heap_count {
    double bytes, blocks;
};

static const char *raw_path(const struct comparison *comparison, const char *tool, int lesson,
                            bool is_fixed, char path[PATH_SIZE])
{
    char name[64];
    snprintf(name, sizeof name, "raw/%s.out.%s.%s", tool, lesson_id(lesson),
             is_fixed ? "fixed" : "naive");
    return results_path(&comparison->results, name, path);
}

static int read_dhat(struct comparison *comparison, const char *path, const char *function,
                     double sign, struct heap_count *count)
{
    struct dhat dhat;
    struct dhat_sum sum;
    char error[TEXT_ERROR_SIZE];

    if (dhat_read(path, &dhat, error, sizeof error) != 0)
        return comparison_fail(comparison, "DHAT's output cannot be read: %s", error);
    dhat_sum_by_function(&dhat, function, &sum);
    count->bytes += sign * (double)sum.bytes;
    count->blocks += sign * (double)sum.blocks;
    dhat_free(&dhat);
    return 0;
}

static const char *dhat_path(const struct comparison *comparison, int lesson, bool is_fixed,
                             unsigned repeat, char path[PATH_SIZE])
{
    char name[64];
    if (repeat == MANY)
        return raw_path(comparison, "dhat", lesson, is_fixed, path);
    snprintf(name, sizeof name, "work/dhat.few.%s", is_fixed ? lesson_id(lesson) : "naive");
    return results_path(&comparison->results, name, path);
}

/* The function whose blocks are compared, or NULL. */
static const char *function_of(int lesson)
{
    return lesson_rows[lesson].measures.functions[0];
}

/* The first lesson that is wanted: its run of nnnn is that of the others, too. */
static int first_lesson(const struct comparison *comparison)
{
    int lesson = 0;
    while (lesson < LESSON_COUNT - 1 && !plan_wants(&comparison->plan, lesson))
        lesson++;
    return lesson;
}

/* Under the name that each lesson can be opened by. */
static int link_naive(struct comparison *comparison)
{
    const int first = first_lesson(comparison);
    char from[PATH_SIZE], to[PATH_SIZE];

    for (int lesson = first + 1; lesson < LESSON_COUNT; lesson++)
        if (plan_wants(&comparison->plan, lesson) &&
            link(dhat_path(comparison, first, false, MANY, from),
                 dhat_path(comparison, lesson, false, MANY, to)) != 0)
            return comparison_fail(comparison, "cannot link %s: %s", to, strerror(errno));
    return 0;
}

static void add_run(struct comparison *comparison, struct valgrind_run *run, int lesson,
                    bool is_fixed, unsigned repeat)
{
    const unsigned build = is_fixed ? build_alone(lesson) : BUILD_NAIVE;
    const struct run_setup setup = {.input =
                                        repeat == MANY ? &comparison->thrice : &comparison->counted,
                                    .workers = 1,
                                    .request_records = ONE_REQUEST};
    char path[PATH_SIZE];

    valgrind_run_init(run, comparison, "dhat", build);
    command_add_file(&run->command, "--dhat-out-file",
                     dhat_path(comparison, lesson, is_fixed, repeat, path));
    command_add_run(&run->command, comparison, build, &setup);
}

/* Few records are run for the slope, and so only where something is compared. */
static unsigned add_runs(struct comparison *comparison, struct valgrind_run *runs)
{
    const int first = first_lesson(comparison);
    unsigned count = 0;
    bool has_slope = false;

    add_run(comparison, &runs[count++], first, false, MANY);
    for (int lesson = first; lesson < LESSON_COUNT; lesson++) {
        if (!plan_wants(&comparison->plan, lesson))
            continue;
        add_run(comparison, &runs[count++], lesson, true, MANY);
        if (function_of(lesson) == NULL)
            continue;
        add_run(comparison, &runs[count++], lesson, true, FEW);
        if (!has_slope)
            add_run(comparison, &runs[count++], first, false, FEW);
        has_slope = true;
    }
    return count;
}

/* What a record costs on one side: many records less few. */
static int count_side(struct comparison *comparison, int lesson, bool is_fixed,
                      struct heap_count *count)
{
    const double records = (double)(comparison->thrice.records - comparison->counted.records);
    char path[PATH_SIZE];

    *count = (struct heap_count){0};
    if (read_dhat(comparison, dhat_path(comparison, lesson, is_fixed, FEW, path),
                  function_of(lesson), -1, count) != 0 ||
        read_dhat(comparison, dhat_path(comparison, lesson, is_fixed, MANY, path),
                  function_of(lesson), 1, count) != 0)
        return -1;
    count->blocks /= records;
    count->bytes /= records;
    return 0;
}

static int add_metrics(struct comparison *comparison, int lesson)
{
    struct heap_count naive, fixed;
    char code[BUILD_CODE_SIZE], label[64];

    if (count_side(comparison, lesson, false, &naive) != 0 ||
        count_side(comparison, lesson, true, &fixed) != 0)
        return -1;
    build_code(build_alone(lesson), code);
    snprintf(label, sizeof label, "heap blocks from %s", function_of(lesson));
    struct metric metric = {
        {"dhat_blocks", label, "1/record", "DHAT"}, CODE_NAIVE, code, "one worker"};
    model_add_exact(&comparison->model, lesson, &metric, naive.blocks, fixed.blocks);
    metric.what.name = "dhat_bytes";
    metric.what.unit = "B/record";
    snprintf(label, sizeof label, "heap bytes from %s", function_of(lesson));
    model_add_exact(&comparison->model, lesson, &metric, naive.bytes, fixed.bytes);
    return 0;
}

int count_heap(struct comparison *comparison)
{
    static struct valgrind_run runs[2 + 2 * LESSON_COUNT]; /* large */

    comparison_announce(comparison, 4, "DHAT: blocks and bytes by the function that asks for them");
    unsigned run_count = add_runs(comparison, runs);
    if (valgrind_run_all(comparison, runs, run_count, false) != 0 || link_naive(comparison) != 0)
        return -1;
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        if (plan_wants(&comparison->plan, lesson) && function_of(lesson) != NULL &&
            add_metrics(comparison, lesson) != 0)
            return -1;
    return 0;
}
