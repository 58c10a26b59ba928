/*
 * profiling_cost.c - what live profiling costs the service and how true it is, so that nobody need
 * believe it.
 *
 * The measuring is bench/cost's and bench/calibrate's, which `make pprof-cost` and `make calibrate`
 * run at length.
 */
#include "bench/calibrate/calibrate.h"
#include "bench/compare/comparison.h"
#include "bench/cost/cost.h"
#include "bench/process/child.h"

/* They hold against each its own truth, so that they need not be alone. */
enum { REGIMES_AT_ONCE = 8 };

static bool go_on(void *context, unsigned done, unsigned count)
{
    comparison_progress(context, done, count, "pair");
    return !child_is_interrupted();
}

static int measure_cost(struct comparison *comparison, bool is_observer, unsigned rounds,
                        cJSON **document)
{
    const struct cost_plan plan = {.programs = comparison->programs,
                                   .is_observer = is_observer,
                                   .rounds = rounds,
                                   .turns = comparison->plan.profiling_turns,
                                   .go_on = go_on,
                                   .context = comparison};
    char error[256];

    if (is_observer)
        comparison_announce(comparison, cost_seconds(&plan), "profiling: what it does to %s",
                            CODE_NAIVE);
    else
        comparison_announce(comparison, cost_seconds(&plan),
                            "profiling: what it costs %s under load", CODE_FIXED);
    *document = cost_measure(&plan, error, sizeof error);
    comparison_progress(comparison, 1, 1, "pair");
    if (*document == NULL)
        return comparison_fail(comparison, "%s", error);
    model_own(&comparison->model, *document);
    return 0;
}

int measure_profiling(struct comparison *comparison)
{
    return measure_cost(comparison, false, comparison->plan.profiling_rounds,
                        &comparison->model.profiling);
}

int measure_observer(struct comparison *comparison)
{
    return measure_cost(comparison, true, comparison->plan.observer_rounds,
                        &comparison->model.observer);
}

int measure_calibration(struct comparison *comparison)
{
    const struct calibrate_plan plan = {.programs = comparison->programs,
                                        .runs = comparison->plan.calibration_runs,
                                        .seconds = comparison->plan.calibration_seconds,
                                        .at_once = REGIMES_AT_ONCE,
                                        .go_on = go_on,
                                        .context = comparison};
    char error[1024];

    comparison_announce(comparison, calibrate_seconds(&plan), "profiling: how true it is");
    int status = calibrate_measure(&plan, &comparison->model, error, sizeof error);
    comparison_progress(comparison, 1, 1, "pair");
    return status == 0 ? 0 : comparison_fail(comparison, "%s", error);
}
