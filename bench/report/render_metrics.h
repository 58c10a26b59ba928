/*
 * render_metrics.h - metrics as rows: the headline first, then by the strength of their evidence.
 */
#ifndef RENDER_METRICS_H
#define RENDER_METRICS_H

#include "render_report.h"

/*
 * Tables of a chapter's metrics, for each that a number can be for (a record, a request) one: they
 * say so once, instead of each number.
 */
void metrics_add(struct report *report, const cJSON *chapter, const char *caption);

/* One metric in a table of problem, metric, naive, fixed, ratio and verdict. */
void metrics_add_summary_row(struct report *report, const cJSON *metric, const char *title);

/* The tone of a verdict as it stands in the document; REPORT_UNJUDGED if it is none. */
enum report_tone metrics_tone(const char *verdict);

#endif
