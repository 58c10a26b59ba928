/*
 * render_builds.c - the sixteen builds: each fix's share of what was saved, what every build
 * costs, which fixes help each other, and which tool sees which lesson.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lesson.h"
#include "bench/readers/member.h"
#include "bench/report/render_number.h"
#include "bench/report/render_parts.h"

/* On the terminal and in Markdown, INTERACTIONS_SHOWN of them are enough. */
enum { INTERACTIONS_MAX = 64, INTERACTIONS_SHOWN = 4 };

static const char *label_of(const cJSON *document, const char *metric)
{
    return member_text(member_find(member(document, "build_metrics"), "name", metric), "label",
                       metric);
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

static void add_shares_row(struct report *report, const cJSON *document, const cJSON *attribution,
                           const struct member_names *lessons)
{
    const char *metric = member_text(attribution, "metric", NULL);
    const char *unit = member_text(attribution, "unit", "1");
    const cJSON *percent = member(attribution, "percent");
    double largest = 0;

    if (metric == NULL)
        return;
    for (unsigned i = 0; i < lessons->count; i++)
        largest = fmax(largest, member_number(percent, lessons->names[i]));
    report_cell(report, REPORT_PLAIN, label_of(document, metric), NULL);
    report_cell(report, REPORT_PLAIN, value_text(report, member_number(attribution, "naive"), unit),
                NULL);
    report_cell(report, REPORT_PLAIN, value_text(report, member_number(attribution, "fixed"), unit),
                NULL);
    report_cell(report, REPORT_QUIET, render_per(unit), NULL);
    for (unsigned i = 0; i < lessons->count; i++) {
        double share = member_number(percent, lessons->names[i]);
        add_share(report, share, share == largest && largest > 0);
    }
}

static void add_shares(struct report *report, const cJSON *document)
{
    const cJSON *attributions = member(document, "attribution"), *attribution, *share;
    struct member_names lessons = {.count = 0};

    cJSON_ArrayForEach (attribution, attributions) {
        const cJSON *percent = member(attribution, "percent");
        cJSON_ArrayForEach (share, percent)
            member_add_name(&lessons, share->string);
    }
    report_table(report, REPORT_EVERYWHERE, REPORT_OWN,
                 report_text(report,
                             "each fix's share of the saving from %s to %s (Shapley: its mean over "
                             "all orders in which the fixes can be added)",
                             CODE_NAIVE, CODE_FIXED));
    report_column(report, false, "metric");
    report_column(report, true, CODE_NAIVE);
    report_column(report, true, CODE_FIXED);
    report_column(report, false, "per");
    for (unsigned i = 0; i < lessons.count; i++)
        report_column(report, true, lessons.names[i]);
    cJSON_ArrayForEach (attribution, attributions)
        add_shares_row(report, document, attribution, &lessons);
}

/*
 * The metrics, those first that say most: where a line has no room for all, the last are left out.
 * What is not in the list follows in the document's order.
 */
static void list_metrics(const cJSON *known, struct member_names *metrics)
{
    static const char *const first[] = {
        "time",      "database_time", "instructions",   "allocated_bytes", "lock_wait",
        "lock_hold", "threads_alive", "stack_resident", "allocations",
    };
    const cJSON *metric;

    for (size_t i = 0; i < sizeof first / sizeof *first; i++)
        member_add_name(metrics, member_text(member_find(known, "name", first[i]), "name", NULL));
    cJSON_ArrayForEach (metric, known)
        member_add_name(metrics, member_text(metric, "name", NULL));
}

const char *report_order(struct report *report, const cJSON *document)
{
    const cJSON *order = member(document, "order"), *id;
    const char *text = "";

    cJSON_ArrayForEach (id, order)
        if (cJSON_IsString(id))
            text = report_join(report, text, ", ", id->valuestring);
    return *text != '\0' ? text : "of the lessons";
}

static void add_builds(struct report *report, const cJSON *document)
{
    const cJSON *known = member(document, "build_metrics");
    const cJSON *builds = member(document, "builds"), *build;
    struct member_names metrics = {.count = 0};

    list_metrics(known, &metrics);
    if (metrics.count == 0)
        return;
    report_table(
        report, REPORT_EVERYWHERE, REPORT_OWN,
        report_text(report,
                    "the builds: n naive, f fixed, in the order %s; times, counts and bytes of one "
                    "record",
                    report_order(report, document)));
    report_column(report, false, "build");
    for (unsigned i = 0; i < metrics.count; i++)
        report_column(report, true, label_of(document, metrics.names[i]));
    cJSON_ArrayForEach (build, builds) {
        const char *code = member_text(build, "code", NULL);
        if (code == NULL)
            continue;
        report_cell(report, REPORT_STRONG, code, NULL);
        for (unsigned i = 0; i < metrics.count; i++) {
            const char *unit =
                member_text(member_find(known, "name", metrics.names[i]), "unit", "1");
            double value = member_number(member(build, "metrics"), metrics.names[i]);
            report_cell(report, REPORT_PLAIN, value_text(report, value, unit), NULL);
        }
    }
}

/* How much one fix changes what the other is worth: 0 is not at all, either direction counts. */
static double strength(const cJSON *interaction)
{
    double without = member_number(interaction, "a_ratio_without_b");
    double with = member_number(interaction, "a_ratio_with_b");
    return without > 0 && with > 0 ? fabs(log(with / without)) : 0;
}

static int compare_strength(const void *a, const void *b)
{
    double first = strength(*(const cJSON *const *)a), second = strength(*(const cJSON *const *)b);
    return (first < second) - (first > second);
}

/* True if one before this one is of the same metric and the same two fixes. */
static bool is_known(const cJSON *const *sorted, unsigned index)
{
    const char *metric = member_text(sorted[index], "metric", "");
    const char *a = member_text(sorted[index], "a", ""), *b = member_text(sorted[index], "b", "");

    for (unsigned i = 0; i < index; i++)
        if (strcmp(member_text(sorted[i], "metric", ""), metric) == 0 &&
            strcmp(member_text(sorted[i], "a", ""), b) == 0 &&
            strcmp(member_text(sorted[i], "b", ""), a) == 0)
            return true;
    return false;
}

/* The strongest in words; all of them, and both sides of each, on the page. */
static void add_interactions(struct report *report, const cJSON *document)
{
    const cJSON *sorted[INTERACTIONS_MAX], *interactions = member(document, "interactions");
    const cJSON *interaction;
    unsigned count = 0, shown = 0;

    cJSON_ArrayForEach (interaction, interactions)
        if (count < INTERACTIONS_MAX && member_text(interaction, "words", NULL) != NULL)
            sorted[count++] = interaction;
    if (count == 0)
        return;
    qsort(sorted, count, sizeof *sorted, compare_strength);
    report_paragraph(report, REPORT_EVERYWHERE, REPORT_QUIET,
                     "fixes that are worth more, or less, together:");
    for (unsigned i = 0; i < count; i++) {
        bool is_shown = shown < INTERACTIONS_SHOWN && !is_known(sorted, i);
        report_point(report, is_shown ? REPORT_EVERYWHERE : REPORT_ON_PAGE,
                     member_text(sorted[i], "words", ""));
        shown += is_shown;
    }
}

void report_add_builds(struct report *report, const cJSON *document)
{
    bool has_shares = cJSON_GetArraySize(member(document, "attribution")) > 0;

    report_section(report, "builds",
                   has_shares ? "All builds: which fix is to be credited with what"
                              : "The builds that this run compared");
    add_shares(report, document);
    add_builds(report, document);
    add_interactions(report, document);
}
