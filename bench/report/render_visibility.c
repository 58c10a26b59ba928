/*
 * render_visibility.c - which tool sees which problem, and by what number; of two commands, which
 * of them saw that anything changed.
 */
#include <math.h>
#include <string.h>

#include "bench/lesson.h"
#include "bench/report/render_metrics.h"
#include "bench/report/render_number.h"
#include "bench/report/render_parts.h"

static void add_sight(struct report *report, const struct sight *cell)
{
    if (cell == NULL) { /* not measured in this run, which is not the same as blind */
        report_cell(report, REPORT_QUIET, RENDER_NOTHING, NULL);
        return;
    }
    const char *text = "sees it", *shown = cell->shown;
    if (isfinite(cell->naive) && isfinite(cell->fixed)) {
        char from[RENDER_NUMBER_SIZE], to[RENDER_NUMBER_SIZE];
        const char *per = render_per(cell->unit);
        text = report_text(report, "%s \u2192 %s", render_value(from, cell->naive, cell->unit),
                           render_value(to, cell->fixed, cell->unit));
        shown = report_text(report, "%s%s%s", shown != NULL ? shown : "",
                            *per != '\0' ? ", for a " : "", per);
    } else if (shown != NULL) {
        text = shown;
    }
    if (cell->is_seen)
        report_cell(report, REPORT_PLAIN, text, shown);
    else
        report_cell(report, REPORT_QUIET, "blind", text);
}

/* NULL if it was not measured. `lesson` may be NULL: of any. */
static const struct sight *find_cell(const struct visibility *visibility, const char *tool,
                                     const char *lesson)
{
    for (unsigned i = 0; i < visibility->cell_count; i++) {
        const struct sight *cell = &visibility->cells[i];
        if (strcmp(cell->tool, tool) == 0 && (lesson == NULL || strcmp(cell->lesson, lesson) == 0))
            return cell;
    }
    return NULL;
}

static bool is_change(const struct measurement *one)
{
    return one->judgement.is_judged && one->judgement.verdict != VERDICT_NO_DIFFERENCE;
}

static bool is_of(const struct measurement *one, const struct measurement *other)
{
    return strcmp(one->metric.what.tool, other->metric.what.tool) == 0;
}

/* What a section's tool says of two commands, by its first row that shows a change, or its first.
 */
static void add_tool(struct report *report, const struct section *section, unsigned first)
{
    const struct measurement *shown = &section->measurements[first];

    for (unsigned i = 0; i < first; i++)
        if (is_of(&section->measurements[i], shown))
            return; /* it has its row */
    for (unsigned i = first; i < section->measurement_count && !is_change(shown); i++)
        if (is_of(&section->measurements[i], shown) && is_change(&section->measurements[i]))
            shown = &section->measurements[i];
    metrics_add_summary_row(report, shown, shown->metric.what.tool, false);
}

static void add_witnesses(struct report *report, const struct model *model)
{
    report_section(report, "visibility", "Which witness saw it");
    report_paragraph(report, REPORT_EVERYWHERE, REPORT_QUIET,
                     "Each tool, section by section, by its first row that shows a change. One "
                     "that shows none is blind to it, or it is too small to be told from noise.");
    metrics_add_summary(report, "tool", false);
    for (unsigned i = 0; i < model->lesson_count; i++)
        for (unsigned k = 0; k < model->lessons[i].measurement_count; k++)
            add_tool(report, &model->lessons[i], k);
}

void report_add_visibility(struct report *report, const struct model *model)
{
    const struct visibility *visibility = model->visibility;

    if (model->subject != NULL) {
        add_witnesses(report, model);
        return;
    }
    report_section(report, "visibility", "Which tool sees which problem");
    if (visibility == NULL || visibility->cell_count == 0)
        return;
    report_table(report, REPORT_EVERYWHERE, REPORT_OWN,
                 report_text(report,
                             "what each tool showed of %s and of the build with that one fix",
                             CODE_NAIVE));
    report_column(report, false, "tool");
    for (unsigned i = 0; i < model->lesson_count; i++)
        report_column(report, false, model->lessons[i].id);
    for (unsigned k = 0; k < visibility->tool_count; k++) {
        const struct tool *tool = &visibility->tools[k];
        if (find_cell(visibility, tool->id, NULL) == NULL)
            continue; /* not run at all */
        report_cell(report, REPORT_PLAIN, tool->label != NULL ? tool->label : tool->id, NULL);
        for (unsigned i = 0; i < model->lesson_count; i++)
            add_sight(report, find_cell(visibility, tool->id, model->lessons[i].id));
    }
}
