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
#include <stdio.h>
#include <string.h>

#include "bench/compare/witnesses.h"
#include "bench/model/model_json.h"

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
                                  .lesson = lesson,
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
                          .lesson = lesson,
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
static void add_cell(cJSON *cells, const struct sight *sight)
{
    char shown[96];

    if (!isfinite(sight->naive) || !isfinite(sight->fixed))
        return;
    cJSON *cell = cJSON_CreateObject();
    cJSON_AddItemToArray(cells, cell);
    cJSON_AddStringToObject(cell, "tool", sight->tool);
    cJSON_AddStringToObject(cell, "lesson", lesson_id(sight->lesson));
    cJSON_AddBoolToObject(cell, "sees", sight->is_seen);
    model_number(cell, "naive", sight->naive);
    model_number(cell, "fixed", sight->fixed);
    cJSON_AddStringToObject(cell, "unit", sight->unit);
    double ratio = stats_ratio_exact(sight->naive, sight->fixed);
    if (!sight->is_seen)
        snprintf(shown, sizeof shown, "blind");
    else if (isinf(ratio))
        snprintf(shown, sizeof shown, "%.3g to 0", sight->naive);
    else
        snprintf(shown, sizeof shown, "%.*fx", ratio < 10 ? 2 : 0, ratio);
    cJSON_AddStringToObject(cell, "shown", shown);
}

static void add_tool(cJSON *tools, const char *id, const char *label)
{
    cJSON *tool = cJSON_CreateObject();
    cJSON_AddItemToArray(tools, tool);
    cJSON_AddStringToObject(tool, "id", id);
    cJSON_AddStringToObject(tool, "label", label);
}

int judge_visibility(struct comparison *comparison)
{
    const struct model *model = &comparison->model;
    cJSON *visibility = cJSON_AddObjectToObject(model->facts, "visibility");
    cJSON *tools = cJSON_AddArrayToObject(visibility, "tools");
    cJSON *cells = cJSON_AddArrayToObject(visibility, "cells");

    for (unsigned column = 0; column < COLUMNS; column++)
        add_tool(tools, columns[column].id, columns[column].label);
    for (int witness = 0; witness < WITNESS_COUNT; witness++)
        add_tool(tools, witness_id((enum witness)witness), witness_label((enum witness)witness));
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        if (!plan_wants(&comparison->plan, lesson))
            continue;
        for (unsigned column = 0; column < COLUMNS; column++) {
            const struct sight sight = sight_of(model, column, lesson);
            add_cell(cells, &sight);
        }
        for (unsigned i = 0; i < model->sight_count; i++)
            if (model->sights[i].lesson == lesson)
                add_cell(cells, &model->sights[i]);
    }
    return 0;
}
