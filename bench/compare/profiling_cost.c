/*
 * profiling_cost.c - what live profiling costs the service, so that nobody need believe it.
 *
 * The measuring is bench/cost's, which `make pprof-cost` runs at length.
 */
#include "bench/compare/comparison.h"
#include "bench/cost/cost.h"
#include "bench/process/child.h"

static bool go_on(void *context, unsigned done, unsigned count)
{
    comparison_progress(context, done, count, "pair");
    return !child_is_interrupted();
}

int measure_profiling(struct comparison *comparison)
{
    const struct cost_plan plan = {.programs = comparison->programs,
                                   .rounds = comparison->plan.profiling_rounds,
                                   .turns = comparison->plan.profiling_turns,
                                   .go_on = go_on,
                                   .context = comparison};
    char error[256];

    comparison_announce(comparison, cost_seconds(&plan), "profiling: what it costs %s under load",
                        CODE_FIXED);
    cJSON *document = cost_measure(&plan, error, sizeof error);
    comparison_progress(comparison, 1, 1, "pair");
    if (document == NULL)
        return comparison_fail(comparison, "%s", error);
    comparison->model.profiling = model_own(&comparison->model, document);
    return 0;
}
