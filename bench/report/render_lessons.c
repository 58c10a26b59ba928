/*
 * render_lessons.c - each lesson, the whole, and all of them in short.
 */
#include <math.h>
#include <string.h>

#include "bench/lesson.h"
#include "bench/report/render_metrics.h"
#include "bench/report/render_number.h"
#include "bench/report/render_parts.h"

/* "as tags^1.93 (1.88-1.98) naive", or "" where nothing was fitted. */
static const char *power_text(struct report *report, const struct measured_curve *measured,
                              enum side side)
{
    const struct series *series = &measured->sides[side];
    char exponent[RENDER_NUMBER_SIZE];

    if (isnan(series->exponent))
        return "";
    return report_text(report, "as %s^%s%s %s", measured->curve.x,
                       render_exponent(exponent, series->exponent),
                       report_spread(report, series->exponent_low, series->exponent_high),
                       side < SIDE_YOURS ? report->sides[side] : side_name(side));
}

static void add_growth(struct report *report, const struct measured_curve *measured)
{
    static const enum side sides[] = {SIDE_NAIVE, SIDE_YOURS, SIDE_FIXED};
    const char *powers = "";

    for (unsigned i = 0; i < sizeof sides / sizeof *sides; i++)
        powers = report_join(report, powers, ", ", power_text(report, measured, sides[i]));
    if (*powers != '\0')
        report_term(report, REPORT_EVERYWHERE, "growth",
                    report_text(report, "%s: %s", measured->curve.y, powers));
}

/* The y that a side has at this x. */
static double find_y(const struct series *series, double x)
{
    for (unsigned i = 0; i < series->count; i++)
        if (series->x[i] == x)
            return series->y[i];
    return NAN;
}

static const struct measured_curve *find_curve(const struct section *lesson, const char *y_unit)
{
    for (unsigned i = 0; i < lesson->curve_count; i++)
        if (strcmp(lesson->curves[i].curve.y_unit, y_unit) == 0)
            return &lesson->curves[i];
    return NULL;
}

/* Bytes grow as the square, as they should; where time does not, a reader has to be told why. */
static void explain_growth(struct report *report, const struct section *lesson)
{
    const struct measured_curve *time = find_curve(lesson, "ns"), *bytes = find_curve(lesson, "B");
    char powers[2][RENDER_NUMBER_SIZE], costs[2][RENDER_NUMBER_SIZE], size[RENDER_NUMBER_SIZE];

    if (time == NULL || bytes == NULL || time->sides[SIDE_NAIVE].count == 0)
        return;
    const struct series *times = &time->sides[SIDE_NAIVE], *sizes = &bytes->sides[SIDE_NAIVE];
    const char *x = time->curve.x;
    double most = times->x[times->count - 1], ns = times->y[times->count - 1];
    if (!(times->exponent + 0.25 < sizes->exponent) || !(most > 0))
        return;
    report_paragraph(
        report, REPORT_EVERYWHERE, REPORT_QUIET,
        report_text(report,
                    "Why naive's time grows as %s^%s where its bytes grow as %s^%s: at %.0f %s it "
                    "allocates %s in %s, %s for each. So far what each of them costs by itself, a "
                    "malloc and a free among it, outweighs the copying, which is what grows as the "
                    "square.",
                    x, render_exponent(powers[0], times->exponent), x,
                    render_exponent(powers[1], sizes->exponent), most, x,
                    render_value(size, find_y(sizes, most), "B"), render_value(costs[0], ns, "ns"),
                    render_value(costs[1], ns / most, "ns")));
}

static void add_value(struct report *report, double value, const char *unit)
{
    char text[RENDER_NUMBER_SIZE];
    render_value(text, value, unit);
    report_cell(report, REPORT_PLAIN, report_text(report, "%s", text), NULL);
}

