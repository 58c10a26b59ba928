/*
 * stats.c - the statistics on known data. Expected values come from exact fractions, order
 * statistics and all 2^n signs counted out in Python (fractions, statistics, itertools), not from
 * the code under test. What holds for
 * noise in the long run is in coverage.c.
 */
#include "bench/statistics/stats.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>
#include <string.h>

enum { ROUNDS = 10 };
static const double naive_ms[ROUNDS] = {112, 108, 131, 109, 107, 118, 111, 104, 125, 110};
static const double fixed_ms[ROUNDS] = {100, 101, 99, 103, 100, 102, 98, 105, 100, 97};

static void expect_near(double actual, double expected)
{
    cr_expect(fabs(actual - expected) <= 1e-12 * fmax(1, fabs(expected)), "%.17g, expected %.17g",
              actual, expected);
}

static void expect_unbounded(const struct stats_interval *interval)
{
    cr_expect_eq(interval->low, 0);
    cr_expect_eq(interval->high, INFINITY);
    cr_expect_eq(interval->confidence, 1);
}

Test(stats, takes_quantiles_between_order_statistics)
{
    double values[] = {7.5, 1.25, 9, 4, 4, -2, 6.5, 5};
    expect_near(stats_median(values, 7), 4);
    expect_near(stats_median(values, 8), 4.5);
    expect_near(stats_quantile(values, 7, 0.10), -0.05);
    expect_near(stats_quantile(values, 7, 0.25), 2.625);
    expect_near(stats_quantile(values, 7, 0.90), 8.1);
    expect_near(stats_quantile(values, 7, 0), -2);
    expect_near(stats_quantile(values, 7, 1), 9);
    expect_near(stats_quantile(values, 1, 0.3), 7.5);
}

Test(stats, leaves_the_input_as_it_was)
{
    double values[] = {3, 1, 2}, before[] = {3, 1, 2};
    double other[] = {1, 3, 2}, other_before[] = {1, 3, 2};
    struct stats_interval ratio;
    stats_median(values, 3);
    stats_ratio(values, other, 3, 0.5, &ratio);
    cr_expect_arr_eq(values, before, sizeof values);
    cr_expect_arr_eq(other, other_before, sizeof other);
}

Test(stats, has_no_quantile_of_nothing_or_of_nan)
{
    double values[] = {1, NAN, 3};
    errno = 0;
    cr_expect(isnan(stats_median(values, 0)));
    cr_expect_eq(errno, EINVAL);
    cr_expect(isnan(stats_median(values, 3)));
    cr_expect(isnan(stats_quantile(values, 1, -0.1)));
    cr_expect(isnan(stats_quantile(values, 1, 1.1)));
    cr_expect(isnan(stats_quantile(values, 1, NAN)));
}

Test(stats, bounds_a_ratio_by_walsh_averages)
{
    struct stats_interval ratio;
    cr_assert_eq(stats_ratio(naive_ms, fixed_ms, ROUNDS, 0.95, &ratio), 0);
    expect_near(ratio.estimate, 1.12);
    expect_near(ratio.low, 1.0637653194248775); /* the ninth of fifty-five */
    expect_near(ratio.high, 1.1905989136547526);
    expect_near(ratio.confidence, 0.951171875);
    cr_expect_eq(ratio.count, ROUNDS);

    cr_assert_eq(stats_ratio(naive_ms, fixed_ms, ROUNDS, 0.9875, &ratio), 0);
    expect_near(ratio.low, 1.0294705065272745);
    expect_near(ratio.high, 1.2372542898923415);
    expect_near(ratio.confidence, 0.990234375);

    cr_assert_eq(stats_ratio(naive_ms, fixed_ms, ROUNDS, 0.6, &ratio), 0);
    expect_near(ratio.low, 1.0954816621307992);
    expect_near(ratio.high, 1.1453847413778844);
    expect_near(ratio.confidence, 0.625);
}

Test(stats, attains_a_confidence_that_is_exactly_what_so_many_rounds_give)
{
    /* 1 - 2/2^n and 1 - 4/2^n, asked for to the last digit. */
    struct stats_interval ratio;
    for (unsigned n = 6; n <= ROUNDS; n++) {
        double widest = 1 - ldexp(2, -(int)n);
        cr_expect_eq(stats_ratio(naive_ms, fixed_ms, n, widest, &ratio), 0);
        expect_near(ratio.confidence, widest);
        double narrower = 1 - ldexp(4, -(int)n);
        cr_expect_eq(stats_ratio(naive_ms, fixed_ms, n, narrower, &ratio), 0);
        expect_near(ratio.confidence, narrower);
    }
}

