/* attribution.c - see attribution.h. */
#include "bench/statistics/attribution.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static unsigned bit(unsigned lesson)
{
    return 1u << lesson;
}

static unsigned lesson_count(unsigned mask)
{
    return (unsigned)__builtin_popcount(mask);
}

static bool is_finite(const double cost[ATTRIBUTION_VARIANTS])
{
    for (unsigned mask = 0; mask < ATTRIBUTION_VARIANTS; mask++)
        if (!isfinite(cost[mask]))
            return false;
    return true;
}

static bool is_positive(const double cost[ATTRIBUTION_VARIANTS])
{
    for (unsigned mask = 0; mask < ATTRIBUTION_VARIANTS; mask++)
        if (!(cost[mask] > 0))
            return false;
    return true;
}

void attribution_code(unsigned mask, char code[ATTRIBUTION_FIXES + 1])
{
    assert(mask < ATTRIBUTION_VARIANTS);
    for (unsigned lesson = 0; lesson < ATTRIBUTION_FIXES; lesson++)
        code[lesson] = mask & bit(lesson) ? 'f' : 'n';
    code[ATTRIBUTION_FIXES] = '\0';
}

int attribution_mask(const char *code)
{
    if (strlen(code) != ATTRIBUTION_FIXES || strspn(code, "nf") != ATTRIBUTION_FIXES)
        return -1;
    unsigned mask = 0;
    for (unsigned lesson = 0; lesson < ATTRIBUTION_FIXES; lesson++)
        if (code[lesson] == 'f')
            mask |= bit(lesson);
    return (int)mask;
}

/*
 * With s fixes already in, s! * (3 - s)! of the 24 orders add the fix next: 6, 2, 2, 6. Whole
 * weights and one division keep the shares of whole counts exact to the last rounding.
 */
static double shapley_value(const double cost[ATTRIBUTION_VARIANTS], unsigned lesson)
{
    static const double orders[ATTRIBUTION_FIXES] = {6, 2, 2, 6};
    double sum = 0;
    for (unsigned mask = 0; mask < ATTRIBUTION_VARIANTS; mask++)
        if (!(mask & bit(lesson)))
            sum += orders[lesson_count(mask)] * (cost[mask] - cost[mask | bit(lesson)]);
    return sum / 24;
}

int attribution_shapley(const double cost[ATTRIBUTION_VARIANTS], double share[ATTRIBUTION_FIXES])
{
    bool is_valid = is_finite(cost);
    for (unsigned lesson = 0; lesson < ATTRIBUTION_FIXES; lesson++)
        share[lesson] = is_valid ? shapley_value(cost, lesson) : NAN;
    return is_valid ? 0 : -1;
}

/* t! * (2 - t)! / 3! for t other fixes in: 1/3, 1/6, 1/3. */
static double interaction_index(const double cost[ATTRIBUTION_VARIANTS], unsigned a, unsigned b)
{
    static const double sixths[ATTRIBUTION_FIXES - 1] = {2, 1, 2};
    double sum = 0;
    for (unsigned mask = 0; mask < ATTRIBUTION_VARIANTS; mask++) {
        if (mask & (bit(a) | bit(b)))
            continue;
        double saved_alone = cost[mask] - cost[mask | bit(a)];
        double saved_beside = cost[mask | bit(b)] - cost[mask | bit(b) | bit(a)];
        sum += sixths[lesson_count(mask)] * (saved_beside - saved_alone);
    }
    return sum / 6;
}

/* The geometric mean of what fix a is worth in the four variants where b is in, or is not. */
static double mean_ratio(const double cost[ATTRIBUTION_VARIANTS], unsigned a, unsigned b,
                         bool is_b_in)
{
    double sum = 0;
    for (unsigned mask = 0; mask < ATTRIBUTION_VARIANTS; mask++)
        if (!(mask & bit(a)) && (bool)(mask & bit(b)) == is_b_in)
            sum += log(cost[mask]) - log(cost[mask | bit(a)]);
    return exp(sum / 4);
}

int attribution_interaction(const double cost[ATTRIBUTION_VARIANTS], unsigned a, unsigned b,
                            struct interaction *interaction)
{
    assert(a < ATTRIBUTION_FIXES && b < ATTRIBUTION_FIXES && a != b);
    *interaction = (struct interaction){NAN, NAN, NAN};
    if (!is_finite(cost))
        return -1;
    interaction->index = interaction_index(cost, a, b);
    if (is_positive(cost)) {
        interaction->ratio_without = mean_ratio(cost, a, b, false);
        interaction->ratio_with = mean_ratio(cost, a, b, true);
    }
    return 0;
}
