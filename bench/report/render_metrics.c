#include "bench/report/render_metrics.h"

#include <math.h>
#include <string.h>

#include "bench/report/render_number.h"

static const char *value_text(struct report *report, const struct measurement *one, double value)
{
    char text[RENDER_NUMBER_SIZE];
    render_value(text, value, one->metric.what.unit);
    return report_text(report, "%s", text);
}

static const char *ratio_text(struct report *report, const struct judgement *judgement)
{
    char text[RENDER_NUMBER_SIZE];
    render_ratio(text, judgement->ratio);
    return report_text(report, "%s", text);
}

/*
 * `judged` below is what has a ratio, its interval and a verdict: of naive / fixed, or with
 * somebody's own files beside of naive / yours. NULL if that was not measured.
 */
static const struct judgement *judged_of(const struct measurement *one, bool has_yours)
{
    if (!has_yours)
        return &one->judgement;
    return one->yours != NULL ? &one->yours->judgement : NULL;
}

static const char *interval_text(struct report *report, const struct measurement *one,
                                 const struct judgement *judged)
{
    char text[RENDER_NUMBER_SIZE];
    if (judged != NULL && one->how == MEASURED_EXACTLY)
        return "exact";
    render_interval(text, judged != NULL ? judged->low : NAN, judged != NULL ? judged->high : NAN);
    return report_text(report, "%s", text);
}

/* What the row would have shown had there been so much; nothing where any difference shows. */
static const char *smallest_text(struct report *report, const struct measurement *one)
{
    char text[RENDER_NUMBER_SIZE];
    return isfinite(one->smallest_effect)
               ? report_text(report, "%s", render_share(text, one->smallest_effect))
               : "";
}

enum report_tone metrics_tone(const char *verdict)
{
    if (strcmp(verdict, "better") == 0)
        return REPORT_BETTER;
    if (strcmp(verdict, "worse") == 0)
        return REPORT_WORSE;
    return strcmp(verdict, "no difference") == 0 ? REPORT_SAME : REPORT_UNJUDGED;
}

static enum report_tone tone_of_verdict(enum verdict verdict)
{
    return metrics_tone(verdict_name(verdict));
}

/* What was measured once, without an interval, says "no difference" only because nobody judged it.
 */
static enum report_tone tone_of(const struct measurement *one, const struct judgement *judged)
{
    if (judged == NULL || !judged->is_judged)
        return REPORT_UNJUDGED;
    enum report_tone tone = tone_of_verdict(judged->verdict);
    bool has_grounds = one->how == MEASURED_EXACTLY || isfinite(judged->low);
    return tone == REPORT_SAME && !has_grounds ? REPORT_UNJUDGED : tone;
}

/* Which builds, how they were run, how often: where there is room for it. NULL if nobody says. */
static const char *detail_text(struct report *report, const struct measurement *one)
{
    const struct metric *metric = &one->metric;
    const char *detail = metric->condition;
    char count[RENDER_NUMBER_SIZE], share[RENDER_NUMBER_SIZE];

    if (*metric->naive != '\0' && *metric->fixed != '\0' &&
        strcmp(metric->naive, report->sides[0]) != 0) /* which the columns say already */
        detail = report_text(report, "%s against %s%s%s", metric->naive, metric->fixed,
                             *detail != '\0' ? "; " : "", detail);
    if (one->rounds > 1 && isfinite(one->confidence))
        detail = report_text(report, "%s%s%s rounds, interval at %s", detail,
                             *detail != '\0' ? "; " : "", render_count(count, one->rounds),
                             render_confidence(share, one->confidence));
    return *detail != '\0' ? detail : NULL;
}

static void add_value_columns(struct report *report, bool has_yours)
{
    report_column(report, true, report->sides[0]);
    if (has_yours)
        report_column(report, true, "yours");
    report_column(report, true, report->sides[1]);
    report_column(report, true, has_yours ? "naive/fixed" : "ratio");
    if (has_yours)
        report_column(report, true, "naive/yours");
}

/* The cells of these columns. With yours the interval of naive / fixed is a detail of its ratio. */
static void add_values(struct report *report, const struct measurement *one, enum report_tone tone,
                       bool has_yours)
{
    const struct judgement none = {.ratio = NAN};
    const struct judgement *yours = judged_of(one, true);

    report_cell(report, tone, value_text(report, one, one->naive), NULL);
    if (has_yours)
        report_cell(report, tone,
                    value_text(report, one, one->yours != NULL ? one->yours->value : NAN), NULL);
    report_cell(report, tone, value_text(report, one, one->fixed), NULL);
    report_cell(report, tone_of(one, &one->judgement), ratio_text(report, &one->judgement),
                has_yours ? interval_text(report, one, &one->judgement) : NULL);
    if (has_yours)
        report_cell(report, tone_of(one, yours), ratio_text(report, yours != NULL ? yours : &none),
                    NULL);
}

