/*
 * visibility.c - the matrix of tools and lessons: what each tool showed in this run, and where it
 * is blind.
 *
 * Every cell compares nnnn with one fix alone by one number of one tool. The tool sees the problem
 * if the number changes by at least a tenth, or of the time that a lock is held, which wavers with
 * the machine, by half; of wall time, if its verdict says so; of DRD, if it finds on one side what
 * it does not find on the other.
 */
#include <math.h>
#include <string.h>

#include "bench/compare/witnesses.h"

static const double NOTICEABLE = 1.1, NOTICEABLE_OF_A_TIME = 1.5;

/* Tools that measure all builds: a number of theirs, and of the lesson's metric if it has a
 * verdict. */
static const struct {
    const char *id, *label, *build_metric, *unit, *verdict_metric;
    bool is_time;
} columns[] = {
    {"wall", "wall time", "time", "ns/record", "time_alone", true},
    {"callgrind", "callgrind", "instructions", "Ir/record", NULL, false},
    {"counters", "allocation counts, DHAT", "allocated_bytes", "B/record", NULL, false},
    {"comparisons", "comparison counts", "comparisons", "1/record", NULL, false},
    {"lock", "lock statistics", "lock_hold", "ns/record", NULL, true},
    {"process", "threads alive", "threads_alive", "threads", NULL, false},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static bool is_noticeable(double naive, double fixed, double least)
{
    double ratio = stats_ratio_exact(naive, fixed);
    return ratio >= least || ratio <= 1 / least;
}

/* How often DRD reports a place depends on the order in which threads run: it finds it, or it does
 * not. */
static bool is_witnessed(enum witness witness, double naive, double fixed)
{
    if (witness == WITNESS_DRD)
        return (naive > 0) != (fixed > 0);
    return is_noticeable(naive, fixed, NOTICEABLE);
}

int measure_visibility(struct comparison *comparison)
{
    struct witness_numbers numbers;

    for (int witness = 0; witness < WITNESS_COUNT; witness++)
        for (int column = 0; column <= LESSON_COUNT; column++)
            numbers.values[witness][column] = NAN;
    if (hear_witnesses(comparison, &numbers) != 0)
        return -1;
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        for (int i = 0; i < WITNESS_COUNT; i++) {
            const enum witness witness = (enum witness)i;
            struct sight sight = {.tool = witness_id(witness),
                                  .unit = witness_unit(witness),
                                  .lesson = lesson_id(lesson),
                                  .naive = numbers.values[witness][0],
                                  .fixed = numbers.values[witness][1 + lesson]};
            sight.is_seen = is_witnessed(witness, sight.naive, sight.fixed);
            model_add_sight(&comparison->model, &sight);
        }
    return 0;
}

static struct sight sight_of(const struct model *model, unsigned column, int lesson)
{
    const char *metric = columns[column].build_metric, *judged = columns[column].verdict_metric;
    char alone[BUILD_CODE_SIZE];

    build_code(build_alone(lesson), alone);
    struct sight sight = {.tool = columns[column].id,
                          .unit = columns[column].unit,
                          .lesson = lesson_id(lesson),
                          .naive = model_build_value(model, CODE_NAIVE, metric),
                          .fixed = model_build_value(model, alone, metric)};
    if (judged == NULL) {
        sight.is_seen = is_noticeable(sight.naive, sight.fixed,
                                      columns[column].is_time ? NOTICEABLE_OF_A_TIME : NOTICEABLE);
    } else {
        const struct measurement *one =
            section_find(model_find_lesson(model, lesson_id(lesson)), judged);
        sight.is_seen = one != NULL && one->judgement.is_judged &&
                        one->judgement.verdict != VERDICT_NO_DIFFERENCE;
    }
    return sight;
}

/* Of what was not measured in this run there is no cell, which is not the same as blind. */
static void add_cell(struct model *model, struct sight sight)
{
    double ratio = stats_ratio_exact(sight.naive, sight.fixed);

    if (!isfinite(sight.naive) || !isfinite(sight.fixed))
        return;
    if (!sight.is_seen)
        sight.shown = "blind";
    else if (isinf(ratio))
        sight.shown = model_text(model, "%.3g to 0", sight.naive);
    else
        sight.shown = model_text(model, "%.*fx", ratio < 10 ? 2 : 0, ratio);
    MODEL_ADD(model, model->visibility, cell, cells, sight);
}

static void add_tool(struct model *model, const char *id, const char *label)
{
    MODEL_ADD(model, model->visibility, tool, tools, (struct tool){id, label});
}

int judge_visibility(struct comparison *comparison)
{
    struct model *model = &comparison->model;

    model->visibility = model_allocate(model, sizeof *model->visibility);
    if (model->visibility == NULL)
        return comparison_fail(comparison, "out of memory");
    for (unsigned column = 0; column < COLUMNS; column++)
        add_tool(model, columns[column].id, columns[column].label);
    for (int witness = 0; witness < WITNESS_COUNT; witness++)
        add_tool(model, witness_id((enum witness)witness), witness_label((enum witness)witness));
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        if (!plan_wants(&comparison->plan, lesson))
            continue;
        for (unsigned column = 0; column < COLUMNS; column++)
            add_cell(model, sight_of(model, column, lesson));
        for (unsigned i = 0; i < model->sight_count; i++)
            if (strcmp(model->sights[i].lesson, lesson_id(lesson)) == 0)
                add_cell(model, model->sights[i]);
    }
    return 0;
}
