/*
 * render_guesses.c - what was guessed before anything was measured, and how far off that was
 * (make predict).
 */
#include <math.h>
#include <string.h>

#include "bench/report/render_number.h"
#include "bench/report/render_parts.h"

static void add_ratio(struct report *report, enum report_tone tone, double ratio)
{
    char text[RENDER_NUMBER_SIZE];
    render_ratio(text, isnan(ratio) ? INFINITY : ratio); /* of which nothing is left */
    report_cell(report, tone, report_text(report, "%s", text), NULL);
}

static const char *interval_text(struct report *report, const struct judged_guess *guess)
{
    char text[RENDER_NUMBER_SIZE];
    if (guess->is_exact)
        return "exact";
    render_interval(text, guess->low, guess->high);
    return report_text(report, "%s", text);
}

static void add_row(struct report *report, const struct judged_guess *guess)
{
    char points[RENDER_NUMBER_SIZE];

    report_cell(report, REPORT_PLAIN, guess->lesson, NULL);
    report_cell(report, REPORT_PLAIN, guess->label != NULL ? guess->label : guess->metric, NULL);
    add_ratio(report, REPORT_PLAIN, guess->guess);
    if (guess->label == NULL) {
        report_cell(report, REPORT_QUIET, "not in this run", NULL);
        for (int i = 0; i < 3; i++)
            report_cell(report, REPORT_QUIET, RENDER_NOTHING, NULL);
        return;
    }
    add_ratio(report, REPORT_STRONG, guess->measured);
    report_cell(report, REPORT_PLAIN, interval_text(report, guess), NULL);
    if (guess->is_right)
        report_cell(report, REPORT_BETTER, "right", NULL);
    else
        add_ratio(report, REPORT_PLAIN, guess->off);
    render_count(points, rint(guess->points));
    report_cell(report, REPORT_PLAIN, report_text(report, "%s", points), NULL);
}

void report_add_guesses(struct report *report, const struct judged_guesses *guesses)
{
    static const struct {
        const char *title;
        bool is_number;
    } columns[] = {{"lesson", false},  {"naive / fixed of", false}, {"guess", true},
                   {"measured", true}, {"interval", false},         {"off by", true},
                   {"points", true}};
    char text[RENDER_NUMBER_SIZE];

    if (guesses == NULL || guesses->guess_count == 0)
        return;
    struct report_section *section = report_section(report, "guesses", "Your guesses");
    section->aside = report_text(report, "committed %s", guesses->committed);
    report_table(report, REPORT_EVERYWHERE, REPORT_OWN, "guessed before it was measured");
    for (unsigned i = 0; i < sizeof columns / sizeof *columns; i++)
        report_column(report, columns[i].is_number, columns[i].title);
    for (unsigned i = 0; i < guesses->guess_count; i++)
        add_row(report, &guesses->list[i]);
    for (unsigned i = 0; i < guesses->guess_count; i++) {
        const struct judged_guess *guess = &guesses->list[i];
        if (guess->label != NULL && *guess->belief != '\0')
            report_point(
                report, REPORT_EVERYWHERE,
                report_text(report, "%s (%s): %s", guess->lesson, guess->label, guess->belief));
    }
    if (*guesses->order != '\0')
        report_point(report, REPORT_EVERYWHERE, guesses->order);
    if (isfinite(guesses->points))
        report_paragraph(report, REPORT_EVERYWHERE, REPORT_QUIET,
                         report_text(report,
                                     "Together %s of 100 points: 100 where a guess was right, 50 "
                                     "where it was off by 2.",
                                     render_count(text, rint(guesses->points))));
}