static void add_columns(struct report *report, const char *title, bool has_yours)
{
    report_column(report, false, title);
    if (!has_yours)
        report_column(report, false, "tool");
    add_value_columns(report, has_yours);
    report_column(report, false, "interval");
    report_column(report, true, "smallest effect");
    report_column(report, false, "verdict");
}

/* With a third column the tool has no room of its own. */
static const char *detail_with_tool(struct report *report, const struct measurement *one,
                                    bool has_yours)
{
    const char *detail = detail_text(report, one);
    if (!has_yours)
        return detail;
    return report_join(report, one->metric.what.tool, "; ", detail != NULL ? detail : "");
}

/* "" if nobody says what it is. */
static const char *label_of(const struct measurement *one)
{
    const struct quantity *what = &one->metric.what;
    return *what->label != '\0' ? what->label : what->name;
}

static void add_row(struct report *report, const struct measurement *one, bool is_headline,
                    bool has_yours)
{
    const struct judgement *judged = judged_of(one, has_yours);
    enum report_tone verdict = tone_of(one, judged);
    enum report_tone tone = is_headline ? REPORT_STRONG : REPORT_PLAIN;

    if (*label_of(one) == '\0')
        return;
    report_cell(report, tone, label_of(one), detail_with_tool(report, one, has_yours));
    if (!has_yours)
        report_cell(report, REPORT_QUIET, one->metric.what.tool, NULL);
    add_values(report, one, tone, has_yours);
    report_cell(report, verdict == REPORT_SAME ? REPORT_QUIET : REPORT_PLAIN,
                interval_text(report, one, judged), NULL);
    report_cell(report, REPORT_QUIET, smallest_text(report, one), NULL);
    report_cell(report, verdict, report_verdict(verdict), NULL);
}

/* The evidence from the strongest on: exact counts, intervals over rounds, what was measured once.
 */
enum strength { EXACT, JUDGED, UNJUDGED, STRENGTHS };

static enum strength strength_of(const struct measurement *one)
{
    if (one->how == MEASURED_EXACTLY)
        return EXACT;
    return tone_of(one, &one->judgement) != REPORT_UNJUDGED ? JUDGED : UNJUDGED;
}

static const char *per_of(const struct measurement *one)
{
    return render_per(one->metric.what.unit);
}

/* The metrics that are for one record, say, in a table of their own. */
static void add_table(struct report *report, const struct section *section,
                      const struct measurement *headline, const char *per, const char *caption,
                      bool has_yours)
{
    const char *title = *per != '\0' ? report_text(report, "for a %s", per) : "in all";

    report_table(report, REPORT_EVERYWHERE, REPORT_METRICS,
                 report_text(report, "%s, %s", caption, title));
    add_columns(report, title, has_yours);
    if (headline != NULL && strcmp(per_of(headline), per) == 0)
        add_row(report, headline, true, has_yours);
    for (int strength = 0; strength < STRENGTHS; strength++)
        for (unsigned i = 0; i < section->measurement_count; i++) {
            const struct measurement *one = &section->measurements[i];
            if (one != headline && (int)strength_of(one) == strength &&
                strcmp(per_of(one), per) == 0)
                add_row(report, one, false, has_yours);
        }
}

/* True if a metric before this one, or the headline, is for the same. */
static bool is_per_known(const struct section *section, const struct measurement *headline,
                         unsigned index)
{
    const char *per = per_of(&section->measurements[index]);

    if (headline != NULL && strcmp(per_of(headline), per) == 0)
        return true;
    for (unsigned i = 0; i < index; i++)
        if (strcmp(per_of(&section->measurements[i]), per) == 0)
            return true;
    return false;
}

void metrics_add(struct report *report, const struct section *section, const char *caption,
                 bool has_yours)
{
    const struct measurement *headline = metrics_headline(section);

    if (headline != NULL)
        add_table(report, section, headline, per_of(headline), caption, has_yours);
    for (unsigned i = 0; i < section->measurement_count; i++)
        if (!is_per_known(section, headline, i))
            add_table(report, section, headline, per_of(&section->measurements[i]), caption,
                      has_yours);
}

const struct measurement *metrics_headline(const struct section *section)
{
    return section->headline != NULL ? section_find(section, section->headline) : NULL;
}

void metrics_add_summary(struct report *report, const char *what, bool has_yours)
{
    report_table(report, REPORT_EVERYWHERE, REPORT_OWN,
                 report_text(report, "each %s by its own metric", what));
    report_column(report, false, what);
    report_column(report, false, "by");
    add_value_columns(report, has_yours);
    report_column(report, false, "verdict");
}

void metrics_add_summary_row(struct report *report, const struct measurement *one,
                             const char *title, bool has_yours)
{
    enum report_tone verdict = tone_of(one, judged_of(one, has_yours));
    const char *per = per_of(one);

    report_cell(report, REPORT_STRONG, title, NULL);
    report_cell(report, REPORT_PLAIN,
                report_text(report, "%s%s%s", label_of(one), *per != '\0' ? ", a " : "", per),
                NULL);
    add_values(report, one, REPORT_PLAIN, has_yours);
    report_cell(report, verdict, report_verdict(verdict), NULL);
}
