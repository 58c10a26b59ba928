/* render_load.c - the services under load: what their clients see, and what it costs in memory. */
#include <math.h>
#include <stdio.h>

#include "bench/lesson.h"
#include "bench/readers/json.h"
#include "bench/report/render_number.h"
#include "bench/report/render_parts.h"

/* "277,804 (270,101 to 280,990)": a median, and the rounds' extremes where there were rounds. */
static const char *speed_text(struct report *report, const cJSON *speed)
{
    double low = json_number_or_nan(speed, "low"), high = json_number_or_nan(speed, "high");
    char median[RENDER_NUMBER_SIZE], from[RENDER_NUMBER_SIZE], to[RENDER_NUMBER_SIZE];

    render_count(median, rint(json_number_or_nan(speed, "median")));
    if (!(low < high))
        return report_text(report, "%s", median);
    return report_text(report, "%s (%s to %s)", median, render_count(from, rint(low)),
                       render_count(to, rint(high)));
}

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
    report_cell(report, REPORT_PLAIN, speed_text(report, json_member(cell, "records_per_s")), NULL);
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

static void add_soak(struct report *report, const cJSON *soak)
{
    static const char *const names[] = {"settled", "last", "low", "high"};
    char sizes[4][RENDER_NUMBER_SIZE], name[64];

    for (unsigned i = 0; i < 4; i++) {
        snprintf(name, sizeof name, "resident_bytes_%s", names[i]);
        render_value(sizes[i], json_number_or_nan(soak, name), "B");
    }
    report_point(
        report, REPORT_EVERYWHERE,
        report_text(
            report,
            "The long load, %s, %.0f s, %.0f clients: %.0f answers, %.0f errors, %.0f records/s. "
            "RSS %s after a tenth of it, %s at the end (%s to %s), %+.1f KiB a minute; threads "
            "%.0f to %.0f.",
            CODE_FIXED, json_number_or_nan(soak, "seconds"),
            json_number_or_nan(soak, "connections"), json_number_or_nan(soak, "answers"),
            json_number_or_nan(soak, "errors"), json_number_or_nan(soak, "records_per_s"), sizes[0],
            sizes[1], sizes[2], sizes[3],
            json_number_or_nan(soak, "resident_bytes_per_minute") / 1024,
            json_number_or_nan(soak, "threads_low"), json_number_or_nan(soak, "threads_high")));
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
        report_column(report, i > 0 || json_number_or_nan(load, "rounds") == 1, numbers[i]);
    cJSON_ArrayForEach (cell, json_member(load, "cells")) {
        add_row(report, cell);
        refusals += json_number_or_nan(cell, "rounds_ended_by_refusal");
        errors += json_number_or_nan(cell, "errors");
    }
    if (cJSON_IsObject(json_member(load, "batch_records_per_s")))
        report_point(report, REPORT_EVERYWHERE,
                     report_text(report, "%s from a file (batch): %s records/s", CODE_FIXED,
                                 speed_text(report, json_member(load, "batch_records_per_s"))));
    add_targets(report, load);
    if (cJSON_IsObject(json_member(load, "soak")))
        add_soak(report, json_member(load, "soak"));
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
