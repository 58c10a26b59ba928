/*
 * visibility.c - the matrix of tools and problems: what each showed in this run, and where it is
 * blind.
 *
 * Every cell compares nnnn with one fix alone by one number of one tool. The tool sees the problem
 * if the number changes by at least a tenth, or of the time that a lock is held, which wavers with
 * the machine, by half; of wall time, if its verdict says so; of DRD, if it finds on one side what
 * it does not find on the other.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/compare/document.h"
#include "bench/compare/witnesses.h"

static const double NOTICEABLE = 1.1, NOTICEABLE_OF_A_TIME = 1.5;

/* Tools that measure all builds: a number of `variants`, and of the chapter's metric if it has a
 * verdict. */
static const struct {
    const char *id, *label, *variant_metric, *unit, *verdict_metric;
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

static double variant_number(const struct comparison *comparison, unsigned mask, const char *name)
{
    const cJSON *variants = cJSON_GetObjectItemCaseSensitive(comparison->document, "builds");
    const cJSON *variant;
    char wanted[BUILD_CODE_SIZE];

    build_code(mask, wanted);
    cJSON_ArrayForEach (variant, variants) {
        const char *code = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(variant, "code"));
        const cJSON *number = cJSON_GetObjectItemCaseSensitive(
            cJSON_GetObjectItemCaseSensitive(variant, "metrics"), name);
        if (code != NULL && strcmp(code, wanted) == 0 && cJSON_IsNumber(number))
            return number->valuedouble;
    }
    return NAN;
}

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

static void add_cell(cJSON *cells, const char *tool, int lesson, bool sees, double naive,
                     double fixed, const char *unit)
{
    char shown[96];
    cJSON *cell = cJSON_CreateObject();

    if (!isfinite(naive) || !isfinite(fixed)) {
        cJSON_Delete(cell); /* not measured in this run: no cell, which is not the same as blind */
        return;
    }
    cJSON_AddItemToArray(cells, cell);
    cJSON_AddStringToObject(cell, "tool", tool);
    cJSON_AddStringToObject(cell, "lesson", lesson_id(lesson));
    cJSON_AddBoolToObject(cell, "sees", sees);
    document_number(cell, "naive", naive);
    document_number(cell, "fixed", fixed);
    cJSON_AddStringToObject(cell, "unit", unit);
    double ratio = stats_ratio_exact(naive, fixed);
    if (!sees)
        snprintf(shown, sizeof shown, "blind");
    else if (isinf(ratio))
        snprintf(shown, sizeof shown, "%.3g to 0", naive);
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

static void add_column(struct comparison *comparison, cJSON *cells, unsigned column, int lesson)
{
    double naive = variant_number(comparison, 0, columns[column].variant_metric);
    double fixed = variant_number(comparison, build_alone(lesson), columns[column].variant_metric);
    bool sees =
        is_noticeable(naive, fixed, columns[column].is_time ? NOTICEABLE_OF_A_TIME : NOTICEABLE);

    if (columns[column].verdict_metric != NULL) {
        const cJSON *metric =
            document_find_metric(comparison, lesson, columns[column].verdict_metric);
        const char *verdict =
            cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(metric, "verdict"));
        sees = verdict != NULL && strcmp(verdict, verdict_name(VERDICT_NO_DIFFERENCE)) != 0;
    }
    add_cell(cells, columns[column].id, lesson, sees, naive, fixed, columns[column].unit);
}

int judge_visibility(struct comparison *comparison)
{
    struct witness_numbers numbers;

    for (int witness = 0; witness < WITNESS_COUNT; witness++)
        for (int column = 0; column <= LESSON_COUNT; column++)
            numbers.values[witness][column] = NAN;
    if (hear_witnesses(comparison, &numbers) != 0)
        return -1;
    cJSON *visibility = cJSON_AddObjectToObject(comparison->document, "visibility");
    cJSON *tools = cJSON_AddArrayToObject(visibility, "tools");
    cJSON *cells = cJSON_AddArrayToObject(visibility, "cells");
    for (unsigned column = 0; column < COLUMNS; column++)
        add_tool(tools, columns[column].id, columns[column].label);
    for (int witness = 0; witness < WITNESS_COUNT; witness++)
        add_tool(tools, witness_id((enum witness)witness), witness_label((enum witness)witness));
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        if (!plan_wants(&comparison->plan, lesson))
            continue;
        for (unsigned column = 0; column < COLUMNS; column++)
            add_column(comparison, cells, column, lesson);
        for (int witness = 0; witness < WITNESS_COUNT; witness++) {
            double naive = numbers.values[witness][0], fixed = numbers.values[witness][1 + lesson];
            add_cell(cells, witness_id((enum witness)witness), lesson,
                     is_witnessed((enum witness)witness, naive, fixed), naive, fixed,
                     witness_unit((enum witness)witness));
        }
    }
    return 0;
}
