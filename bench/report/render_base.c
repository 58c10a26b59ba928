/*
 * render_base.c - what changed against an earlier comparison, where one was given (BASE=).
 */
#include <math.h>
#include <string.h>

#include "bench/readers/member.h"
#include "bench/report/render_metrics.h"
#include "bench/report/render_number.h"
#include "bench/report/render_parts.h"

enum { ROWS_MAX = 40 };

static void add_counts(struct report *report, const cJSON *counts)
{
    const cJSON *item;
    char text[RENDER_NUMBER_SIZE];
    int shown = 0, count = cJSON_GetArraySize(counts);

    report_table(report, REPORT_EVERYWHERE, REPORT_OWN,
                 "counts that differ, which no noise can explain");
    report_column(report, false, "count");
    report_column(report, false, "tool");
    report_column(report, false, "build");
    report_column(report, true, "then");
    report_column(report, true, "now");
    report_column(report, true, "now / then");
    report_column(report, false, "verdict");
    cJSON_ArrayForEach (item, counts) {
        const char *unit = member_text(item, "unit", "1");
        const char *verdict = member_text(item, "verdict", "");
        double ratio = member_number(item, "ratio");
        if (shown++ == ROWS_MAX)
            break;
        report_cell(report, REPORT_PLAIN, member_text(item, "label", ""), NULL);
        report_cell(report, REPORT_QUIET, member_text(item, "tool", ""), NULL);
        report_cell(report, REPORT_PLAIN, member_text(item, "build", ""), NULL);
        render_value(text, member_number(item, "then"), unit);
        report_cell(report, REPORT_PLAIN, report_text(report, "%s", text), NULL);
        render_value(text, member_number(item, "now"), unit);
        report_cell(report, REPORT_PLAIN, report_text(report, "%s", text), NULL);
        const char *factor = isnan(ratio) ? RENDER_INFINITE : report_text(report, "%.4fx", ratio);
        report_cell(report, REPORT_PLAIN, factor, NULL);
        report_cell(report, metrics_tone(verdict), verdict, NULL);
    }
    if (count > ROWS_MAX)
        report_paragraph(
            report, REPORT_EVERYWHERE, REPORT_QUIET,
            report_text(report, "and %d more, in compare.json under base", count - ROWS_MAX));
}

static void add_end(struct report *report, const cJSON *end)
{
    char ratio[RENDER_NUMBER_SIZE], interval[RENDER_NUMBER_SIZE];
    render_ratio(ratio, member_number(end, "ratio"));
    render_interval(interval, member_number(end, "ci_low"), member_number(end, "ci_high"));
    report_cell(report, REPORT_PLAIN, report_text(report, "%s (%s)", ratio, interval), NULL);
}

static void add_ratios(struct report *report, const cJSON *ratios)
{
    const cJSON *item;

    report_table(report, REPORT_EVERYWHERE, REPORT_OWN,
                 "ratios naive / fixed whose intervals do not overlap");
    report_column(report, false, "lesson");
    report_column(report, false, "metric");
    report_column(report, true, "then");
    report_column(report, true, "now");
    report_column(report, false, "the fix is");
    cJSON_ArrayForEach (item, ratios) {
        const char *verdict = member_text(item, "verdict", "");
        report_cell(report, REPORT_PLAIN, member_text(item, "lesson", ""), NULL);
        report_cell(report, REPORT_PLAIN, member_text(item, "label", ""), NULL);
        add_end(report, member(item, "then"));
        add_end(report, member(item, "now"));
        report_cell(report, strcmp(verdict, "worth more") == 0 ? REPORT_BETTER : REPORT_WORSE,
                    verdict, NULL);
    }
}

/* "bytes allocated (counters), time (wall time)": what only one of the two runs has. */
static void add_missing(struct report *report, const cJSON *missing, const char *in,
                        const char *term)
{
    const cJSON *item;
    const char *text = "";

    cJSON_ArrayForEach (item, missing)
        if (strcmp(member_text(item, "in", ""), in) == 0)
            text = report_join(report, text, ", ",
                               report_text(report, "%s (%s)", member_text(item, "label", ""),
                                           member_text(item, "tool", "")));
    if (*text != '\0')
        report_term(report, REPORT_EVERYWHERE, term, text);
}

static const char *sum_text(struct report *report, const cJSON *base)
{
    int counts = cJSON_GetArraySize(member(base, "counts"));
    int ratios = cJSON_GetArraySize(member(base, "ratios"));
    double compared = member_number(base, "counts_compared");
    double judged = member_number(base, "ratios_judged");
    const char *text = compared > 0
                           ? report_text(report, "%d of %.0f exact counts differ", counts, compared)
                           : "no counts were compared";
    return report_join(
        report, text, "; ",
        report_text(report, "%d of %.0f ratios changed beyond their intervals", ratios, judged));
}

void report_add_base(struct report *report, const cJSON *document)
{
    const cJSON *base = member(document, "base"), *remarks = member(base, "remarks"), *remark;
    char text[RENDER_NUMBER_SIZE];

    if (!cJSON_IsObject(base))
        return;
    struct report_section *section = report_section(report, "base", "What changed since the base");
    section->aside = member_text(base, "created", NULL);
    report_term(report, REPORT_EVERYWHERE, "base",
                report_join(report, member_text(base, "path", ""), ", ",
                            report_text(report, "%s mode", member_text(base, "mode", "unknown"))));
    report_term(report, REPORT_EVERYWHERE, "result", sum_text(report, base));
    render_share(text, member_number(base, "tolerance_instructions"));
    report_term(
        report, REPORT_EVERYWHERE, "reading",
        report_text(report,
                    "a count differs by any difference, instructions by more than %s. Times "
                    "are compared by their ratios alone, as absolute times of two runs "
                    "depend on the machine and on what else it does.",
                    text));
    add_missing(report, member(base, "missing"), "base", "not in base");
    add_missing(report, member(base, "missing"), "this run", "only in base");
    cJSON_ArrayForEach (remark, remarks)
        if (cJSON_IsString(remark))
            report_point(report, REPORT_EVERYWHERE, remark->valuestring);
    if (cJSON_GetArraySize(member(base, "counts")) > 0)
        add_counts(report, member(base, "counts"));
    if (cJSON_GetArraySize(member(base, "ratios")) > 0)
        add_ratios(report, member(base, "ratios"));
}
