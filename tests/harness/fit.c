/*
 * fit.c - fits on known data. Slopes and R^2 were computed with Python's fractions and
 * statistics.linear_regression, intervals with Student's t from a table (3.182446 for 3 degrees).
 */
#include "bench/statistics/fit.h"

#include <criterion/criterion.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>

static void expect_near(double actual, double expected, double tolerance)
{
    cr_expect(fabs(actual - expected) <= tolerance * fmax(1, fabs(expected)),
              "%.17g, expected %.17g", actual, expected);
}

static void expect_no_line(const double *x, const double *y, size_t count, enum fit_result expected)
{
    struct fit_line line;
    cr_expect_eq(fit_line(x, y, count, 0.95, &line), expected);
    cr_expect(isnan(line.slope) && isnan(line.intercept) && isnan(line.r2));
    cr_expect(line.slope_low == -INFINITY && line.slope_high == INFINITY);
}

static void expect_no_power(const double *x, const double *y, size_t count,
                            enum fit_result expected)
{
    struct fit_power power;
    cr_expect_eq(fit_power(x, y, count, 0.95, &power), expected);
    cr_expect(isnan(power.exponent) && isnan(power.factor) && isnan(power.r2));
    cr_expect(power.exponent_low == -INFINITY && power.exponent_high == INFINITY);
}

Test(fit, draws_a_line_with_its_interval)
{
    double x[] = {1, 2, 3, 4, 5}, y[] = {2.1, 3.9, 6.2, 7.8, 10.1};
    struct fit_line line;
    cr_assert_eq(fit_line(x, y, 5, 0.95, &line), FIT_OK);
    expect_near(line.intercept, 0.05, 1e-12);
    expect_near(line.slope, 1.99, 1e-12);
    expect_near(line.slope_low, 1.7999392904005354, 1e-7);
    expect_near(line.slope_high, 2.1800607095994646, 1e-7);
    expect_near(line.r2, 0.9973053289009771, 1e-12);
    cr_expect_eq(line.count, 5);
    cr_expect_eq(line.confidence, 0.95);
}

Test(fit, finds_the_exponent_of_a_noisy_square)
{
    double x[] = {8, 16, 32, 64, 128}, y[] = {70, 250, 1030, 3900, 16500};
    struct fit_power power;
    cr_assert_eq(fit_power(x, y, 5, 0.95, &power), FIT_OK);
    expect_near(power.exponent, 1.9725264898126031, 1e-12);
    expect_near(power.factor, 1.1064621485574675, 1e-12);
    expect_near(power.exponent_low, 1.9010164034768278, 1e-7);
    expect_near(power.exponent_high, 2.0440365761483785, 1e-7);
    expect_near(power.r2, 0.9996108482732351, 1e-12);
}

Test(fit, has_next_to_no_interval_on_an_exact_power)
{
    double x[] = {1, 2, 4, 8, 16}, y[] = {3, 12, 48, 192, 768};
    struct fit_power power;
    cr_assert_eq(fit_power(x, y, 5, 0.99, &power), FIT_OK);
    expect_near(power.exponent, 2, 1e-12);
    expect_near(power.factor, 3, 1e-12);
    expect_near(power.exponent_low, 2, 1e-6);
    expect_near(power.exponent_high, 2, 1e-6);
    expect_near(power.r2, 1, 1e-12);
}

Test(fit, takes_the_slope_of_counts_exactly)
{
    /* 1,500,321 instructions to start, 2,417 a record. */
    double x[] = {2000, 4000, 10000, 20000}, y[4];
    for (int i = 0; i < 4; i++)
        y[i] = 1500321 + 2417 * x[i];
    struct fit_line line;
    cr_assert_eq(fit_line(x, y, 4, 0.95, &line), FIT_OK);
    expect_near(line.slope, 2417, 1e-12);
    expect_near(line.intercept, 1500321, 1e-9);
    expect_near(line.slope_low, 2417, 1e-9);
    expect_near(line.slope_high, 2417, 1e-9);

    cr_assert_eq(fit_line(x, y, 2, 0.95, &line), FIT_NO_INTERVAL);
    expect_near(line.slope, 2417, 1e-12);
    expect_near(line.intercept, 1500321, 1e-9);
    cr_expect(line.slope_low == -INFINITY && line.slope_high == INFINITY);
}

