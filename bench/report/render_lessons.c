/*
 * render_lessons.c - each lesson, the whole, and all of them in short.
 */
#include <math.h>

#include "bench/lesson.h"
#include "bench/readers/member.h"
#include "bench/report/render_metrics.h"
#include "bench/report/render_number.h"
#include "bench/report/render_parts.h"

/* "as tags^1.93 (1.88-1.98) naive", or "" where nothing was fitted. */
static const char *power_text(struct report *report, const cJSON *curve, const char *side)
{
    const cJSON *fit = member(curve, "fit");
    double power = member_number(fit, report_text(report, "%s_exponent", side));
    double low = member_number(fit, report_text(report, "%s_exponent_low", side));
    double high = member_number(fit, report_text(report, "%s_exponent_high", side));
    char exponent[RENDER_NUMBER_SIZE];

    if (isnan(power))
        return "";
    return report_text(report, "as %s^%s%s %s", member_text(curve, "x", "x"),
                       render_exponent(exponent, power), report_spread(report, low, high), side);
}

static void add_growth(struct report *report, const cJSON *curve)
{
    static const char *const sides[] = {"naive", "yours", "fixed"};
    const char *powers = "";

    for (unsigned i = 0; i < sizeof sides / sizeof *sides; i++)
        powers = report_join(report, powers, ", ", power_text(report, curve, sides[i]));
    if (*powers != '\0')
        report_term(report, REPORT_EVERYWHERE, "growth",
                    report_text(report, "%s: %s", member_text(curve, "y", "y"), powers));
}

static double point_number(const cJSON *point, int index)
{
    const cJSON *number = cJSON_IsArray(point) ? cJSON_GetArrayItem(point, index) : NULL;
    return cJSON_IsNumber(number) ? number->valuedouble : NAN;
}

/* The y that a side has at this x. */
static double find_y(const cJSON *points, double x)
{
    const cJSON *point;
    cJSON_ArrayForEach (point, points)
        if (point_number(point, 0) == x)
            return point_number(point, 1);
    return NAN;
}

/* Bytes grow as the square, as they should; where time does not, a reader has to be told why. */
static void explain_growth(struct report *report, const cJSON *curves)
{
    const cJSON *time = member_find(curves, "y_unit", "ns");
    const cJSON *bytes = member_find(curves, "y_unit", "B");
    const char *x = member_text(time, "x", "x");
    const cJSON *times = member(time, "naive"), *sizes = member(bytes, "naive");
    double power = member_number(member(time, "fit"), "naive_exponent");
    double bytes_power = member_number(member(bytes, "fit"), "naive_exponent");
    const cJSON *last = cJSON_GetArrayItem(times, cJSON_GetArraySize(times) - 1);
    double most = point_number(last, 0), ns = point_number(last, 1);
    char powers[2][RENDER_NUMBER_SIZE], costs[2][RENDER_NUMBER_SIZE], size[RENDER_NUMBER_SIZE];

    if (!(power + 0.25 < bytes_power) || !(most > 0))
        return;
    report_paragraph(
        report, REPORT_EVERYWHERE, REPORT_QUIET,
        report_text(report,
                    "Why naive's time grows as %s^%s where its bytes grow as %s^%s: at %.0f %s it "
                    "allocates %s in %s, %s for each. So far what each of them costs by itself, a "
                    "malloc and a free among it, outweighs the copying, which is what grows as the "
                    "square.",
                    x, render_exponent(powers[0], power), x,
                    render_exponent(powers[1], bytes_power), most, x,
                    render_value(size, find_y(sizes, most), "B"), render_value(costs[0], ns, "ns"),
                    render_value(costs[1], ns / most, "ns")));
}

static void add_curve(struct report *report, const cJSON *curve)
{
    const cJSON *naive = member(curve, "naive"), *fixed = member(curve, "fixed"), *point;
    const cJSON *yours = member(curve, "yours");
    const char *y_unit = member_text(curve, "y_unit", "1");
    const char *x = member_text(curve, "x", "x"), *y = member_text(curve, "y", "y");
    char text[RENDER_NUMBER_SIZE];

    report_table(
        report, REPORT_ON_PAGE, REPORT_OWN,
        report_text(report, "%s over %s (%s)", y, x, member_text(curve, "tool", "measured")));
    report_column(report, true, x);
    report_column(report, true, "naive");
    if (yours != NULL)
        report_column(report, true, "yours");
    report_column(report, true, "fixed");
    cJSON_ArrayForEach (point, naive) {
        double at = point_number(point, 0);
        if (isnan(at))
            continue;
        render_value(text, at, member_text(curve, "x_unit", "1"));
        report_cell(report, REPORT_PLAIN, report_text(report, "%s", text), NULL);
        render_value(text, point_number(point, 1), y_unit);
        report_cell(report, REPORT_PLAIN, report_text(report, "%s", text), NULL);
        if (yours != NULL) {
            render_value(text, find_y(yours, at), y_unit);
            report_cell(report, REPORT_PLAIN, report_text(report, "%s", text), NULL);
        }
        render_value(text, find_y(fixed, at), y_unit);
        report_cell(report, REPORT_PLAIN, report_text(report, "%s", text), NULL);
    }
}

