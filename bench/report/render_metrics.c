#include "bench/report/render_metrics.h"

#include <math.h>
#include <string.h>

#include "bench/readers/member.h"
#include "bench/report/render_number.h"

static const char *value_text(struct report *report, const cJSON *metric, const char *side)
{
    char text[RENDER_NUMBER_SIZE];
    render_value(text, member_number(metric, side), member_text(metric, "unit", "1"));
    return report_text(report, "%s", text);
}

static const char *ratio_text(struct report *report, const cJSON *metric)
{
    char text[RENDER_NUMBER_SIZE];
    render_ratio(text,
                 member_is_true(metric, "unbounded") ? INFINITY : member_number(metric, "ratio"));
    return report_text(report, "%s", text);
}

/*
 * `judged` below is what has a ratio, its interval and a verdict: the metric itself, which is of
 * naive / fixed, or its member `yours`. Whether it is a count stands in the metric.
 */
static const char *interval_text(struct report *report, const cJSON *metric, const cJSON *judged)
{
    char text[RENDER_NUMBER_SIZE];
    if (judged != NULL && member_is_true(metric, "exact"))
        return "exact";
    render_interval(text, member_number(judged, "ci_low"), member_number(judged, "ci_high"));
    return report_text(report, "%s", text);
}

enum report_tone metrics_tone(const char *verdict)
{
    if (strcmp(verdict, "better") == 0)
        return REPORT_BETTER;
    if (strcmp(verdict, "worse") == 0)
        return REPORT_WORSE;
    return strcmp(verdict, "no difference") == 0 ? REPORT_SAME : REPORT_UNJUDGED;
}

/* What was measured once, without an interval, says "no difference" only because nobody judged it.
 */
static enum report_tone tone_of(const cJSON *metric, const cJSON *judged)
{
    enum report_tone tone = metrics_tone(member_text(judged, "verdict", ""));
    bool is_judged = member_is_true(metric, "exact") || isfinite(member_number(judged, "ci_low"));
    return tone == REPORT_SAME && !is_judged ? REPORT_UNJUDGED : tone;
}

static const char *yours_text(struct report *report, const cJSON *metric)
{
    char text[RENDER_NUMBER_SIZE];
    render_value(text, member_number(member(metric, "yours"), "value"),
                 member_text(metric, "unit", "1"));
    return report_text(report, "%s", text);
}

/* Which builds, how they were run, how often: where there is room for it. NULL if nobody says. */
static const char *detail_text(struct report *report, const cJSON *metric)
{
    const cJSON *compared = member(metric, "compared");
    const char *naive = cJSON_GetStringValue(cJSON_GetArrayItem(compared, 0));
    const char *fixed = cJSON_GetStringValue(cJSON_GetArrayItem(compared, 1));
    const char *condition = member_text(metric, "condition", NULL);
    const char *detail = condition != NULL ? condition : "";
    double rounds = member_number(metric, "rounds"),
           confidence = member_number(metric, "confidence");
    char count[RENDER_NUMBER_SIZE], share[RENDER_NUMBER_SIZE];

    if (naive != NULL && fixed != NULL)
        detail = report_text(report, "%s against %s%s%s", naive, fixed, *detail != '\0' ? "; " : "",
                             detail);
    if (rounds > 1 && isfinite(confidence))
        detail = report_text(report, "%s%s%s rounds, interval at %s", detail,
                             *detail != '\0' ? "; " : "", render_count(count, rounds),
                             render_confidence(share, confidence));
    return *detail != '\0' ? detail : NULL;
}

static void add_value_columns(struct report *report, bool has_yours)
{
    report_column(report, true, "naive");
    if (has_yours)
        report_column(report, true, "yours");
    report_column(report, true, "fixed");
    report_column(report, true, has_yours ? "naive/fixed" : "ratio");
    if (has_yours)
        report_column(report, true, "naive/yours");
}

/* The cells of these columns. With yours the interval of naive / fixed is a detail of its ratio. */
static void add_values(struct report *report, const cJSON *metric, enum report_tone tone,
                       bool has_yours)
{
    const cJSON *yours = member(metric, "yours");

    report_cell(report, tone, value_text(report, metric, "naive"), NULL);
    if (has_yours)
        report_cell(report, tone, yours_text(report, metric), NULL);
    report_cell(report, tone, value_text(report, metric, "fixed"), NULL);
    report_cell(report, tone_of(metric, metric), ratio_text(report, metric),
                has_yours ? interval_text(report, metric, metric) : NULL);
    if (has_yours)
        report_cell(report, tone_of(metric, yours), ratio_text(report, yours), NULL);
}

static void add_columns(struct report *report, const char *title, bool has_yours)
{
    report_column(report, false, title);
    if (!has_yours)
        report_column(report, false, "tool");
    add_value_columns(report, has_yours);
    report_column(report, false, "interval");
    report_column(report, false, "verdict");
}

