/*
 * render_parts.h - the parts of a report, each drawn from its part of the model.
 *
 * A part that is NULL, or has nothing in it, adds nothing. No part computes: all numbers are the
 * model's.
 */
#ifndef RENDER_PARTS_H
#define RENDER_PARTS_H

#include "bench/model/model.h"
#include "bench/report/render_report.h"

/* render_context.c */
void report_add_run(struct report *report, const struct model *model); /* input, proof, machine */
void report_add_certainty(struct report *report, const struct model *model); /* noise, floor */

/* render_load.c */
void report_add_load(struct report *report, const cJSON *load); /* the services */

/* render_profiling.c */
void report_add_profiling(struct report *report, const cJSON *profiling); /* what it costs */

void report_add_observer(struct report *report, const cJSON *observer); /* what it does to locks */

/* render_calibration.c: how true live profiles are */
void report_add_calibration(struct report *report, const struct calibration *calibration);

/* render_base.c */
void report_add_base(struct report *report,
                     const struct base_changes *base); /* against an earlier run */

/* render_guesses.c */
void report_add_guesses(struct report *report,
                        const struct judged_guesses *guesses); /* make predict */

/* render_remarks.c */
void report_add_sweep(struct report *report, const struct sweep *sweep);   /* the pool's size */
void report_add_remarks(struct report *report, const struct model *model); /* warnings, files */

/* render_lessons.c */
void report_add_summary(struct report *report, const struct model *model); /* the headlines */
void report_add_lessons(struct report *report, const struct model *model); /* and the whole */

/* render_builds.c */
const char *report_order(struct report *report, const struct model *model); /* "key, sort" */
void report_add_builds(struct report *report, const struct model *model);   /* the sixteen */

/* render_visibility.c */
void report_add_visibility(struct report *report, const struct model *model); /* tools x lessons */

/* render_promises.c */
void report_add_promises(struct report *report, const struct model *model); /* what came of them */

#endif
