/* render_load.c - the services under load: what their clients see, and what it costs in memory. */
#include <math.h>

#include "bench/readers/json.h"
#include "bench/report/render_number.h"
#include "bench/report/render_parts.h"

static void add_number(struct report *report, double value)
{
    char text[RENDER_NUMBER_SIZE];
    report_cell(report, REPORT_PLAIN, report_text(report, "%s", render_count(text, value)), NULL);
}

static void add_ms(struct report *report, const cJSON *latency, const char *name)
{
    char text[RENDER_NUMBER_SIZE];
    double ms = json_number_or_nan(json_member(latency, name), "median");
    render_value(text, ms * 1e6, "ns");
    report_cell(report, REPORT_PLAIN, isfinite(ms) ? report_text(report, "%s", text) : "\u2013",
                NULL);
}

static void add_growth(struct report *report, const cJSON *cell, const char *name, const char *unit)
{
    char before[RENDER_NUMBER_SIZE], after[RENDER_NUMBER_SIZE];
    render_value(before, json_number_or_nan(json_member(cell, "before"), name), unit);
    render_value(after, json_number_or_nan(json_member(cell, "after"), name), unit);
    report_cell(report, REPORT_PLAIN, report_text(report, "%s \u2192 %s", before, after), NULL);
}

static void add_row(struct report *report, const cJSON *cell)
{
    const cJSON *latency = json_member(cell, "latency_ms");

    report_cell(report, REPORT_PLAIN, json_text_or(cell, "build", ""), NULL);
    report_cell(report, REPORT_PLAIN, json_text_or(cell, "db_latency", ""), NULL);
    add_number(report, json_number_or_nan(cell, "connections"));
    add_number(report, rint(json_number_or_nan(json_member(cell, "records_per_s"), "median")));
    add_ms(report, latency, "p50");
    add_ms(report, latency, "p99");
    add_ms(report, latency, "p99_9");
    add_growth(report, cell, "worker_threads", "threads");
    add_growth(report, cell, "resident_bytes", "B");
}

static void add_targets(struct report *report, const cJSON *load)
{
    const cJSON *target;
    char text[RENDER_NUMBER_SIZE];

    cJSON_ArrayForEach (target, json_member(load, "targets")) {
        const char *label = json_text_or(target, "label", NULL);
        double value = json_number_or_nan(target, "value");
        if (label == NULL || !isfinite(value))
            continue;
        report_point(report, REPORT_EVERYWHERE,
                     report_text(report, "%s: %s%s", label, render_ratio(text, value),
                                 report_spread(report, json_number_or_nan(target, "ci_low"),
                                               json_number_or_nan(target, "ci_high"))));
    }
}

void report_add_load(struct report *report, const cJSON *load)
{
    static const char *const numbers[] = {"records/s", "p50", "p99", "p99.9", "threads", "RSS"};
    const cJSON *cell;
    double refusals = 0, errors = 0;

    if (!cJSON_IsObject(load))
        return;
    struct report_section *section =
        report_section(report, "load", "Under load: the two as services, over HTTP");
    section->aside =
        report_text(report, "%.0f %s of %.0f s each", json_number_or_nan(load, "rounds"),
                    json_number_or_nan(load, "rounds") == 1 ? "load" : "rounds",
                    json_number_or_nan(load, "seconds"));
    report_paragraph(report, REPORT_EVERYWHERE, REPORT_PLAIN,
                     report_text(report,
                                 "wrk posts %.0f records at a time, and again when it has the "
                                 "answer. A latency is that of such a body.",
                                 json_number_or_nan(load, "body_records")));
    report_table(report, REPORT_EVERYWHERE, REPORT_OWN,
                 "threads and RSS: before the load \u2192 after it");
    report_column(report, false, "build");
    report_column(report, true, "database");
    report_column(report, true, "clients");
    for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++)
        report_column(report, true, numbers[i]);
    cJSON_ArrayForEach (cell, json_member(load, "cells")) {
        add_row(report, cell);
        refusals += json_number_or_nan(cell, "rounds_ended_by_refusal");
        errors += json_number_or_nan(cell, "errors");
    }
    add_targets(report, load);
    if (refusals > 0)
        report_point(report, REPORT_EVERYWHERE,
                     "The naive service reached its cap of threads and refused the rest (503): its "
                     "figures are up to there.");
    if (errors > 0)
        report_point(
            report, REPORT_EVERYWHERE,
            report_text(report, "%.0f requests failed: no answer, or none in time.", errors));
    report_point(
        report, REPORT_EVERYWHERE,
        "A client that waits for its answer asks a slow service less often, so these "
        "latencies flatter the slow one. p99 of fewer than a hundred answers is the slowest.");
}