/* "1 key: string building" */
static const char *lesson_title(struct report *report, const cJSON *lesson)
{
    const char *id = member_text(lesson, "id", "?"), *title = member_text(lesson, "title", NULL);
    double place = member_number(lesson, "number");
    char number[RENDER_NUMBER_SIZE];

    render_count(number, place);
    return report_text(report, "%s%s%s%s%s", isnan(place) ? "" : number, isnan(place) ? "" : " ",
                       id, title != NULL ? ": " : "", title != NULL ? title : "");
}

static void add_lesson(struct report *report, const cJSON *lesson, unsigned index, bool has_yours)
{
    const char *naive = member_text(lesson, "naive_file", NULL);
    const char *fixed = member_text(lesson, "fixed_file", NULL);
    const char *words = member_text(lesson, "words", NULL);
    const char *verdict = member_text(lesson, "verdict", NULL);
    const cJSON *curves = member(lesson, "curves"), *curve;
    struct report_section *section = report_section(report, report_text(report, "lesson%u", index),
                                                    lesson_title(report, lesson));

    if (naive != NULL && fixed != NULL)
        section->aside = report_text(report, "%s \u2192 %s", naive, fixed);
    if (verdict != NULL) {
        section->tone = metrics_tone(verdict);
        section->verdict = report_verdict(section->tone);
    }
    if (words != NULL)
        report_paragraph(report, REPORT_EVERYWHERE, REPORT_QUIET, words);
    metrics_add(report, lesson, member_text(lesson, "title", "the lesson"), has_yours);
    cJSON_ArrayForEach (curve, curves)
        add_growth(report, curve);
    explain_growth(report, curves);
    cJSON_ArrayForEach (curve, curves)
        add_curve(report, curve);
}

void report_add_lessons(struct report *report, const cJSON *document)
{
    const cJSON *lessons = member(document, "lessons"), *whole = member(document, "whole"), *lesson;
    bool has_yours = cJSON_IsObject(member(document, "yours"));
    unsigned index = 1;

    cJSON_ArrayForEach (lesson, lessons)
        if (cJSON_IsObject(lesson))
            add_lesson(report, lesson, index++, has_yours);
    report_section(report, "whole",
                   report_text(report, "The whole: %s (nothing fixed) against %s (all fixed)",
                               CODE_NAIVE, CODE_FIXED));
    metrics_add(report, whole, "nothing fixed against all fixed", has_yours);
}

static const char *yours_words(struct report *report, const cJSON *yours)
{
    return report_text(report,
                       "yours: the files of %s in the place of fixed/, compared with naive/ in a "
                       "run of its own. Interval and verdict are those of naive / yours; no time "
                       "of one run is held against a time of the other.",
                       member_text(yours, "folder", "somebody"));
}

void report_add_summary(struct report *report, const cJSON *document)
{
    const cJSON *lessons = member(document, "lessons"), *whole = member(document, "whole"), *lesson;
    const cJSON *time = member_find(member(whole, "metrics"), "name", "time");

    bool has_yours = cJSON_IsObject(member(document, "yours"));

    report_section(report, "summary", "In short");
    metrics_add_summary(report, has_yours);
    cJSON_ArrayForEach (lesson, lessons) {
        const cJSON *headline =
            member_find(member(lesson, "metrics"), "name", member_text(lesson, "headline", ""));
        if (headline != NULL)
            metrics_add_summary_row(report, headline, lesson_title(report, lesson), has_yours);
    }
    if (time != NULL)
        metrics_add_summary_row(report, time, "the whole", has_yours);
    if (has_yours)
        report_paragraph(report, REPORT_EVERYWHERE, REPORT_QUIET,
                         yours_words(report, member(document, "yours")));
}
