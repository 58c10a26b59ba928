/*
 * coverage.c - what the statistics promise in the long run, on simulated rounds with a fixed seed.
 *
 * The noise is worse than a quiet machine's: the machine's level drifts from round to round by 10%,
 * each process differs by 2% (lognormal), and every twentieth one is disturbed and takes longer by
 * a Pareto-distributed factor that has no variance.
 */
#include "bench/statistics/stats.h"

#include <criterion/criterion.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>

enum { ROUNDS_MAX = 60, FIXES = 4 };

static const unsigned round_counts[] = {6, 8, 9, 12, 15, 20, 30, ROUNDS_MAX};
enum { ROUND_COUNTS = sizeof round_counts / sizeof *round_counts };

static double process_ms(gsl_rng *rng, double level)
{
    double ms = level * gsl_ran_lognormal(rng, 0, 0.02);
    if (gsl_rng_uniform(rng) < 0.05)
        ms *= 1 + gsl_ran_pareto(rng, 1.2, 0.1);
    return ms;
}

/* Rounds of two builds of which the first really takes `ratio` times as long. */
static void simulate(gsl_rng *rng, double ratio, unsigned count, double *naive, double *fixed)
{
    for (unsigned i = 0; i < count; i++) {
        double level = 100 * gsl_ran_lognormal(rng, 0, 0.1);
        naive[i] = process_ms(rng, ratio * level);
        fixed[i] = process_ms(rng, level);
    }
}

static struct stats_interval simulated_ratio(gsl_rng *rng, double ratio, unsigned count,
                                             double confidence)
{
    double naive[ROUNDS_MAX], fixed[ROUNDS_MAX];
    struct stats_interval interval;
    simulate(rng, ratio, count, naive, fixed);
    stats_ratio(naive, fixed, count, confidence, &interval);
    return interval;
}

/* One whole comparison: a control, then four fixes that are all worth `ratio`. How many got
 * `claim`. */
static unsigned simulate_claims(gsl_rng *rng, double ratio, unsigned count, enum verdict claim)
{
    double corrected = stats_correct(0.95, FIXES);
    struct stats_interval aa = simulated_ratio(rng, 1, count, corrected);
    double smallest_effect = stats_smallest_effect(&aa);
    unsigned claims = 0;
    for (unsigned lesson = 0; lesson < FIXES; lesson++) {
        struct stats_interval interval = simulated_ratio(rng, ratio, count, corrected);
        claims += stats_verdict(&interval, smallest_effect) == claim;
    }
    return claims;
}

Test(coverage, control_claims_a_difference_in_at_most_one_run_of_twenty)
{
    enum { RUNS = 10000 }; /* up to 4.2% are expected, with a deviation of 0.2% */
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (unsigned n = 0; n < ROUND_COUNTS; n++) {
        unsigned claims = 0;
        for (unsigned run = 0; run < RUNS; run++) {
            struct stats_interval aa = simulated_ratio(rng, 1, round_counts[n], 0.95);
            claims += stats_verdict(&aa, 0) != VERDICT_NO_DIFFERENCE;
        }
        cr_expect(claims <= RUNS / 20, "%u rounds: %u of %u", round_counts[n], claims, RUNS);
        cr_expect(claims > 0, "%u rounds: a control that never errs bounds nothing",
                  round_counts[n]);
    }
    gsl_rng_free(rng);
}

Test(coverage, four_fixes_that_are_worth_nothing_are_rarely_claimed)
{
    enum { RUNS = 2000 };
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (unsigned n = 0; n < ROUND_COUNTS; n++) {
        unsigned wrong_runs = 0;
        for (unsigned run = 0; run < RUNS; run++)
            wrong_runs += simulate_claims(rng, 1, round_counts[n], VERDICT_NO_DIFFERENCE) != FIXES;
        cr_expect(wrong_runs <= RUNS / 20, "%u rounds: %u of %u", round_counts[n], wrong_runs,
                  RUNS);
    }
    gsl_rng_free(rng);
}

