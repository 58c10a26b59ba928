/*
 * render_remarks.c - how many workers, and what else there is to know: warnings, how to read it all,
 * and the files.
 */
#include <math.h>
#include <string.h>

#include "bench/lesson.h"
#include "bench/report/render_number.h"
#include "bench/report/render_parts.h"

static bool is_chosen(const struct sweep *sweep, const struct sweep_point *point)
{
    return point->workers == sweep->chosen && strcmp(point->build, CODE_FIXED) == 0;
}

/* "1: 8,410" or "chosen 12: 88,000" or "fffn 400: 95,000", in records a second. */
static const char *point_text(struct report *report, const struct sweep *sweep,
                              const struct sweep_point *point)
{
    const char *build = point->build;
    char workers[RENDER_NUMBER_SIZE], rate[RENDER_NUMBER_SIZE];

    if (is_chosen(sweep, point))
        build = "chosen\u00a0";
    else if (strcmp(build, CODE_FIXED) == 0)
        build = "";
    else
        build = report_text(report, "%s\u00a0", build);
    return report_text(report, "%s%s:\u00a0%s", build, render_count(workers, point->workers),
                       render_count(rate, rint(point->records_per_s)));
}

static void add_sweep_table(struct report *report, const struct sweep *sweep)
{
    char text[RENDER_NUMBER_SIZE];

    report_table(report, REPORT_IN_MARKDOWN | REPORT_ON_PAGE, REPORT_OWN,
                 "records a second by the number of workers");
    report_column(report, true, "workers");
    report_column(report, false, "build");
    report_column(report, true, "records a second");
    for (unsigned i = 0; i < sweep->point_count; i++) {
        const struct sweep_point *point = &sweep->points[i];
        enum report_tone tone = is_chosen(sweep, point) ? REPORT_STRONG : REPORT_PLAIN;
        render_count(text, point->workers);
        report_cell(report, tone, report_text(report, "%s", text), NULL);
        report_cell(report, tone,
                    report_join(report, point->build, ", ",
                                is_chosen(sweep, point) ? "the size that it chooses" : ""),
                    NULL);
        render_count(text, rint(point->records_per_s));
        report_cell(report, tone, report_text(report, "%s", text), NULL);
    }
}

void report_add_sweep(struct report *report, const struct sweep *sweep)
{
    const char *line = "";
    struct report_section *section = report_section(report, "sweep", "How many workers");
    char text[RENDER_NUMBER_SIZE];

    for (unsigned i = 0; sweep != NULL && i < sweep->point_count; i++)
        line = report_join(report, line, "   ", point_text(report, sweep, &sweep->points[i]));
    if (*line == '\0')
        return;
    section->aside = "records/s by workers";
    if (isfinite(sweep->latency_ns))
        section->aside = report_text(report, "records/s by workers, database %s",
                                     render_setting(text, sweep->latency_ns));
    report_paragraph(report, REPORT_ON_TERMINAL, REPORT_PLAIN, line);
    add_sweep_table(report, sweep);
    if (sweep->words != NULL)
        report_paragraph(report, REPORT_EVERYWHERE, REPORT_QUIET, sweep->words);
}

static void add_reading(struct report *report, const struct model *model)
{
    const char *const points[] = {
        report_text(report, "A ratio is %s / %s: above 1 the %s side costs less.", report->sides[0],
                    report->sides[1], report->sides[1]),
        "exact: a count that is the same on each run, so it has no interval.",
        "An interval is of the ratio, over rounds of fresh processes; what it rests on stands with "
        "the metric.",
        "better and worse: the whole interval lies on one side of no change. no difference: none "
        "could be "
        "shown, which does not say that there is none; the smallest effect says how large one the "
        "row would have shown. not judged: measured too few times for an interval.",
        report_text(report, "A build is named by a letter for each of %s: n is naive, f is fixed.",
                    report_order(report, model)),
        "A share in percent is the fix's Shapley value: what it saves, averaged over all orders in "
        "which they can be added. The shares of a metric sum to its whole saving; a negative one "
        "costs.",
        "A tool is blind to a problem if the number that it shows hardly changes with the fix.",
    };

    report_section(report, "reading", "How to read this");
    /* the others are about builds, and lessons */
    const unsigned count = model->subject != NULL ? 4 : sizeof points / sizeof *points;
    for (unsigned i = 0; i < count; i++)
        report_point(report, REPORT_IN_MARKDOWN | REPORT_ON_PAGE, points[i]);
}

static void add_files(struct report *report, const struct model *model)
{
    struct report_section *section = report_section(report, "files", "Files beside this one");

    section->places = REPORT_ON_PAGE;
    report_table(report, REPORT_ON_PAGE, REPORT_OWN, "everything that was written");
    report_column(report, false, "file");
    report_column(report, false, "what it holds");
    report_column(report, false, "open with");
    for (unsigned i = 0; i < model->file_count; i++) {
        report_cell(report, REPORT_LINK, model->files[i].path, NULL);
        report_cell(report, REPORT_PLAIN, model->files[i].what, NULL);
        report_cell(report, REPORT_PLAIN, model->files[i].open_with, NULL);
    }
}

void report_add_remarks(struct report *report, const struct model *model)
{
    report_section(report, "warnings", "Mind this");
    for (unsigned i = 0; i < model->warning_count; i++)
        if (*model->warnings[i] != '\0')
            report_point(report, REPORT_EVERYWHERE, model->warnings[i]);
    for (unsigned i = 0; i < model->machine.lack_count; i++) {
        const struct lack *lack = &model->machine.missing[i];
        const char *words =
            report_join(report, report_text(report, "no %s", lack->what), ": ", lack->why);
        if (lack->lost != NULL)
            words = report_join(report, words, "; ", report_text(report, "lost: %s", lack->lost));
        report_point(report, REPORT_EVERYWHERE, words);
    }
    add_reading(report, model);
    add_files(report, model);
}
