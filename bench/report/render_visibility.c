/*
 * render_visibility.c - which tool sees which problem, and by what number.
 */
#include <math.h>
#include <string.h>

#include "bench/lesson.h"
#include "bench/readers/member.h"
#include "bench/report/render_number.h"
#include "bench/report/render_parts.h"

static void add_sight(struct report *report, const cJSON *cell)
{
    const char *shown = member_text(cell, "shown", NULL);
    double naive = member_number(cell, "naive"), fixed = member_number(cell, "fixed");
    const char *unit = member_text(cell, "unit", "1"), *text = "sees it";

    if (cell == NULL) { /* not measured in this run, which is not the same as blind */
        report_cell(report, REPORT_QUIET, RENDER_NOTHING, NULL);
        return;
    }
    if (isfinite(naive) && isfinite(fixed)) {
        char from[RENDER_NUMBER_SIZE], to[RENDER_NUMBER_SIZE];
        const char *per = render_per(unit);
        text = report_text(report, "%s \u2192 %s", render_value(from, naive, unit),
                           render_value(to, fixed, unit));
        shown = report_text(report, "%s%s%s", shown != NULL ? shown : "",
                            *per != '\0' ? ", for a " : "", per);
    } else if (shown != NULL) {
        text = shown;
    }
    if (member_is_true(cell, "sees"))
        report_cell(report, REPORT_PLAIN, text, shown);
    else
        report_cell(report, REPORT_QUIET, "blind", text);
}

static const cJSON *find_cell(const cJSON *cells, const char *tool, const char *lesson)
{
    const cJSON *cell;
    cJSON_ArrayForEach (cell, cells)
        if (strcmp(member_text(cell, "tool", ""), tool) == 0 &&
            strcmp(member_text(cell, "lesson", ""), lesson) == 0)
            return cell;
    return NULL;
}

void report_add_visibility(struct report *report, const cJSON *document)
{
    const cJSON *visibility = member(document, "visibility"), *tool, *cell;
    const cJSON *tools = member(visibility, "tools"), *cells = member(visibility, "cells");
    struct member_names lessons = {.count = 0};

    cJSON_ArrayForEach (cell, cells)
        member_add_name(&lessons, member_text(cell, "lesson", NULL));
    report_section(report, "visibility", "Which tool sees which problem");
    if (lessons.count == 0)
        return;
    report_table(report, REPORT_EVERYWHERE, REPORT_OWN,
                 report_text(report,
                             "what each tool showed of %s and of the build with that one fix",
                             CODE_NAIVE));
    report_column(report, false, "tool");
    for (unsigned i = 0; i < lessons.count; i++)
        report_column(report, false, lessons.names[i]);
    cJSON_ArrayForEach (tool, tools) {
        const char *id = member_text(tool, "id", NULL);
        if (id == NULL || member_find(cells, "tool", id) == NULL)
            continue; /* not run at all */
        report_cell(report, REPORT_PLAIN, member_text(tool, "label", id), NULL);
        for (unsigned i = 0; i < lessons.count; i++)
            add_sight(report, find_cell(cells, id, lessons.names[i]));
    }
}