Test(stats, goes_over_from_counting_to_the_approximation_without_a_step)
{
    enum { LAST_COUNTED = 64 };
    double naive[LAST_COUNTED + 1], ones[LAST_COUNTED + 1];
    struct stats_interval counted, approximate;

    for (int i = 0; i <= LAST_COUNTED; i++) {
        naive[i] = exp(0.01 * sin(i)); /* no two alike */
        ones[i] = 1;
    }
    for (double confidence = 0.5; confidence < 0.9995; confidence = (1 + confidence) / 2) {
        cr_expect_eq(stats_ratio(naive, ones, LAST_COUNTED, confidence, &counted), 0);
        cr_expect_eq(stats_ratio(naive, ones, LAST_COUNTED + 1, confidence, &approximate), 0);
        double width = log(counted.high / counted.low);
        cr_expect(fabs(log(approximate.high / approximate.low) - width) < 0.05 * width, "%g",
                  confidence);
        cr_expect(approximate.confidence >= confidence, "%g", confidence);
        cr_expect(approximate.confidence < confidence + 0.02, "%g", confidence);
    }
}

Test(stats, does_not_mind_a_wild_round_in_the_scatter)
{
    double wild[ROUNDS];
    double scatter = stats_scatter(naive_ms, fixed_ms, ROUNDS);

    expect_near(scatter, 0.076518505066021994);
    memcpy(wild, naive_ms, sizeof wild);
    wild[2] *= 1000; /* the largest, and larger still */
    expect_near(stats_scatter(wild, fixed_ms, ROUNDS), scatter);
    cr_expect_eq(stats_scatter(naive_ms, naive_ms, ROUNDS), 0);
    cr_expect(isnan(stats_scatter(naive_ms, fixed_ms, 0)));
}

Test(stats, has_no_bounds_for_too_few_rounds)
{
    struct stats_interval ratio;
    cr_expect_eq(stats_ratio(naive_ms, fixed_ms, 5, 0.95, &ratio), STATS_TOO_FEW);
    expect_unbounded(&ratio);
    expect_near(ratio.estimate, 1.094359978424027);
    cr_expect_eq(ratio.count, 5);
    cr_expect_eq(stats_ratio(naive_ms, fixed_ms, 6, 0.95, &ratio), 0);
    cr_expect_eq(stats_ratio(naive_ms, fixed_ms, 1, 0.01, &ratio), STATS_TOO_FEW);
    expect_unbounded(&ratio);
    expect_near(ratio.estimate, 1.12);
    cr_expect_eq(stats_verdict(&ratio, 0), VERDICT_NO_DIFFERENCE);
}

Test(stats, refuses_values_that_are_no_cost)
{
    static const double bad[] = {0, -1, NAN, INFINITY, -INFINITY};
    int (*const ratio_of)(const double *, const double *, size_t, double, struct stats_interval *) =
        stats_ratio;
    struct stats_interval ratio;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        double values[ROUNDS];
        memcpy(values, naive_ms, sizeof values);
        values[7] = bad[i];
        errno = 0;
        cr_expect_eq(ratio_of(values, fixed_ms, ROUNDS, 0.95, &ratio), -1);
        cr_expect_eq(errno, EINVAL);
        cr_expect(isnan(ratio.estimate));
        expect_unbounded(&ratio);
        cr_expect_eq(ratio_of(fixed_ms, values, ROUNDS, 0.95, &ratio), -1);
        cr_expect_eq(stats_verdict(&ratio, 0), VERDICT_NO_DIFFERENCE);
    }
    cr_expect_eq(ratio_of(naive_ms, fixed_ms, 0, 0.95, &ratio), -1);
    static const double no_confidence[] = {0, 1, -0.5, 1.5, NAN};
    for (size_t i = 0; i < sizeof no_confidence / sizeof *no_confidence; i++)
        cr_expect_eq(ratio_of(naive_ms, fixed_ms, ROUNDS, no_confidence[i], &ratio), -1);
}

Test(stats, sees_nothing_in_ties)
{
    struct stats_interval ratio;
    cr_expect_eq(stats_ratio(naive_ms, naive_ms, ROUNDS, 0.95, &ratio), 0);
    cr_expect_eq(ratio.low, 1);
    cr_expect_eq(ratio.estimate, 1);
    cr_expect_eq(ratio.high, 1);
    cr_expect_eq(stats_verdict(&ratio, 0), VERDICT_NO_DIFFERENCE);
    cr_expect_eq(stats_smallest_effect(&ratio), 0);
    cr_expect_eq(stats_sign_p(naive_ms, naive_ms, ROUNDS), 1);
}

Test(stats, corrects_for_several_comparisons)
{
    expect_near(stats_correct(0.95, 1), 0.95);
    expect_near(stats_correct(0.95, 4), 0.9875);
    expect_near(stats_correct(0.99, 5), 0.998);
}

