/* attribution.c - see attribution.h. */
#include "bench/statistics/attribution.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>

static unsigned bit(unsigned lesson)
{
    return 1u << lesson;
}

static unsigned fixed_count(unsigned build)
{
    return (unsigned)__builtin_popcount(build);
}

static bool is_finite(unsigned lessons, const double *cost)
{
    for (unsigned build = 0; build < bit(lessons); build++)
        if (!isfinite(cost[build]))
            return false;
    return true;
}

static bool is_positive(unsigned lessons, const double *cost)
{
    for (unsigned build = 0; build < bit(lessons); build++)
        if (!(cost[build] > 0))
            return false;
    return true;
}

/* Exact, as are their sums and products here: 8! is 40,320. */
static double factorial(unsigned n)
{
    double product = 1;
    for (unsigned i = 2; i <= n; i++)
        product *= i;
    return product;
}

/*
 * With s of n lessons fixed already, s! * (n - 1 - s)! of the n! orders fix this one next: of four,
 * 6, 2, 2, 6 of 24. Whole weights and one division keep the shares of whole counts exact to the
 * last rounding.
 */
static double shapley_value(unsigned lessons, const double *cost, unsigned lesson)
{
    double sum = 0;
    for (unsigned build = 0; build < bit(lessons); build++) {
        unsigned fixed = fixed_count(build);
        if (!(build & bit(lesson)))
            sum += factorial(fixed) * factorial(lessons - 1 - fixed) *
                   (cost[build] - cost[build | bit(lesson)]);
    }
    return sum / factorial(lessons);
}

int attribution_shapley(unsigned lessons, const double *cost, double *share)
{
    assert(lessons >= 1 && lessons <= ATTRIBUTION_MAX);
    bool is_valid = is_finite(lessons, cost);
    for (unsigned lesson = 0; lesson < lessons; lesson++)
        share[lesson] = is_valid ? shapley_value(lessons, cost, lesson) : NAN;
    return is_valid ? 0 : -1;
}

/* t! * (n - 2 - t)! / (n - 1)! for t others fixed: of four lessons 1/3, 1/6, 1/3. */
static double interaction_index(unsigned lessons, const double *cost, unsigned a, unsigned b)
{
    double sum = 0;
    for (unsigned build = 0; build < bit(lessons); build++) {
        unsigned fixed = fixed_count(build);
        if (build & (bit(a) | bit(b)))
            continue;
        double saved_alone = cost[build] - cost[build | bit(a)];
        double saved_beside = cost[build | bit(b)] - cost[build | bit(b) | bit(a)];
        sum += factorial(fixed) * factorial(lessons - 2 - fixed) * (saved_beside - saved_alone);
    }
    return sum / factorial(lessons - 1);
}

/* The geometric mean of what fixing a is worth in the builds where b is fixed, or is not. */
static double mean_ratio(unsigned lessons, const double *cost, unsigned a, unsigned b,
                         bool is_b_fixed)
{
    double sum = 0;
    for (unsigned build = 0; build < bit(lessons); build++)
        if (!(build & bit(a)) && (bool)(build & bit(b)) == is_b_fixed)
            sum += log(cost[build]) - log(cost[build | bit(a)]);
    return exp(sum / bit(lessons - 2));
}

int attribution_interaction(unsigned lessons, const double *cost, unsigned a, unsigned b,
                            struct interaction *interaction)
{
    assert(lessons >= 2 && lessons <= ATTRIBUTION_MAX);
    assert(a < lessons && b < lessons && a != b);
    *interaction = (struct interaction){NAN, NAN, NAN};
    if (!is_finite(lessons, cost))
        return -1;
    interaction->index = interaction_index(lessons, cost, a, b);
    if (is_positive(lessons, cost)) {
        interaction->ratio_without = mean_ratio(lessons, cost, a, b, false);
        interaction->ratio_with = mean_ratio(lessons, cost, a, b, true);
    }
    return 0;
}
