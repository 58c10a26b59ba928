/*
 * render_builds.c - the sixteen builds: each fix's share of what was saved, what every build
 * costs, which fixes help each other, and which tool sees which lesson.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lesson.h"
#include "bench/report/render_number.h"
#include "bench/report/render_parts.h"

/* On the terminal and in Markdown, INTERACTIONS_SHOWN of them are enough. */
enum { INTERACTIONS_MAX = 64, INTERACTIONS_SHOWN = 4 };

static const char *label_of(const struct model *model, const char *metric)
{
    int index = model_find_build_metric(model, metric);
    const char *label = index >= 0 ? model->build_metrics[index].what.label : "";
    return *label != '\0' ? label : metric;
}

static const char *value_text(struct report *report, double value, const char *unit)
{
    char text[RENDER_NUMBER_SIZE];
    return report_text(report, "%s", render_value(text, value, unit));
}

static void add_share(struct report *report, double percent, bool is_largest)
{
    char text[RENDER_NUMBER_SIZE];
    enum report_tone tone = is_largest ? REPORT_STRONG : REPORT_PLAIN;

    if (isnan(percent) || fabs(percent) < 0.5)
        tone = REPORT_QUIET;
    else if (percent < 0)
        tone = REPORT_WORSE;
    report_cell(report, tone, report_text(report, "%s", render_percent(text, percent)), NULL);
}

/* In percent; NAN if there is none. */
static double share_of(const struct attribution *attribution, const char *lesson)
{
    for (unsigned i = 0; i < attribution->percent_count; i++)
        if (strcmp(attribution->percent[i].lesson, lesson) == 0)
            return attribution->percent[i].value;
    return NAN;
}

static void add_shares_row(struct report *report, const struct model *model,
                           const struct attribution *one)
{
    double largest = 0;

    for (unsigned i = 0; i < model->order_count; i++)
        largest = fmax(largest, share_of(one, model->order[i]));
    report_cell(report, REPORT_PLAIN, label_of(model, one->metric), NULL);
    report_cell(report, REPORT_PLAIN, value_text(report, one->naive, one->unit), NULL);
    report_cell(report, REPORT_PLAIN, value_text(report, one->fixed, one->unit), NULL);
    report_cell(report, REPORT_QUIET, render_per(one->unit), NULL);
    for (unsigned i = 0; i < model->order_count; i++) {
        double share = share_of(one, model->order[i]);
        add_share(report, share, share == largest && largest > 0);
    }
}

static void add_shares(struct report *report, const struct model *model)
{
    report_table(report, REPORT_EVERYWHERE, REPORT_OWN,
                 report_text(report,
                             "each fix's share of the saving from %s to %s (Shapley: its mean over "
                             "all orders in which the fixes can be added)",
                             CODE_NAIVE, CODE_FIXED));
    report_column(report, false, "metric");
    report_column(report, true, CODE_NAIVE);
    report_column(report, true, CODE_FIXED);
    report_column(report, false, "per");
    for (unsigned i = 0; i < model->order_count; i++)
        report_column(report, true, model->order[i]);
    for (unsigned i = 0; i < model->attribution_count; i++)
        add_shares_row(report, model, &model->attribution[i]);
}

/*
 * The metrics, those first that say most: where a line has no room for all, the last are left out.
 * What is not in the list follows in the model's order.
 */
static void list_metrics(const struct model *model, unsigned metrics[MODEL_BUILD_METRICS])
{
    static const char *const first[] = {
        "time",      "database_time", "instructions",   "allocated_bytes", "lock_wait",
        "lock_hold", "threads_alive", "stack_resident", "allocations",
    };
    bool is_listed[MODEL_BUILD_METRICS] = {false};
    unsigned count = 0;

    for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
        int metric = model_find_build_metric(model, first[i]);
        if (metric >= 0) {
            is_listed[metric] = true;
            metrics[count++] = (unsigned)metric;
        }
    }
    for (unsigned i = 0; i < model->build_metric_count; i++)
        if (!is_listed[i])
            metrics[count++] = i;
}

const char *report_order(struct report *report, const struct model *model)
{
    const char *text = "";

    for (unsigned i = 0; i < model->order_count; i++)
        text = report_join(report, text, ", ", model->order[i]);
    return *text != '\0' ? text : "of the lessons";
}

static void add_builds(struct report *report, const struct model *model)
{
    unsigned metrics[MODEL_BUILD_METRICS];

    list_metrics(model, metrics);
    if (model->build_metric_count == 0)
        return;
    report_table(
        report, REPORT_EVERYWHERE, REPORT_OWN,
        report_text(report,
                    "the builds: n naive, f fixed, in the order %s; times, counts and bytes of one "
                    "record",
                    report_order(report, model)));
    report_column(report, false, "build");
    for (unsigned i = 0; i < model->build_metric_count; i++)
        report_column(report, true, label_of(model, model->build_metrics[metrics[i]].what.name));
    for (unsigned k = 0; k < model->build_count; k++) {
        report_cell(report, REPORT_STRONG, model->builds[k].code, NULL);
        for (unsigned i = 0; i < model->build_metric_count; i++)
            report_cell(report, REPORT_PLAIN,
                        value_text(report, model->builds[k].values[metrics[i]],
                                   model->build_metrics[metrics[i]].what.unit),
                        NULL);
    }
}

/* How much one fix changes what the other is worth: 0 is not at all, either direction counts. */
static double strength(const struct joint_worth *pair)
{
    double without = pair->ratio_without, with = pair->ratio_with;
    return without > 0 && with > 0 ? fabs(log(with / without)) : 0;
}

static int compare_strength(const void *a, const void *b)
{
    double first = strength(a), second = strength(b);
    return (first < second) - (first > second);
}

/* True if one before this one is of the same metric and the same two fixes. */
static bool is_known(const struct joint_worth *sorted, unsigned index)
{
    const struct joint_worth *one = &sorted[index];

    for (unsigned i = 0; i < index; i++)
        if (strcmp(sorted[i].metric, one->metric) == 0 && strcmp(sorted[i].a, one->b) == 0 &&
            strcmp(sorted[i].b, one->a) == 0)
            return true;
    return false;
}

/* The strongest in words; all of them, and both sides of each, on the page. */
static void add_interactions(struct report *report, const struct model *model)
{
    struct joint_worth sorted[INTERACTIONS_MAX];
    unsigned count = 0, shown = 0;

    for (; count < model->interaction_count && count < INTERACTIONS_MAX; count++)
        sorted[count] = model->interactions[count];
    if (count == 0)
        return;
    qsort(sorted, count, sizeof *sorted, compare_strength);
    report_paragraph(report, REPORT_EVERYWHERE, REPORT_QUIET,
                     "fixes that are worth more, or less, together:");
    for (unsigned i = 0; i < count; i++) {
        bool is_shown = shown < INTERACTIONS_SHOWN && !is_known(sorted, i);
        report_point(report, is_shown ? REPORT_EVERYWHERE : REPORT_ON_PAGE, sorted[i].words);
        shown += is_shown;
    }
}

void report_add_builds(struct report *report, const struct model *model)
{
    report_section(report, "builds",
                   model->attribution_count > 0
                       ? "All builds: which fix is to be credited with what"
                       : "The builds that this run compared");
    add_shares(report, model);
    add_builds(report, model);
    add_interactions(report, model);
}
