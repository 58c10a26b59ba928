/*
 * render_base.c - what changed against an earlier comparison, where one was given (BASE=).
 */
#include <math.h>
#include <string.h>

#include "bench/report/render_metrics.h"
#include "bench/report/render_number.h"
#include "bench/report/render_parts.h"

enum { ROWS_MAX = 40 };

static void add_counts(struct report *report, const struct base_changes *base)
{
    char text[RENDER_NUMBER_SIZE];

    report_table(report, REPORT_EVERYWHERE, REPORT_OWN,
                 "counts that differ, which no noise can explain");
    report_column(report, false, "count");
    report_column(report, false, "tool");
    report_column(report, false, "build");
    report_column(report, true, "then");
    report_column(report, true, "now");
    report_column(report, true, "now / then");
    report_column(report, false, "verdict");
    for (unsigned i = 0; i < base->changed_count && i < ROWS_MAX; i++) {
        const struct count_change *change = &base->counts[i];
        report_cell(report, REPORT_PLAIN, change->what.label, NULL);
        report_cell(report, REPORT_QUIET, change->what.tool, NULL);
        report_cell(report, REPORT_PLAIN, change->build, NULL);
        render_value(text, change->then, change->what.unit);
        report_cell(report, REPORT_PLAIN, report_text(report, "%s", text), NULL);
        render_value(text, change->now, change->what.unit);
        report_cell(report, REPORT_PLAIN, report_text(report, "%s", text), NULL);
        report_cell(report, REPORT_PLAIN,
                    isnan(change->ratio) ? RENDER_INFINITE
                                         : report_text(report, "%.4fx", change->ratio),
                    NULL);
        report_cell(report, metrics_tone(change->verdict), change->verdict, NULL);
    }
    if (base->changed_count > ROWS_MAX)
        report_paragraph(report, REPORT_EVERYWHERE, REPORT_QUIET,
                         report_text(report, "and %u more, in compare.json under base",
                                     base->changed_count - ROWS_MAX));
}

static void add_end(struct report *report, const struct judgement *end)
{
    char ratio[RENDER_NUMBER_SIZE], interval[RENDER_NUMBER_SIZE];
    render_ratio(ratio, end->ratio);
    render_interval(interval, end->low, end->high);
    report_cell(report, REPORT_PLAIN, report_text(report, "%s (%s)", ratio, interval), NULL);
}

static void add_ratios(struct report *report, const struct base_changes *base)
{
    report_table(report, REPORT_EVERYWHERE, REPORT_OWN,
                 "ratios naive / fixed whose intervals do not overlap");
    report_column(report, false, "lesson");
    report_column(report, false, "metric");
    report_column(report, true, "then");
    report_column(report, true, "now");
    report_column(report, false, "the fix is");
    for (unsigned i = 0; i < base->ratio_count; i++) {
        const struct ratio_change *change = &base->ratios[i];
        bool is_more = strcmp(change->verdict, "worth more") == 0;
        report_cell(report, REPORT_PLAIN, change->lesson, NULL);
        report_cell(report, REPORT_PLAIN, change->label, NULL);
        add_end(report, &change->then);
        add_end(report, &change->now);
        report_cell(report, is_more ? REPORT_BETTER : REPORT_WORSE, change->verdict, NULL);
    }
}

/* "bytes allocated (counters), time (wall time)": what only one of the two runs has. */
static void add_missing(struct report *report, const struct base_changes *base, const char *in,
                        const char *term)
{
    const char *text = "";

    for (unsigned i = 0; i < base->missing_count; i++)
        if (strcmp(base->missing[i].in, in) == 0)
            text = report_join(
                report, text, ", ",
                report_text(report, "%s (%s)", base->missing[i].label, base->missing[i].tool));
    if (*text != '\0')
        report_term(report, REPORT_EVERYWHERE, term, text);
}

static const char *sum_text(struct report *report, const struct base_changes *base)
{
    const char *text = base->counts_compared > 0
                           ? report_text(report, "%u of %u exact counts differ",
                                         base->changed_count, base->counts_compared)
                           : "no counts were compared";
    return report_join(report, text, "; ",
                       report_text(report, "%u of %u ratios changed beyond their intervals",
                                   base->ratio_count, base->ratios_judged));
}

void report_add_base(struct report *report, const struct base_changes *base)
{
    char text[RENDER_NUMBER_SIZE];

    if (base == NULL)
        return;
    struct report_section *section = report_section(report, "base", "What changed since the base");
    section->aside = base->created;
    report_term(report, REPORT_EVERYWHERE, "base",
                report_join(report, base->path, ", ", report_text(report, "%s mode", base->mode)));
    report_term(report, REPORT_EVERYWHERE, "result", sum_text(report, base));
    render_share(text, base->tolerance_instructions);
    report_term(
        report, REPORT_EVERYWHERE, "reading",
        report_text(report,
                    "a count differs by any difference, instructions by more than %s. Times "
                    "are compared by their ratios alone, as absolute times of two runs "
                    "depend on the machine and on what else it does.",
                    text));
    add_missing(report, base, "base", "not in base");
    add_missing(report, base, "this run", "only in base");
    for (unsigned i = 0; i < base->remark_count; i++)
        report_point(report, REPORT_EVERYWHERE, base->remarks[i]);
    if (base->changed_count > 0)
        add_counts(report, base);
    if (base->ratio_count > 0)
        add_ratios(report, base);
}