Test(fit, sees_no_growth_in_a_constant)
{
    double x[] = {1, 10, 100, 1000}, y[] = {0.1, 0.1, 0.1, 0.1};
    struct fit_power power;
    cr_assert_eq(fit_power(x, y, 4, 0.95, &power), FIT_OK);
    expect_near(power.exponent, 0, 1e-12);
    expect_near(power.factor, 0.1, 1e-12);
    cr_expect(isnan(power.r2), "%g", power.r2);
    expect_near(power.exponent_high - power.exponent_low, 0, 1e-12);
}

Test(fit, says_what_is_wrong_with_the_points)
{
    double x[] = {1, 2, 4}, y[] = {3, 5, 9};
    double same[] = {2, 2, 2}, zero[] = {3, 0, 9}, negative[] = {3, 5, -9};
    double not_a_number[] = {3, NAN, 9}, infinite[] = {3, 5, INFINITY};
    expect_no_line(x, y, 0, FIT_TOO_FEW);
    expect_no_line(x, y, 1, FIT_TOO_FEW);
    expect_no_line(same, y, 3, FIT_SAME_X);
    expect_no_line(same, y, 2, FIT_SAME_X);
    expect_no_line(x, not_a_number, 3, FIT_NOT_FINITE);
    expect_no_line(infinite, y, 3, FIT_NOT_FINITE);
    expect_no_power(x, y, 1, FIT_TOO_FEW);
    expect_no_power(same, y, 3, FIT_SAME_X);
    expect_no_power(x, zero, 3, FIT_NOT_POSITIVE);
    expect_no_power(negative, y, 3, FIT_NOT_POSITIVE);
    expect_no_power(not_a_number, y, 3, FIT_NOT_FINITE);
    expect_no_power(x, infinite, 3, FIT_NOT_FINITE);
    struct fit_power power;
    cr_expect_eq(fit_power(x, y, 2, 0.95, &power), FIT_NO_INTERVAL);
    expect_near(power.exponent, log2(5. / 3), 1e-12);
    expect_near(power.factor, 3, 1e-12);
    cr_expect(power.exponent_low == -INFINITY && power.exponent_high == INFINITY);
}

Test(fit, says_when_the_numbers_overflow)
{
    double x[] = {1, 2, 3}, y[] = {-2, 4, 1};
    double huge[] = {-1e200, 1e200, 3e200}, tiny[] = {1e-200, 2e-200, 3e-200};
    expect_no_line(x, huge, 3, FIT_NOT_FINITE);
    expect_no_line(huge, y, 3, FIT_NOT_FINITE);
    double last_square_overflows[] = {0, 0, 0, 1.9e154}, y4[] = {-2, 4, 1, 3};
    expect_no_line(last_square_overflows, y4, 4, FIT_NOT_FINITE);
    expect_no_line(tiny, y, 3, FIT_NOT_FINITE);
}

Test(fit, intervals_hold_the_exponent_as_often_as_they_say)
{
    enum { RUNS = 10000, POINTS = 6 };
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    unsigned held = 0;
    for (unsigned run = 0; run < RUNS; run++) {
        double x[POINTS], y[POINTS];
        for (int i = 0; i < POINTS; i++) {
            x[i] = 4 << i;
            y[i] = 7 * pow(x[i], 1.5) * gsl_ran_lognormal(rng, 0, 0.05);
        }
        struct fit_power power;
        cr_assert_eq(fit_power(x, y, POINTS, 0.95, &power), FIT_OK);
        held += power.exponent_low <= 1.5 && 1.5 <= power.exponent_high;
    }
    /* 9500 are expected, with a deviation of 22. */
    cr_expect(held > 9500 - 4 * 22 && held < 9500 + 4 * 22, "%u of %u", held, RUNS);
    gsl_rng_free(rng);
}
