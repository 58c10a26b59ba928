/*
 * attribution.h - which lesson is to be credited with how much, when they help or hinder each
 * other.
 *
 * As many lessons as there are (`lessons`, ATTRIBUTION_MAX at most) make two to that power builds.
 * A build is a number, bit i set if lesson i is fixed in it. A cost (time, instructions, bytes;
 * smaller is better) is measured for each build: cost[0] is naive, the last has all fixed. Costs
 * must be finite; they may be 0 where nothing is said. Pure functions, thread-safe.
 */
#ifndef ATTRIBUTION_H
#define ATTRIBUTION_H

enum { ATTRIBUTION_MAX = 8 };

/*
 * Each lesson's share of the saving between the first cost and the last, in the unit of the costs:
 * what fixing it saves, averaged over all orders in which the lessons can be fixed (Shapley, A
 * Value for n-Person Games, Contributions to the Theory of Games II, 1953). The shares sum to the
 * saving, up to rounding; a fix that costs something has a negative one. 0, or -1 if a cost is not
 * finite; then the shares are NAN.
 */
int attribution_shapley(unsigned lessons, const double *cost, double *share);

/*
 * Two lessons a and b together. `index` is the Shapley interaction index (Grabisch and Roubens, An
 * Axiomatic Approach to the Concept of Interaction Among Players in Cooperative Games,
 * International Journal of Game Theory 28, 1999) of the saving, in the unit of the costs: above 0
 * they are worth more together than apart, below 0 less. It is the same for (a, b) and (b, a).
 *
 * The ratios say it in plain words: the cost without a over that with a, first where b is naive
 * (ratio_without), then where it is fixed (ratio_with), each the geometric mean over all states of
 * the other lessons. "sort is worth 1.1x under the big lock, 1.4x without it" is a = sort,
 * b = store. NAN if a cost is not above 0.
 */
struct interaction {
    double ratio_without, ratio_with;
    double index;
};

/* a and b: two different lessons. 0, or -1 if a cost is not finite; then all are NAN. */
int attribution_interaction(unsigned lessons, const double *cost, unsigned a, unsigned b,
                            struct interaction *interaction);

#endif
