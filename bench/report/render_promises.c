/*
 * render_promises.c - what each tool promised, and what came.
 */
#include <math.h>
#include <string.h>

#include "bench/report/render_number.h"
#include "bench/report/render_parts.h"

static const struct promise *find_promise(const struct promises *promises, bool has_database,
                                          const char *tool, const char *lesson)
{
    for (unsigned i = 0; i < promises->cell_count; i++) {
        const struct promise *one = &promises->cells[i];
        if (one->has_database == has_database && strcmp(one->lesson, lesson) == 0 &&
            (tool == NULL || strcmp(one->tool, tool) == 0))
            return one;
    }
    return NULL;
}

static void add_promise(struct report *report, const struct promise *promise)
{
    char gain[RENDER_NUMBER_SIZE], share[RENDER_NUMBER_SIZE];

    if (promise == NULL || isnan(promise->share)) {
        report_cell(report, REPORT_QUIET, RENDER_NOTHING, NULL);
        return;
    }
    if (promise->share < PROMISE_SEEN) {
        report_cell(report, REPORT_QUIET, promise->outcome == PROMISE_BLIND ? "blind" : "nothing",
                    NULL);
        return;
    }
    report_cell(report, REPORT_PLAIN,
                report_join(report, report_text(report, "%s", render_ratio(gain, promise->gain)),
                            " ", promise_outcome_name(promise->outcome)),
                report_text(report, "%s of its total", render_share(share, promise->share)));
}

static void add_measured(struct report *report, const struct model *model, bool has_database)
{
    report_cell(report, REPORT_STRONG, "measured", NULL);
    for (unsigned i = 0; i < model->lesson_count; i++) {
        const struct promise *one =
            find_promise(model->promises, has_database, NULL, model->lessons[i].id);
        char ratio[RENDER_NUMBER_SIZE];
        report_cell(report, REPORT_STRONG,
                    one == NULL || isnan(one->measured.ratio)
                        ? RENDER_NOTHING
                        : report_text(report, "%s%s", render_ratio(ratio, one->measured.ratio),
                                      report_spread(report, one->measured.low, one->measured.high)),
                    NULL);
    }
    report_cell(report, REPORT_PLAIN, "", NULL);
    report_cell(report, REPORT_PLAIN, "", NULL);
}

static void add_table(struct report *report, const struct model *model, bool has_database)
{
    report_table(report, REPORT_EVERYWHERE, REPORT_OWN,
                 has_database ? "with a database: time of the whole, before / after"
                              : "without a database: time of the whole, before / after");
    report_column(report, false, "tool");
    for (unsigned i = 0; i < model->lesson_count; i++)
        report_column(report, false, model->lessons[i].id);
    report_column(report, false, "first in its list");
    report_column(report, true, "rank");
    add_measured(report, model, has_database);
    for (unsigned t = 0; t < model->promises->tool_count; t++) {
        const struct promise_tool *tool = &model->promises->tools[t];
        if (tool->absent != NULL || tool->has_database != has_database)
            continue;
        report_cell(report, REPORT_PLAIN, tool->label, NULL);
        for (unsigned i = 0; i < model->lesson_count; i++)
            add_promise(report, find_promise(model->promises, has_database, tool->id,
                                             model->lessons[i].id));
        report_cell(report, tool->names != NULL ? REPORT_PLAIN : REPORT_QUIET,
                    tool->place != NULL ? tool->place : RENDER_NOTHING, NULL);
        report_cell(report, REPORT_PLAIN,
                    isnan(tool->order)
                        ? RENDER_NOTHING
                        : report_text(report, "%+.2f of %u", tool->order, tool->told),
                    NULL);
    }
}

/* What each rests on, once. */
static void add_assumptions(struct report *report, const struct model *model)
{
    for (unsigned t = 0; t < model->promises->tool_count; t++) {
        const struct promise_tool *tool = &model->promises->tools[t];
        bool is_known = false;
        for (unsigned i = 0; i < t; i++)
            is_known |= strcmp(model->promises->tools[i].id, tool->id) == 0;
        if (is_known)
            continue;
        if (tool->absent != NULL)
            report_term(report, REPORT_EVERYWHERE, tool->label,
                        report_text(report, "not run: %s", tool->absent));
        else
            report_term(report, REPORT_IN_MARKDOWN | REPORT_ON_PAGE, tool->label,
                        report_text(report, "takes it that %s", tool->assumes));
    }
}

void report_add_promises(struct report *report, const struct model *model)
{
    report_section(report, "promises", "What each tool promised, and what came");
    if (model->promises == NULL || model->promises->cell_count == 0)
        return;
    report_paragraph(
        report, REPORT_EVERYWHERE, REPORT_QUIET,
        report_text(
            report,
            "Who trusts one tool alone expects 1 / (1 - p) of a place with the share p of "
            "its total (Amdahl), as if it then cost nothing. Of %s. over: less came; under: "
            "more came; kept: it lies in the interval; nothing: too small a share, and "
            "blind where more came. rank: Kendall's, over so many pairs of lessons whose "
            "gains can be told apart.",
            CODE_NAIVE));
    add_table(report, model, false);
    add_table(report, model, true);
    add_assumptions(report, model);
}