Test(stats, tests_signs_with_ties_against_the_claim)
{
    double ones[10] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    double nine[10] = {2, 2, 2, 2, 2, 2, 2, 2, 2, 0.5};
    double ties[10] = {2, 2, 2, 2, 2, 2, 2, 2, 1, 1};
    double even[10] = {2, 2, 2, 2, 2, 0.5, 0.5, 0.5, 0.5, 0.5};
    expect_near(stats_sign_p(nine, ones, 10), 0.021484375); /* 2 (1 + 10) / 1024 */
    expect_near(stats_sign_p(ones, nine, 10), 0.021484375);
    expect_near(stats_sign_p(ties, ones, 10), 0.109375); /* 2 (1 + 10 + 45) / 1024 */
    expect_near(stats_sign_p(nine, ones, 9), 2. / 512);
    expect_near(stats_sign_p(even, ones, 10), 1);
    expect_near(stats_sign_p(ones, ones, 0), 1);
    double zero[] = {0, 0, 0}, infinite[] = {INFINITY, INFINITY, INFINITY};
    expect_near(stats_sign_p(zero, infinite, 3), 0.25);
    cr_expect(isnan(stats_sign_p((double[]){1, NAN}, ones, 2)));
}

Test(stats, names_verdicts)
{
    cr_expect_str_eq(verdict_name(VERDICT_BETTER), "better");
    cr_expect_str_eq(verdict_name(VERDICT_WORSE), "worse");
    cr_expect_str_eq(verdict_name(VERDICT_NO_DIFFERENCE), "no difference");
}

Test(stats, claims_only_what_the_whole_interval_shows)
{
    static const struct {
        double low, high, smallest_effect;
        enum verdict expected;
    } cases[] = {
        {1.06, 1.20, 0.05, VERDICT_BETTER},
        {1.05, 1.20, 0.05, VERDICT_NO_DIFFERENCE}, /* at the edge is not above it */
        {0.99, 1.20, 0.00, VERDICT_NO_DIFFERENCE},
        {1.00, 1.20, 0.00, VERDICT_NO_DIFFERENCE},
        {0.80, 0.95, 0.05, VERDICT_WORSE}, /* 1/1.05 is 0.9523... */
        {0.80, 0.953, 0.05, VERDICT_NO_DIFFERENCE},
        {0.80, 1.00, 0.00, VERDICT_NO_DIFFERENCE},
        {0.50, 2.00, 0.00, VERDICT_NO_DIFFERENCE},
        {5.00, 6.00, INFINITY, VERDICT_NO_DIFFERENCE},
        {0.01, 0.02, INFINITY, VERDICT_NO_DIFFERENCE},
        {5.00, 6.00, NAN, VERDICT_NO_DIFFERENCE},
        {NAN, NAN, 0.00, VERDICT_NO_DIFFERENCE},
        {0, INFINITY, 0.00, VERDICT_NO_DIFFERENCE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stats_interval interval = {.low = cases[i].low, .high = cases[i].high};
        cr_expect_eq(stats_verdict(&interval, cases[i].smallest_effect), cases[i].expected,
                     "case %zu", i);
    }
}

Test(stats, takes_the_smallest_effect_from_the_control)
{
    struct stats_interval aa = {.low = 0.98, .high = 1.03};
    expect_near(stats_smallest_effect(&aa), 0.03);
    aa = (struct stats_interval){.low = 0.8, .high = 1.03};
    expect_near(stats_smallest_effect(&aa), 0.25); /* 1/0.8 - 1: as far down as 1.25 is up */
    aa = (struct stats_interval){.low = 1.02, .high = 1.03}; /* it happens, one run in twenty */
    expect_near(stats_smallest_effect(&aa), 0.03);
    aa = (struct stats_interval){.low = 0, .high = INFINITY};
    cr_expect_eq(stats_smallest_effect(&aa), INFINITY);
    aa = (struct stats_interval){.low = NAN, .high = NAN};
    cr_expect_eq(stats_smallest_effect(&aa), INFINITY);
}

Test(stats, judges_exact_counts_without_an_interval)
{
    expect_near(stats_ratio_exact(66, 33), 2);
    cr_expect_eq(stats_verdict_exact(66, 33), VERDICT_BETTER);
    cr_expect_eq(stats_verdict_exact(33, 34), VERDICT_WORSE);
    cr_expect_eq(stats_verdict_exact(33, 33), VERDICT_NO_DIFFERENCE);
    cr_expect_eq(stats_ratio_exact(5, 0), INFINITY);
    cr_expect_eq(stats_verdict_exact(5, 0), VERDICT_BETTER);
    cr_expect_eq(stats_ratio_exact(0, 5), 0);
    cr_expect_eq(stats_verdict_exact(0, 5), VERDICT_WORSE);
    cr_expect_eq(stats_ratio_exact(0, 0), 1);
    cr_expect_eq(stats_verdict_exact(0, 0), VERDICT_NO_DIFFERENCE);
    static const double bad[] = {-1, NAN, INFINITY};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_expect(isnan(stats_ratio_exact(bad[i], 3)));
        cr_expect(isnan(stats_ratio_exact(3, bad[i])));
        cr_expect_eq(stats_verdict_exact(bad[i], 3), VERDICT_NO_DIFFERENCE);
    }
}
