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

void report_add_profiling(struct report *report, const cJSON *profiling)
{
    static const char *const columns[] = {"CPU time", "interval", "wall time", "interval"};
    const cJSON *way;
    char share[RENDER_NUMBER_SIZE];

    if (!cJSON_IsObject(profiling))
        return;
    struct report_section *section =
        report_section(report, "profiling", "What live profiling costs");
    section->aside =
        report_text(report, "%s under load, %.0f rounds", json_text_or(profiling, "build", "?"),
                    json_number_or_nan(profiling, "rounds"));
    report_table(report, REPORT_EVERYWHERE, REPORT_OWN,
                 "with it / without it, two processes in turn");
    report_column(report, false, "profiled");
    for (unsigned i = 0; i < sizeof columns / sizeof *columns; i++)
        report_column(report, i % 2 == 0, columns[i]);
    cJSON_ArrayForEach (way, json_member(profiling, "ways")) {
        const cJSON *ratios[] = {json_member(way, "cpu"), json_member(way, "wall")};
        report_cell(report, REPORT_PLAIN, json_text_or(way, "label", "?"), NULL);
        for (unsigned i = 0; i < 2; i++) {
            report_cell(report, REPORT_PLAIN, ratio_text(report, ratios[i]), NULL);
            report_cell(report, REPORT_QUIET, interval_text(report, ratios[i]), NULL);
        }
    }
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
