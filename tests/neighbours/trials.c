/*
 * trials.c - how often is a difference claimed: many small comparisons of two builds, by
 * neighbours.
 *
 *     trials PROGRAMS TRIALS SECONDS [NAME]
 *
 * Compares the build without the first lesson with the one of all lessons, in PROGRAMS, TRIALS
 * times anew, by wall time and by CPU time, each for SECONDS at most, and prints a line: in how
 * many a difference was claimed, either way, how large the effect was, and how wide the intervals
 * were. Both clocks' intervals are widened so that they hold together with 95%, as a report's are.
 * For comparison the same is said of shuffled rounds (NAME "rounds"): eight builds in each, and the
 * interval over rounds.
 */
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/compare/comparison.h"
#include "bench/compare/neighbours.h"
#include "common/signals.h"

enum { WALL, CPU, CLOCKS };
enum { BLOCKS = 16, TRIALS_MAX = 1000, RECORDS = 6000, FIRST_LESSON = 0 };

static const struct run_field fields[CLOCKS] = {{"ns_per_record", NULL}, {"cpu_ns", "accepted"}};

/* What came of all trials by one clock. */
struct seen {
    unsigned better, worse, unbounded;
    double ratios[TRIALS_MAX], half_widths[TRIALS_MAX];
};

static void see(struct seen *seen, unsigned trial, const struct neighbours *neighbours,
                const struct group *group, unsigned field)
{
    struct stats_interval ratio;

    if (neighbours_ratio(neighbours, group, 0, 1, field, stats_correct(0.95, CLOCKS), &ratio) != 0)
        seen->unbounded++;
    enum verdict verdict = stats_verdict(&ratio, 0);
    seen->better += verdict == VERDICT_BETTER;
    seen->worse += verdict == VERDICT_WORSE;
    seen->ratios[trial] = ratio.estimate;
    seen->half_widths[trial] = sqrt(ratio.high / ratio.low) - 1;
}

/* Pairs next to each other; or eight builds in each block, in two orders drawn anew. */
static int try_once(struct comparison *comparison, unsigned trial, double seconds, bool is_rounds,
                    struct seen seen[CLOCKS])
{
    const unsigned others[] = {BUILD_NAIVE,    build_alone(0),   build_alone(1),
                               build_alone(2), build_without(1), build_without(2)};
    struct run_case cases[CLOCKS][2 + sizeof others / sizeof *others];
    struct group groups[CLOCKS];
    struct neighbours neighbours = {.groups = groups,
                                    .group_count = CLOCKS,
                                    .fields = fields,
                                    .field_count = CLOCKS,
                                    .seconds = seconds};

    for (unsigned clock = 0; clock < CLOCKS; clock++) {
        unsigned count = 0, workers = clock == CPU;
        cases[clock][count++].build = build_without(FIRST_LESSON);
        cases[clock][count++].build = BUILD_FIXED;
        for (unsigned i = 0; is_rounds && i < sizeof others / sizeof *others; i++)
            cases[clock][count++].build = others[i];
        for (unsigned i = 0; i < count; i++)
            cases[clock][i] =
                (struct run_case){.build = cases[clock][i].build,
                                  .setup = {.input = &comparison->timed, .workers = workers}};
        groups[clock] = (struct group){.cases = cases[clock],
                                       .case_count = count,
                                       .blocks = is_rounds ? 1 : BLOCKS,
                                       .goal = 1e-9, /* until the time is over */
                                       .goal_field = clock};
    }
    int status = neighbours_run(comparison, &neighbours, comparison->seed + trial);
    for (unsigned clock = 0; clock < CLOCKS && status == 0; clock++)
        see(&seen[clock], trial, &neighbours, &groups[clock], clock);
    neighbours_free(&neighbours);
    return status;
}

static void print(const char *name, const char *clock, const struct seen *seen, unsigned trials)
{
    printf("%-12s %-9s %4u trials: %3u better, %3u worse (%.1f%% claimed)   ratio %.4f   "
           "half-width %.2f%% (%.2f%% to %.2f%%)%s\n",
           name, clock, trials, seen->better, seen->worse,
           100. * (seen->better + seen->worse) / trials, stats_median(seen->ratios, trials),
           100 * stats_median(seen->half_widths, trials),
           100 * stats_quantile(seen->half_widths, trials, 0.1),
           100 * stats_quantile(seen->half_widths, trials, 0.9),
           seen->unbounded > 0 ? ", some unbounded" : "");
}

int main(int argc, char **argv)
{
    static struct comparison comparison;
    static struct seen seen[CLOCKS];

    if (argc < 4) {
        fprintf(stderr, "usage: trials PROGRAMS TRIALS SECONDS [NAME]\n");
        return 2;
    }
    const unsigned trials = (unsigned)atoi(argv[2]);
    const char *name = argc > 4 ? argv[4] : "pair";
    if (trials < 1 || trials > TRIALS_MAX)
        return 2;
    gsl_set_error_handler_off();
    signals_call(child_interrupt);
    plan_init(&comparison.plan, MODE_QUICK, LESSON_ALL, 0);
    comparison.plan.time_records = RECORDS;
    snprintf(comparison.programs, sizeof comparison.programs, "%s", argv[1]);
    comparison.seed = 1;
    int status = results_open(&comparison.results, "build/tests/neighbours/results",
                              comparison.error, sizeof comparison.error);
    if (status == 0 && (status = comparison_begin(&comparison)) == 0)
        status = prepare_inputs(&comparison);
    if (status == 0)
        status = find_layouts(&comparison);
    for (unsigned trial = 0; trial < trials && status == 0; trial++)
        status = try_once(&comparison, trial, atof(argv[3]), strcmp(name, "rounds") == 0, seen);
    if (status == 0) {
        print(name, "wall time", &seen[WALL], trials);
        print(name, "CPU time", &seen[CPU], trials);
    } else {
        fprintf(stderr, "trials: %s\n", comparison.error);
    }
    results_discard(&comparison.results);
    model_free(&comparison.model);
    return status == 0 ? 0 : 1;
}
