/*
 * render_guesses.c - what was guessed before anything was measured, and how far off that was
 * (make predict).
 */
#include <math.h>
#include <string.h>

#include "bench/readers/member.h"
#include "bench/report/render_number.h"
#include "bench/report/render_parts.h"

static void add_ratio(struct report *report, enum report_tone tone, double ratio)
{
    char text[RENDER_NUMBER_SIZE];
    render_ratio(text, isnan(ratio) ? INFINITY : ratio); /* of which nothing is left */
    report_cell(report, tone, report_text(report, "%s", text), NULL);
}

static const char *interval_text(struct report *report, const cJSON *guess)
{
    char text[RENDER_NUMBER_SIZE];
    if (member_is_true(guess, "exact"))
        return "exact";
    render_interval(text, member_number(guess, "ci_low"), member_number(guess, "ci_high"));
    return report_text(report, "%s", text);
}

static void add_row(struct report *report, const cJSON *guess)
{
    const char *label = member_text(guess, "label", NULL);
    char points[RENDER_NUMBER_SIZE];

    report_cell(report, REPORT_PLAIN, member_text(guess, "lesson", "?"), NULL);
    report_cell(report, REPORT_PLAIN, label != NULL ? label : member_text(guess, "metric", "?"),
                NULL);
    add_ratio(report, REPORT_PLAIN, member_number(guess, "guess"));
    if (label == NULL) {
        report_cell(report, REPORT_QUIET, "not in this run", NULL);
        for (int i = 0; i < 3; i++)
            report_cell(report, REPORT_QUIET, RENDER_NOTHING, NULL);
        return;
    }
    add_ratio(report, REPORT_STRONG, member_number(guess, "measured"));
    report_cell(report, REPORT_PLAIN, interval_text(report, guess), NULL);
    if (member_is_true(guess, "is_right"))
        report_cell(report, REPORT_BETTER, "right", NULL);
    else
        add_ratio(report, REPORT_PLAIN, member_number(guess, "off"));
    render_count(points, rint(member_number(guess, "points")));
    report_cell(report, REPORT_PLAIN, report_text(report, "%s", points), NULL);
}

void report_add_guesses(struct report *report, const cJSON *document)
{
    static const struct {
        const char *title;
        bool is_number;
    } columns[] = {{"lesson", false},  {"naive / fixed of", false}, {"guess", true},
                   {"measured", true}, {"interval", false},         {"off by", true},
                   {"points", true}};
    const cJSON *guesses = member(document, "guesses"), *guess;
    double points = member_number(guesses, "points");
    const char *order = member_text(guesses, "order", NULL);
    char text[RENDER_NUMBER_SIZE];

    if (cJSON_GetArraySize(member(guesses, "list")) == 0)
        return;
    struct report_section *section = report_section(report, "guesses", "Your guesses");
    section->aside =
        report_text(report, "committed %s", member_text(guesses, "committed", "before"));
    report_table(report, REPORT_EVERYWHERE, REPORT_OWN, "guessed before it was measured");
    for (unsigned i = 0; i < sizeof columns / sizeof *columns; i++)
        report_column(report, columns[i].is_number, columns[i].title);
    cJSON_ArrayForEach (guess, member(guesses, "list"))
        add_row(report, guess);
    cJSON_ArrayForEach (guess, member(guesses, "list")) {
        const char *belief = member_text(guess, "belief", NULL);
        if (belief != NULL)
            report_point(report, REPORT_EVERYWHERE,
                         report_text(report, "%s (%s): %s", member_text(guess, "lesson", "?"),
                                     member_text(guess, "label", "?"), belief));
    }
    if (order != NULL)
        report_point(report, REPORT_EVERYWHERE, order);
    if (isfinite(points))
        report_paragraph(report, REPORT_EVERYWHERE, REPORT_QUIET,
                         report_text(report,
                                     "Together %s of 100 points: 100 where a guess was right, 50 "
                                     "where it was off by 2.",
                                     render_count(text, rint(points))));
}
