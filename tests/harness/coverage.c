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
    double bias = aa.low > 1 || aa.high < 1 ? stats_smallest_effect(&aa) : 0;
    unsigned claims = 0;
    for (unsigned lesson = 0; lesson < FIXES; lesson++) {
        struct stats_interval interval = simulated_ratio(rng, ratio, count, corrected);
        claims += stats_verdict(&interval, bias) == claim;
    }
    return claims;
}

Test(coverage, control_claims_a_difference_in_at_most_one_run_of_twenty)
{
    enum { RUNS = 4000, DEVIATION = 14 }; /* 5% at most are expected */
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (unsigned n = 0; n < ROUND_COUNTS; n++) {
        unsigned claims = 0;
        for (unsigned run = 0; run < RUNS; run++) {
            struct stats_interval aa = simulated_ratio(rng, 1, round_counts[n], 0.95);
            claims += stats_verdict(&aa, 0) != VERDICT_NO_DIFFERENCE;
        }
        cr_expect(claims <= RUNS / 20 + 3 * DEVIATION, "%u rounds: %u of %u", round_counts[n],
                  claims, RUNS);
        cr_expect(claims > 0, "%u rounds: a control that never errs bounds nothing",
                  round_counts[n]);
    }
    gsl_rng_free(rng);
}

Test(coverage, four_fixes_that_are_worth_nothing_are_rarely_claimed)
{
    enum { RUNS = 2000, DEVIATION = 10 };
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (unsigned n = 0; n < ROUND_COUNTS; n++) {
        unsigned wrong_runs = 0;
        for (unsigned run = 0; run < RUNS; run++)
            wrong_runs += simulate_claims(rng, 1, round_counts[n], VERDICT_NO_DIFFERENCE) != FIXES;
        cr_expect(wrong_runs <= RUNS / 20 + 3 * DEVIATION, "%u rounds: %u of %u", round_counts[n],
                  wrong_runs, RUNS);
    }
    gsl_rng_free(rng);
}

Test(coverage, intervals_hold_the_truth_as_often_as_they_say)
{
    enum { RUNS = 4000 };
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

/*
 * Neighbours, as bench/compare/neighbours.c runs them: blocks A B B A, while the machine's level
 * wanders; each process has luck of its own, and each link order has, which the blocks of a round
 * share.
 */
static const double LAYOUT_LUCK = 0.005, PROCESS_LUCK = 0.01;

struct block_noise {
    gsl_rng *rng;
    double level; /* of the machine */
    double busy;  /* how much worse all else is, 1 for a quiet one */
};

static double neighbour_ms(struct block_noise *noise, double cost)
{
    noise->level *= gsl_ran_lognormal(noise->rng, 0, 0.002 * noise->busy);
    double ms = cost * noise->level * gsl_ran_lognormal(noise->rng, 0, PROCESS_LUCK * noise->busy);
    if (gsl_rng_uniform(noise->rng) < 0.05)
        ms *= 1 + gsl_ran_pareto(noise->rng, 1.2, 0.02 * noise->busy);
    return ms;
}

enum { ROUNDS = 16, BLOCKS_MOST = 8 * ROUNDS };

struct neighbours_seen {
    struct stats_interval ratio;
    unsigned blocks;
};

/* Until the interval is as narrow as the goal, or there are BLOCKS_MOST blocks: that, too. */
static struct neighbours_seen see_neighbours(struct block_noise *noise, double truth, double goal,
                                             double confidence)
{
    double layouts[2][ROUNDS], sums[2][ROUNDS] = {{0}}, sides[2][ROUNDS];
    struct neighbours_seen seen = {.blocks = 0};

    for (unsigned side = 0; side < 2; side++)
        for (unsigned round = 0; round < ROUNDS; round++)
            layouts[side][round] = gsl_ran_lognormal(noise->rng, 0, LAYOUT_LUCK);
    while (seen.blocks < BLOCKS_MOST) {
        for (unsigned i = 0; i < ROUNDS; i++) { /* another block of each round */
            for (unsigned turn = 0; turn < 4; turn++) {
                unsigned side = turn == 1 || turn == 2;
                sums[side][i] +=
                    log(neighbour_ms(noise, (side == 0 ? truth : 1) * layouts[side][i]));
            }
            seen.blocks++;
        }
        for (unsigned side = 0; side < 2; side++)
            for (unsigned i = 0; i < ROUNDS; i++)
                sides[side][i] = exp(sums[side][i] / (2. * seen.blocks / ROUNDS));
        stats_ratio(sides[0], sides[1], ROUNDS, confidence, &seen.ratio);
        if (log(seen.ratio.high / seen.ratio.low) / 2 <= goal)
            break;
    }
    return seen;
}

/* The interval is over processes and link orders, and more blocks are taken where it is wide: it
 * holds the truth as often as it says all the same. */
Test(coverage, intervals_of_neighbours_hold_the_truth)
{
    enum { RUNS = 2000 };
    static const double confidences[] = {0.95, 0.9985}, levels[] = {1, 5}, goals[] = {0, 0.007};

    for (unsigned i = 0; i < 8; i++) {
        const double confidence = confidences[i % 2], goal = goals[i / 4];
        struct block_noise noise = {gsl_rng_alloc(gsl_rng_mt19937), 1, levels[i / 2 % 2]};
        unsigned missed = 0, blocks = 0;
        for (unsigned run = 0; run < RUNS; run++) {
            struct neighbours_seen seen = see_neighbours(&noise, 1.02, goal, confidence);
            missed += !(seen.ratio.low <= 1.02 && 1.02 <= seen.ratio.high);
            blocks += seen.blocks;
        }
        double allowed = (1 - confidence) * RUNS;
        cr_expect(missed <= allowed + 3 * sqrt(allowed),
                  "confidence %g, busy %g, goal %g: %u of %d missed, %g blocks", confidence,
                  noise.busy, goal, missed, RUNS, (double)blocks / RUNS);
        cr_expect(confidence > 0.99 || missed > 0, "intervals that never miss say nothing");
        gsl_rng_free(noise.rng);
    }
}

/* With the blocks as the sample it would not: those of a link order share its luck. */
Test(coverage, an_interval_over_one_link_order_would_miss)
{
    enum { RUNS = 500, BLOCKS = 40 };
    struct block_noise noise = {gsl_rng_alloc(gsl_rng_mt19937), 1, 0.2};
    unsigned missed = 0;

    for (unsigned run = 0; run < RUNS; run++) {
        double luck = gsl_ran_lognormal(noise.rng, 0, LAYOUT_LUCK), sides[2][BLOCKS];
        struct stats_interval ratio;
        for (unsigned i = 0; i < BLOCKS; i++) {
            sides[0][i] = neighbour_ms(&noise, luck);
            sides[1][i] = neighbour_ms(&noise, 1);
        }
        stats_ratio(sides[0], sides[1], BLOCKS, 0.95, &ratio);
        missed += ratio.low > 1 || ratio.high < 1;
    }
    cr_expect_gt(missed, RUNS / 4, "%u", missed);
    gsl_rng_free(noise.rng);
}