/* With a third column the tool has no room of its own. */
static const char *detail_with_tool(struct report *report, const cJSON *metric, bool has_yours)
{
    const char *detail = detail_text(report, metric);
    if (!has_yours)
        return detail;
    return report_join(report, member_text(metric, "tool", ""), "; ", detail != NULL ? detail : "");
}

static void add_row(struct report *report, const cJSON *metric, bool is_headline, bool has_yours)
{
    const char *label = member_text(metric, "label", member_text(metric, "name", NULL));
    const cJSON *judged = has_yours ? member(metric, "yours") : metric;
    enum report_tone verdict = tone_of(metric, judged);
    enum report_tone tone = is_headline ? REPORT_STRONG : REPORT_PLAIN;

    if (label == NULL)
        return;
    report_cell(report, tone, label, detail_with_tool(report, metric, has_yours));
    if (!has_yours)
        report_cell(report, REPORT_QUIET, member_text(metric, "tool", ""), NULL);
    add_values(report, metric, tone, has_yours);
    report_cell(report, verdict == REPORT_SAME ? REPORT_QUIET : REPORT_PLAIN,
                interval_text(report, metric, judged), NULL);
    report_cell(report, verdict, report_verdict(verdict), NULL);
}

/* The evidence from the strongest on: exact counts, intervals over rounds, what was measured once.
 */
enum strength { EXACT, JUDGED, UNJUDGED, STRENGTHS };

static enum strength strength_of(const cJSON *metric)
{
    if (member_is_true(metric, "exact"))
        return EXACT;
    return tone_of(metric, metric) != REPORT_UNJUDGED ? JUDGED : UNJUDGED;
}

static const char *per_of(const cJSON *metric)
{
    return render_per(member_text(metric, "unit", ""));
}

/* The metrics that are for one record, say, in a table of their own. */
static void add_table(struct report *report, const cJSON *metrics, const cJSON *headline,
                      const char *per, const char *caption, bool has_yours)
{
    const char *title = *per != '\0' ? report_text(report, "for a %s", per) : "in all";
    const cJSON *metric;

    report_table(report, REPORT_EVERYWHERE, REPORT_METRICS,
                 report_text(report, "%s, %s", caption, title));
    add_columns(report, title, has_yours);
    if (headline != NULL && strcmp(per_of(headline), per) == 0)
        add_row(report, headline, true, has_yours);
    for (int strength = 0; strength < STRENGTHS; strength++)
        cJSON_ArrayForEach (metric, metrics)
            if (metric != headline && (int)strength_of(metric) == strength &&
                strcmp(per_of(metric), per) == 0)
                add_row(report, metric, false, has_yours);
}

/* True if a metric before this one, or the headline, is for the same. */
static bool is_per_known(const cJSON *metrics, const cJSON *headline, const cJSON *metric)
{
    const cJSON *before;

    if (headline != NULL && strcmp(per_of(headline), per_of(metric)) == 0)
        return true;
    cJSON_ArrayForEach (before, metrics) {
        if (before == metric)
            return false;
        if (strcmp(per_of(before), per_of(metric)) == 0)
            return true;
    }
    return false;
}

void metrics_add(struct report *report, const cJSON *lesson, const char *caption, bool has_yours)
{
    const cJSON *metrics = member(lesson, "metrics"), *metric;
    const cJSON *headline = member_find(metrics, "name", member_text(lesson, "headline", ""));

    if (headline != NULL)
        add_table(report, metrics, headline, per_of(headline), caption, has_yours);
    cJSON_ArrayForEach (metric, metrics)
        if (!is_per_known(metrics, headline, metric))
            add_table(report, metrics, headline, per_of(metric), caption, has_yours);
}

void metrics_add_summary(struct report *report, bool has_yours)
{
    report_table(report, REPORT_EVERYWHERE, REPORT_OWN, "each lesson by its own metric");
    report_column(report, false, "lesson");
    report_column(report, false, "by");
    add_value_columns(report, has_yours);
    report_column(report, false, "verdict");
}

void metrics_add_summary_row(struct report *report, const cJSON *metric, const char *title,
                             bool has_yours)
{
    enum report_tone verdict = tone_of(metric, has_yours ? member(metric, "yours") : metric);
    const char *per = per_of(metric);
    const char *label = member_text(metric, "label", member_text(metric, "name", ""));

    report_cell(report, REPORT_STRONG, title, NULL);
    report_cell(report, REPORT_PLAIN,
                report_text(report, "%s%s%s", label, *per != '\0' ? ", a " : "", per), NULL);
    add_values(report, metric, REPORT_PLAIN, has_yours);
    report_cell(report, verdict, report_verdict(verdict), NULL);
}