static void add_curve(struct report *report, const struct measured_curve *measured)
{
    const struct curve *curve = &measured->curve;
    const struct series *naive = &measured->sides[SIDE_NAIVE];
    bool has_yours = measured->sides[SIDE_YOURS].count > 0;

    report_table(report, REPORT_ON_PAGE, REPORT_OWN,
                 report_text(report, "%s over %s (%s)", curve->y, curve->x, curve->tool));
    report_column(report, true, curve->x);
    report_column(report, true, report->sides[0]);
    if (has_yours)
        report_column(report, true, "yours");
    report_column(report, true, report->sides[1]);
    for (unsigned i = 0; i < naive->count; i++) {
        const double at = naive->x[i];
        if (isnan(at))
            continue;
        add_value(report, at, curve->x_unit);
        add_value(report, naive->y[i], curve->y_unit);
        if (has_yours)
            add_value(report, find_y(&measured->sides[SIDE_YOURS], at), curve->y_unit);
        add_value(report, find_y(&measured->sides[SIDE_FIXED], at), curve->y_unit);
    }
}

/* "1 key: string building" */
static const char *lesson_title(struct report *report, const struct section *lesson)
{
    const char *title = lesson->title != NULL ? lesson->title : "";
    const char *name = lesson->id;

    if (lesson->number > 0)
        name = report_text(report, "%u %s", lesson->number, lesson->id);
    return report_join(report, name, ": ", title);
}

static void add_lesson(struct report *report, const struct section *lesson, unsigned index,
                       bool has_yours)
{
    struct report_section *section = report_section(report, report_text(report, "lesson%u", index),
                                                    lesson_title(report, lesson));

    if (lesson->naive_file != NULL && lesson->fixed_file != NULL)
        section->aside =
            report_text(report, "%s \u2192 %s", lesson->naive_file, lesson->fixed_file);
    const struct measurement *headline = metrics_headline(lesson);
    section->tone = headline != NULL && !headline->judgement.is_judged
                        ? REPORT_UNJUDGED
                        : metrics_tone(verdict_name(lesson->verdict));
    section->verdict = report_verdict(section->tone);
    if (lesson->words != NULL)
        report_paragraph(report, REPORT_EVERYWHERE, REPORT_QUIET, lesson->words);
    metrics_add(report, lesson, lesson->title != NULL ? lesson->title : "the lesson", has_yours);
    for (unsigned i = 0; i < lesson->curve_count; i++)
        add_growth(report, &lesson->curves[i]);
    explain_growth(report, lesson);
    for (unsigned i = 0; i < lesson->curve_count; i++)
        add_curve(report, &lesson->curves[i]);
}

void report_add_lessons(struct report *report, const struct model *model)
{
    bool has_yours = model->yours != NULL;

    for (unsigned i = 0; i < model->lesson_count; i++)
        add_lesson(report, &model->lessons[i], i + 1, has_yours);
    if (model->subject != NULL)
        return;
    report_section(report, "whole",
                   report_text(report, "The whole: %s (nothing fixed) against %s (all fixed)",
                               CODE_NAIVE, CODE_FIXED));
    metrics_add(report, &model->whole, "nothing fixed against all fixed", has_yours);
}

static const char *yours_words(struct report *report, const struct yours_run *yours)
{
    return report_text(report,
                       "yours: the files of %s in the place of fixed/, compared with naive/ in a "
                       "run of its own. Interval and verdict are those of naive / yours; no time "
                       "of one run is held against a time of the other.",
                       yours->folder);
}

void report_add_summary(struct report *report, const struct model *model)
{
    const struct measurement *time = section_find(&model->whole, "time");
    bool has_yours = model->yours != NULL;

    report_section(report, "summary", "In short");
    metrics_add_summary(report, model->subject != NULL ? "witness" : "lesson", has_yours);
    for (unsigned i = 0; i < model->lesson_count; i++) {
        const struct measurement *headline = metrics_headline(&model->lessons[i]);
        if (headline != NULL)
            metrics_add_summary_row(report, headline, lesson_title(report, &model->lessons[i]),
                                    has_yours);
    }
    if (time != NULL)
        metrics_add_summary_row(report, time, "the whole", has_yours);
    if (has_yours)
        report_paragraph(report, REPORT_EVERYWHERE, REPORT_QUIET,
                         yours_words(report, model->yours));
}
