/*
 * render_parts.c - the parts of a report in their order.
 *
 * It stands by itself, so that a table of something else (a class's grades) can be printed without
 * a comparison, and what judging one needs.
 */
#include "bench/report/render_parts.h"

#include <errno.h>

#include "bench/model/model_json.h"

int report_init(struct report *report, const cJSON *document)
{
    struct model model;

    *report = (struct report){0};
    if (model_view(&model, document) != 0) {
        errno = ENOMEM;
        return -1;
    }
    report->sides[0] = model_side(&model, SIDE_NAIVE);
    report->sides[1] = model_side(&model, SIDE_FIXED);
    report_add_run(report, &model);
    report_add_summary(report, &model);
    report_add_guesses(report, model.guesses);
    report_add_lessons(report, &model);
    report_add_certainty(report, &model);
    report_add_builds(report, &model);
    report_add_visibility(report, &model);
    report_add_promises(report, &model);
    report_add_sweep(report, model.sweep);
    report_add_load(report, model.load);
    report_add_profiling(report, model.profiling);
    report_add_observer(report, model.observer);
    report_add_calibration(report, model.calibration);
    report_add_base(report, model.base);
    report_add_remarks(report, &model);
    model_free(&model); /* what it says is in the report, or in the document */
    if (!report->is_failed)
        return 0;
    report_free(report);
    errno = ENOMEM;
    return -1;
}
