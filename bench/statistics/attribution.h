/*
 * attribution.h - which fix is to be credited with how much, when they help or hinder each other.
 *
 * The four fixes make sixteen variants. A variant's index is a bit mask, bit i set if fix i is in:
 * bit 0 key, 1 sort, 2 store, 3 workers. A cost (time, instructions, bytes; smaller is better) is
 * measured for each variant: cost[0] is naive, cost[15] has all fixes. Costs must be finite; they
 * may be 0 where nothing is said. Pure functions, thread-safe.
 */
#ifndef ATTRIBUTION_H
#define ATTRIBUTION_H

enum { ATTRIBUTION_FIXES = 4, ATTRIBUTION_VARIANTS = 1 << ATTRIBUTION_FIXES };

/* The variant's code with a NUL: 'n' or 'f' for key, sort, store, workers; mask 1 is "fnnn". */
void attribution_code(unsigned mask, char code[ATTRIBUTION_FIXES + 1]);

/* The mask of a code, or -1 if it is none. */
int attribution_mask(const char *code);

/*
 * Each fix's share of the saving cost[0] - cost[15], in the unit of the costs: what adding the fix
 * saves, averaged over all 24 orders in which the four can be added (Shapley, A Value for n-Person
 * Games, Contributions to the Theory of Games II, 1953). The shares sum to the saving, up to
 * rounding; a fix that costs something has a negative one. 0, or -1 if a cost is not finite; then
 * the shares are NAN.
 */
int attribution_shapley(const double cost[ATTRIBUTION_VARIANTS], double share[ATTRIBUTION_FIXES]);

/*
 * Two fixes a and b together. `index` is the Shapley interaction index (Grabisch and Roubens, An
 * Axiomatic Approach to the Concept of Interaction Among Players in Cooperative Games,
 * International Journal of Game Theory 28, 1999) of the saving, in the unit of the costs: above 0
 * they are worth more together than apart, below 0 less. It is the same for (a, b) and (b, a).
 *
 * The ratios say it in plain words: the cost without a over that with a, first where b is absent
 * (ratio_without), then where it is present (ratio_with), each the geometric mean over the four
 * states of the other two fixes. "sort is worth 1.1x under the big lock, 1.4x without it" is
 * a = sort, b = store. NAN if a cost is not above 0.
 */
struct interaction {
    double ratio_without, ratio_with;
    double index;
};

/* a and b: two different fixes, 0 to 3. 0, or -1 if a cost is not finite; then all are NAN. */
int attribution_interaction(const double cost[ATTRIBUTION_VARIANTS], unsigned a, unsigned b,
                            struct interaction *interaction);

#endif