Test(coverage, intervals_hold_the_truth_as_often_as_they_say)
{
    enum { RUNS = 10000 };
    static const double confidences[] = {0.80, 0.95, 0.9875};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (unsigned n = 0; n < ROUND_COUNTS; n++)
        for (unsigned c = 0; c < sizeof confidences / sizeof *confidences; c++) {
            if (2 * pow(0.5, round_counts[n]) > 1 - confidences[c])
                continue; /* so few rounds cannot bound it */
            double attained = 0;
            unsigned held = 0;
            for (unsigned run = 0; run < RUNS; run++) {
                struct stats_interval interval =
                    simulated_ratio(rng, 1.1, round_counts[n], confidences[c]);
                held += interval.low <= 1.1 && 1.1 <= interval.high;
                attained = interval.confidence;
            }
            double share = (double)held / RUNS;
            double deviation = sqrt(attained * (1 - attained) / RUNS);
            cr_expect(attained >= confidences[c] - 1e-9);
            cr_expect(share > confidences[c] - 3 * deviation, "%u rounds at %g: %g",
                      round_counts[n], confidences[c], share);
            cr_expect(fabs(share - attained) < 4 * deviation, "%u rounds: %g, attained %g",
                      round_counts[n], share, attained);
        }
    gsl_rng_free(rng);
}

Test(coverage, a_tenth_is_found)
{
    enum { RUNS = 500, ENOUGH = 20 };
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    unsigned better = 0, worse = 0, wrong = 0;
    for (unsigned run = 0; run < RUNS; run++) {
        better += simulate_claims(rng, 1.1, ENOUGH, VERDICT_BETTER);
        worse += simulate_claims(rng, 1 / 1.1, ENOUGH, VERDICT_WORSE);
        wrong += simulate_claims(rng, 1.1, ENOUGH, VERDICT_WORSE);
    }
    cr_expect(better >= 0.95 * RUNS * FIXES, "better in %u of %u", better, RUNS * FIXES);
    cr_expect(worse >= 0.95 * RUNS * FIXES, "worse in %u of %u", worse, RUNS * FIXES);
    cr_expect_eq(wrong, 0);
    gsl_rng_free(rng);
}

static enum verdict inverse(enum verdict verdict)
{
    return verdict == VERDICT_BETTER  ? VERDICT_WORSE
           : verdict == VERDICT_WORSE ? VERDICT_BETTER
                                      : VERDICT_NO_DIFFERENCE;
}

/* Whichever of the two lies above 1 is the one that was exponentiated; the other is its inverse. */
static void expect_inverse(double a, double b)
{
    cr_expect(a == 1 / b || b == 1 / a, "%.17g and %.17g", a, b);
}

static void expect_swapped(const struct stats_interval *there, const struct stats_interval *back)
{
    expect_inverse(there->estimate, back->estimate);
    expect_inverse(there->low, back->high);
    expect_inverse(there->high, back->low);
    cr_expect_eq(there->confidence, back->confidence);
    cr_expect(fabs(stats_smallest_effect(there) - stats_smallest_effect(back)) < 1e-14);
    for (double smallest_effect = 0; smallest_effect < 0.2; smallest_effect += 0.01)
        cr_expect_eq(stats_verdict(there, smallest_effect),
                     inverse(stats_verdict(back, smallest_effect)));
}

Test(coverage, swapping_the_builds_inverts_interval_and_verdict_exactly)
{
    enum { RUNS = 500 };
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (unsigned run = 0; run < RUNS; run++) {
        double naive[ROUNDS_MAX], fixed[ROUNDS_MAX];
        unsigned count = round_counts[run % ROUND_COUNTS];
        simulate(rng, 1 + 0.001 * (run % 100), count, naive, fixed);
        struct stats_interval there, back;
        stats_ratio(naive, fixed, count, 0.95, &there);
        stats_ratio(fixed, naive, count, 0.95, &back);
        expect_swapped(&there, &back);
    }
    gsl_rng_free(rng);
}

Test(coverage, sign_test_and_interval_agree)
{
    enum { RUNS = 2000 };
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    unsigned excluded = 0;
    for (unsigned run = 0; run < RUNS; run++) {
        double naive[ROUNDS_MAX], fixed[ROUNDS_MAX];
        unsigned count = round_counts[run % ROUND_COUNTS];
        simulate(rng, 1.01, count, naive, fixed);
        for (unsigned i = 0; i < count; i++) /* coarse enough for ties */
            naive[i] = round(naive[i]), fixed[i] = round(fixed[i]);
        struct stats_interval interval;
        stats_ratio(naive, fixed, count, 0.9, &interval);
        bool is_excluded = interval.low > 1 || interval.high < 1;
        cr_expect_eq(stats_sign_p(naive, fixed, count) <= 0.1, is_excluded);
        excluded += is_excluded;
    }
    cr_expect(excluded > RUNS / 20 && excluded < RUNS, "%u", excluded);
    gsl_rng_free(rng);
}
