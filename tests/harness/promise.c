/* promise.c - what a share promises, how that is judged, and how it ranks; with known answers. */
#include "bench/statistics/promise.h"

#include <criterion/criterion.h>
#include <math.h>

Test(promise, is_amdahls)
{
    cr_expect_eq(promise_gain(0), 1);
    cr_expect_eq(promise_gain(0.5), 2);
    cr_expect_eq(promise_gain(0.75), 4);
    cr_expect(isinf(promise_gain(1)));
    cr_expect(isnan(promise_gain(NAN)));
    cr_expect(isnan(promise_gain(-0.1)));
    cr_expect(
        isnan(promise_gain(1.1))); /* of what is no part of the time, like all shards' holds */
}

Test(promise, is_kept_or_not)
{
    cr_expect_eq(promise_judge(0.5, 1.9, 2.1), PROMISE_KEPT);
    cr_expect_eq(promise_judge(0.5, 2, 2), PROMISE_KEPT);
    cr_expect_eq(promise_judge(0.5, 1.1, 1.9), PROMISE_OVER);
    cr_expect_eq(promise_judge(1, 5, 8), PROMISE_OVER);
    cr_expect_eq(promise_judge(0.5, 2.1, 3), PROMISE_UNDER);
    cr_expect_eq(promise_judge(0.02, 2.1, 3), PROMISE_UNDER);
    cr_expect_eq(promise_judge(0.001, 2.1, 3), PROMISE_BLIND);
    cr_expect_eq(promise_judge(0, 1.01, 3), PROMISE_BLIND);
    cr_expect_eq(promise_judge(0, 0.99, 1.01), PROMISE_KEPT); /* nothing promised, nothing came */
    cr_expect_eq(promise_judge(NAN, 1, 2), PROMISE_UNJUDGED);
    cr_expect_eq(promise_judge(0.5, NAN, NAN), PROMISE_UNJUDGED);
}

static double order(const struct promise_pair *pairs, unsigned count, unsigned wanted_told)
{
    unsigned told;
    double result = promise_order(pairs, count, &told);
    cr_expect_eq(told, wanted_told);
    return result;
}

Test(promise, ranks)
{
    struct promise_pair pairs[] = {{2, 1.6, 1.5, 1.7}, {1.2, 1.1, 1.05, 1.15}, {5, 9, 8, 10}};

    cr_expect_eq(order(pairs, 3, 3), 1);
    pairs[2].promised = 1; /* the last of what it ranks, and the first of what came */
    cr_expect_float_eq(order(pairs, 3, 3), -1. / 3, 1e-12);
    pairs[0].promised = pairs[1].promised = pairs[2].promised = 1; /* who is blind ranks nothing */
    cr_expect_eq(order(pairs, 3, 3), 0);
}

Test(promise, ranks_only_what_can_be_told_apart)
{
    const struct promise_pair ties[] = {{2, 1.6, 1.2, 2}, {3, 1.5, 1.1, 1.9}};
    const struct promise_pair points[] = {{2, 1.6, NAN, NAN}, {3, 1.5, NAN, NAN}};
    const struct promise_pair outside[] = {{2, 1.01, NAN, NAN}, {3, 7, 6, 8}};
    const struct promise_pair inside[] = {{2, 6.5, NAN, NAN}, {3, 7, 6, 8}};
    const struct promise_pair missing[] = {{NAN, 1.01, 1, 1.1}, {3, 7, 6, 8}};

    cr_expect(isnan(order(ties, 2, 0)));
    cr_expect(isnan(order(points, 2, 0)));
    cr_expect_eq(order(outside, 2, 1), 1);
    cr_expect(isnan(order(inside, 2, 0)));
    cr_expect(isnan(order(missing, 2, 0)));
    cr_expect(isnan(order(outside, 1, 0)));
    cr_expect(isnan(order(outside, 0, 0)));
}
