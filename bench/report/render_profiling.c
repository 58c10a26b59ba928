/* render_profiling.c - what live profiling costs the service. */
#include <math.h>

#include "bench/readers/json.h"
#include "bench/report/render_number.h"
#include "bench/report/render_parts.h"

/* "1.004": a share of a percent is what it is about. */
static const char *ratio_text(struct report *report, const cJSON *ratio)
{
    double estimate = json_number_or_nan(ratio, "ratio");
    return isfinite(estimate) ? report_text(report, "%.3f", estimate) : RENDER_NOTHING;
}

static const char *interval_text(struct report *report, const cJSON *ratio)
{
    double low = json_number_or_nan(ratio, "ci_low"), high = json_number_or_nan(ratio, "ci_high");
    return isfinite(low) && isfinite(high) ? report_text(report, "%.3f\u2013%.3f", low, high)
                                           : RENDER_NOTHING;
}

/* A row for each way of profiling, a ratio and its interval for each of the kinds. */
static void add_table(struct report *report, const cJSON *document, const char *id,
                      const char *title, unsigned kinds)
{
    static const struct {
        const char *member, *title;
    } columns[] = {{"cpu", "CPU time"}, {"wall", "wall time"}, {"lock", "wait for locks"}};
    const cJSON *way;
    struct report_section *section = report_section(report, id, title);

    section->aside =
        report_text(report, "%s under load, %.0f rounds", json_text_or(document, "build", "?"),
                    json_number_or_nan(document, "rounds"));
    report_table(report, REPORT_EVERYWHERE, REPORT_OWN,
                 "with it / without it, two processes in turn");
    report_column(report, false, "profiled");
    for (unsigned i = 0; i < kinds; i++) {
        report_column(report, true, columns[i].title);
        report_column(report, false, "interval");
    }
    cJSON_ArrayForEach (way, json_member(document, "ways")) {
        report_cell(report, REPORT_PLAIN, json_text_or(way, "label", "?"), NULL);
        for (unsigned i = 0; i < kinds; i++) {
            const cJSON *ratio = json_member(way, columns[i].member);
            report_cell(report, REPORT_PLAIN, ratio_text(report, ratio), NULL);
            report_cell(report, REPORT_QUIET, interval_text(report, ratio), NULL);
        }
    }
}

void report_add_observer(struct report *report, const cJSON *observer)
{
    char share[RENDER_NUMBER_SIZE];

    if (!cJSON_IsObject(observer))
        return;
    add_table(report, observer, "observer", "What a profiler does to what it looks at", 3);
    report_paragraph(
        report, REPORT_EVERYWHERE, REPORT_QUIET,
        report_text(report,
                    "%.0f clients; a round is %.0f turns of %.0f records each. Throughput is the "
                    "inverse of wall time; the wait is what the program itself counts of its "
                    "locks. Each interval is one at %s by itself; what nothing does is noise.",
                    json_number_or_nan(observer, "connections"),
                    json_number_or_nan(observer, "turns"),
                    json_number_or_nan(observer, "turn_records"),
                    render_confidence(share, json_number_or_nan(observer, "confidence"))));
}

void report_add_profiling(struct report *report, const cJSON *profiling)
{
    char share[RENDER_NUMBER_SIZE];

    if (!cJSON_IsObject(profiling))
        return;
    add_table(report, profiling, "profiling", "What live profiling costs", 2);
    report_paragraph(
        report, REPORT_EVERYWHERE, REPORT_QUIET,
        report_text(
            report,
            "%.0f clients; a round is %.0f turns of %.0f records each. Each interval is one "
            "at %s by itself, so among so many one may well miss: what nothing costs is "
            "noise. make pprof-cost ROUNDS= measures it at any length.",
            json_number_or_nan(profiling, "connections"), json_number_or_nan(profiling, "turns"),
            json_number_or_nan(profiling, "turn_records"),
            render_confidence(share, json_number_or_nan(profiling, "confidence"))));
}
