/* render_calibration.c - how true the live profiles are: a table for each build. */
#include <math.h>
#include <string.h>

#include "bench/report/render_number.h"
#include "bench/report/render_parts.h"

static void add_cell(struct report *report, const struct calibration_row *row)
{
    enum report_tone tone = row->is_true ? REPORT_PLAIN : REPORT_WORSE;
    char known[RENDER_NUMBER_SIZE];
    const char *detail = report_text(report, "of %s", render_value(known, row->known, row->unit));

    if (!isfinite(row->known))
        report_cell(report, REPORT_QUIET, RENDER_NOTHING, NULL);
    else if (row->is_exact)
        report_cell(report, tone, row->is_true ? "equal" : "not equal !", detail);
    else if (!isfinite(row->ratio))
        report_cell(report, REPORT_QUIET, "too little", detail);
    else
        report_cell(report, tone,
                    report_text(report, "%.2f%s%s", row->ratio,
                                isfinite(row->low)
                                    ? report_text(report, " (%.2f\u2013%.2f)", row->low, row->high)
                                    : "",
                                row->is_true ? "" : " !"),
                    detail);
}

/* Of one build: a column for each condition, a row for each profile. Returns what is behind it. */
static const struct calibration_row *add_table(struct report *report,
                                               const struct calibration_row *first,
                                               const struct calibration_row *end)
{
    const struct calibration_row *row, *last = first;

    report_table(report, REPORT_EVERYWHERE, REPORT_OWN,
                 report_text(report, "%s: what the profile says / what is true", first->build));
    report_column(report, false, "profile");
    for (; last < end && strcmp(last->build, first->build) == 0; last++)
        if (last == first || strcmp(last->condition, last[-1].condition) != 0)
            report_column(report, true, last->condition);
    for (row = first; row < last && strcmp(row->condition, first->condition) == 0; row++) {
        report_cell(report, REPORT_PLAIN, row->profile, row->truth);
        for (const struct calibration_row *other = row; other < last; other++)
            if (strcmp(other->profile, row->profile) == 0)
                add_cell(report, other);
    }
    return last;
}

void report_add_calibration(struct report *report, const struct calibration *calibration)
{
    char texts[5][RENDER_NUMBER_SIZE];

    if (calibration == NULL || calibration->row_count == 0)
        return;
    struct report_section *section =
        report_section(report, "calibration", "How true the live profiles are");
    section->aside =
        report_text(report, "%s fresh services of each", render_count(texts[0], calibration->runs));
    for (const struct calibration_row *row = calibration->rows, *end = row + calibration->row_count;
         row < end;)
        row = add_table(report, row, end);
    report_paragraph(
        report, REPORT_EVERYWHERE, REPORT_QUIET,
        report_text(report,
                    "Medians, and intervals at %s, each by itself; ! is more than %s off. cpu is "
                    "held against the CPU time of the process; block and mutex against the time "
                    "that the program itself saw its locks waited for; allocs and heap against "
                    "its counters, by samples and (count, bytes) with each allocation sampled; "
                    "threads against the kernel's list, threadcreate against the threads started. "
                    "Too little to say so: under 100 ms waited or computed in all, or 32 MiB "
                    "allocated. Each was profiled for %s s, %s side by side; make "
                    "calibrate does it one by one.",
                    render_confidence(texts[1], calibration->confidence),
                    render_share(texts[2], calibration->tolerance),
                    render_count(texts[3], calibration->seconds),
                    render_count(texts[4], calibration->at_once)));
}
