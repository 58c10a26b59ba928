#include "bench/compare/phases.h"

#include <assert.h>

#include "bench/process/child.h"

/* What one phase finds out and others rest on. What is measured is judged by none of them, but once
 * all is there (model_judge()). */
enum fact {
    FACT_INPUTS = 1 << 0,
    FACT_MACHINE = 1 << 1, /* what it lacks may be added to its description */
    FACT_PROOF = 1 << 2,   /* each run is held against it */
};

struct row {
    phase *run;
    unsigned needs, gives;                     /* facts */
    bool (*is_wanted)(const struct plan *);    /* NULL: always */
    bool (*is_announced)(const struct plan *); /* it is a step; NULL: where it is wanted */
};

static bool never(const struct plan *plan)
{
    (void)plan;
    return false;
}

static bool has_lock(const struct plan *plan)
{
    return plan_measures_any(plan, LESSON_OF_LOCK);
}

static bool has_floor(const struct plan *plan)
{
    return plan->floor_blocks > 0;
}

static bool has_sweep(const struct plan *plan)
{
    return plan->sweep_blocks > 0;
}

/* Massif, memcheck and DRD have nothing to say of work that is done too often. */
static bool has_witnesses(const struct plan *plan)
{
    return plan->has_all_witnesses || plan_measures_any(plan, LESSON_OF_LOCK) ||
           plan_measures_any(plan, LESSON_OF_THREADS);
}

static bool has_benchmarks(const struct plan *plan)
{
    return plan->has_benchmarks;
}

static bool has_load(const struct plan *plan)
{
    return plan->has_load;
}

static bool has_profiling(const struct plan *plan)
{
    return plan->profiling_rounds > 0;
}

static bool has_observer(const struct plan *plan)
{
    return plan->observer_rounds > 0;
}

static bool has_calibration(const struct plan *plan)
{
    return plan->calibration_runs > 0;
}

static const struct row rows[] = {
    {require_valgrind, .is_announced = never},
    {prepare_inputs, .gives = FACT_INPUTS, .is_announced = never},
    {find_layouts, .is_announced = never},
    {describe_machine, .gives = FACT_MACHINE, .is_announced = never},
    {prove_equality, .needs = FACT_INPUTS, .gives = FACT_PROOF},
    {measure_times, .needs = FACT_PROOF},
    {measure_database, .needs = FACT_PROOF},
    {trace_lock, .needs = FACT_PROOF, .is_wanted = has_lock, .is_announced = never},
    {measure_floor, .needs = FACT_PROOF, .is_wanted = has_floor},
    {measure_threads, .needs = FACT_PROOF},
    {measure_sweep, .needs = FACT_PROOF, .is_wanted = has_sweep},
    {count_work, .needs = FACT_PROOF},
    {count_instructions, .needs = FACT_PROOF},
    {count_heap, .needs = FACT_PROOF},
    {profile_cpu, .needs = FACT_PROOF | FACT_MACHINE},
    {profile_live, .needs = FACT_PROOF | FACT_MACHINE},
    {measure_visibility, .needs = FACT_PROOF, .is_announced = has_witnesses},
    {run_benchmarks, .is_wanted = has_benchmarks},
    {measure_load, .needs = FACT_MACHINE, .is_wanted = has_load},
    {measure_profiling, .is_wanted = has_profiling},
    {measure_observer, .is_wanted = has_observer},
    {measure_calibration, .is_wanted = has_calibration},
};

enum { ROWS = sizeof rows / sizeof *rows };

static bool is_wanted(const struct row *row, const struct plan *plan, phase *const *chosen,
                      unsigned count)
{
    bool is_chosen = chosen == NULL;

    for (unsigned i = 0; i < count; i++)
        is_chosen |= chosen[i] == row->run;
    return is_chosen && (row->is_wanted == NULL || row->is_wanted(plan));
}

static bool is_step(const struct row *row, const struct plan *plan)
{
    return row->is_announced == NULL || row->is_announced(plan);
}

int phases_run(struct comparison *comparison, phase *const *chosen, unsigned count)
{
    const struct plan *plan = &comparison->plan;
    unsigned given = 0;

    for (unsigned i = 0; i < ROWS; i++)
        if (is_wanted(&rows[i], plan, chosen, count))
            comparison->step_count += is_step(&rows[i], plan);
    for (unsigned i = 0; i < ROWS; i++) {
        const struct row *row = &rows[i];
        const unsigned step = comparison->step;
        if (!is_wanted(row, plan, chosen, count))
            continue;
        assert((row->needs & ~given) == 0);
        if (row->run(comparison) != 0)
            return -1;
        if (child_is_interrupted())
            return comparison_fail(comparison, "interrupted");
        assert(comparison->step == step + is_step(row, plan));
        given |= row->gives;
    }
    return 0;
}
