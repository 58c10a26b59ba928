/*
 * visibility.c - the matrix of tools and lessons: what each tool showed in this run, and where it
 * is blind.
 *
 * Every cell compares nnnn with one fix alone by one number of one tool. The tool sees the problem
 * if an exact count moved at all, which of instructions is that of the lesson's own functions; how
 * far that leads is what it promises (promises.c). Of the time that a lock is held, which wavers
 * with the machine, if it changes by half; of wall time, if its verdict says so; of a peak of
 * memory, by a tenth; of DRD, if it finds on one side what it does not find on the other.
 */
#include <math.h>
#include <string.h>

#include "bench/compare/witnesses.h"

static const double NOTICEABLE = 1.1, NOTICEABLE_OF_A_TIME = 1.5;

/* How a tool's number tells that it sees something. */
enum rule {
    RULE_VERDICT, /* the lesson's metric has one */
    RULE_OWN, /* that of the lesson's own functions moved; where it has none there is no seeing */
    RULE_MOVED,
    RULE_NOTICEABLE,
};

/* Tools that measure all builds: a number of theirs, and the lesson's metric that is asked. */
static const struct {
    const char *id, *label, *build_metric, *unit, *metric;
    enum rule rule;
} columns[] = {
    {"wall", "wall time", "time", "ns/record", "time_alone", RULE_VERDICT},
    {"callgrind", "callgrind", "instructions", "Ir/record", "function_instructions", RULE_OWN},
    {"counters", "allocation counts, DHAT", "allocated_bytes", "B/record", NULL, RULE_MOVED},
    {"comparisons", "comparison counts", "comparisons", "1/record", NULL, RULE_MOVED},
    {"lock", "lock statistics", "lock_hold", "ns/record", NULL, RULE_NOTICEABLE},
    {"process", "threads alive", "threads_alive", "threads", NULL, RULE_MOVED},
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
    const char *metric = columns[column].build_metric;
    const struct measurement *one =
        columns[column].metric != NULL
            ? section_find(model_find_lesson(model, lesson_id(lesson)), columns[column].metric)
            : NULL;
    char alone[BUILD_CODE_SIZE];

    build_code(build_alone(lesson), alone);
    struct sight sight = {.tool = columns[column].id,
                          .unit = columns[column].unit,
                          .lesson = lesson_id(lesson),
                          .naive = model_build_value(model, CODE_NAIVE, metric),
                          .fixed = model_build_value(model, alone, metric)};
    if (columns[column].rule == RULE_OWN && one != NULL) {
        sight.naive = one->naive;
        sight.fixed = one->fixed;
    }
    if (columns[column].rule == RULE_NOTICEABLE)
        sight.is_seen = is_noticeable(sight.naive, sight.fixed, NOTICEABLE_OF_A_TIME);
    else if (columns[column].rule == RULE_MOVED)
        sight.is_seen = stats_verdict_exact(sight.naive, sight.fixed) != VERDICT_NO_DIFFERENCE;
    else
        sight.is_seen = one != NULL && one->judgement.is_judged &&
                        one->judgement.verdict != VERDICT_NO_DIFFERENCE;
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
