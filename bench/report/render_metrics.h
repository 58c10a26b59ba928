/*
 * render_metrics.h - metrics as rows: the headline first, then by the strength of their evidence.
 */
#ifndef RENDER_METRICS_H
#define RENDER_METRICS_H

#include "bench/model/model.h"
#include "bench/report/render_report.h"

/*
 * Tables of a lesson's metrics, for each that a number can be for (a record, a request) one: they
 * say so once, instead of each number. With somebody's own files beside (yours.h) they have a third
 * column, and interval and verdict are those of naive / yours.
 */
void metrics_add(struct report *report, const struct section *section, const char *caption,
                 bool has_yours);

/* The metric that a lesson is about; NULL if it was not measured. */
const struct measurement *metrics_headline(const struct section *section);

/* A table of the headlines, and one row of it. */
/* `what` its rows are: "lesson" */
void metrics_add_summary(struct report *report, const char *what, bool has_yours);
void metrics_add_summary_row(struct report *report, const struct measurement *one,
                             const char *title, bool has_yours);

/* The tone of a verdict as it stands in the document; REPORT_UNJUDGED if it is none. */
enum report_tone metrics_tone(const char *verdict);

#endif
