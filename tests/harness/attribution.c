/*
 * attribution.c - Shapley values and interactions of games whose solution is known, and on random
 * games the axioms that define them.
 */
#include "bench/statistics/attribution.h"

#include <criterion/criterion.h>
#include <gsl/gsl_permutation.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdbool.h>

enum { FIXES = 4, VARIANTS = 1 << FIXES, GAMES = 200 };
enum { KEY, SORT, STORE, WORKERS };

static void expect_near(double actual, double expected)
{
    cr_expect(fabs(actual - expected) <= 1e-10 * fmax(1, fabs(expected)), "%.17g, expected %.17g",
              actual, expected);
}

static bool has_fix(unsigned mask, unsigned lesson)
{
    return mask >> lesson & 1;
}

static void random_costs(gsl_rng *rng, double cost[VARIANTS])
{
    for (unsigned mask = 0; mask < VARIANTS; mask++)
        cost[mask] = 1 + 1000 * gsl_rng_uniform(rng);
}

/* Saves `saving` where all of the fixes in `needed` are in, nothing otherwise. */
static void unanimity(double cost[VARIANTS], unsigned needed, double saving)
{
    for (unsigned mask = 0; mask < VARIANTS; mask++)
        cost[mask] = 1000 - ((mask & needed) == needed ? saving : 0);
}

Test(attribution, gives_each_fix_its_own_where_they_only_add_up)
{
    static const double saving[FIXES] = {300, 25, 0, -40};
    double cost[VARIANTS], share[FIXES];
    for (unsigned mask = 0; mask < VARIANTS; mask++) {
        cost[mask] = 1000;
        for (unsigned lesson = 0; lesson < FIXES; lesson++)
            cost[mask] -= has_fix(mask, lesson) ? saving[lesson] : 0;
    }
    cr_assert_eq(attribution_shapley(FIXES, cost, share), 0);
    for (unsigned a = 0; a < FIXES; a++) {
        cr_expect_eq(share[a], saving[a]);
        for (unsigned b = 0; b < FIXES; b++) {
            struct interaction interaction;
            if (a == b)
                continue;
            cr_assert_eq(attribution_interaction(FIXES, cost, a, b, &interaction), 0);
            cr_expect_eq(interaction.index, 0);
        }
    }
}

Test(attribution, compares_by_ratios_where_fixes_multiply)
{
    static const double worth[FIXES] = {2, 1.25, 10, 0.8};
    double cost[VARIANTS];
    for (unsigned mask = 0; mask < VARIANTS; mask++) {
        cost[mask] = 5000;
        for (unsigned lesson = 0; lesson < FIXES; lesson++)
            cost[mask] /= has_fix(mask, lesson) ? worth[lesson] : 1;
    }
    for (unsigned a = 0; a < FIXES; a++) {
        for (unsigned b = 0; b < FIXES; b++) {
            struct interaction interaction;
            if (a == b)
                continue;
            cr_assert_eq(attribution_interaction(FIXES, cost, a, b, &interaction), 0);
            expect_near(interaction.ratio_without, worth[a]);
            expect_near(interaction.ratio_with, worth[a]);
        }
    }
}

Test(attribution, splits_a_saving_that_needs_two_fixes)
{
    double cost[VARIANTS], share[FIXES];
    struct interaction interaction;
    unanimity(cost, 1 << SORT | 1 << STORE, 600);
    cr_assert_eq(attribution_shapley(FIXES, cost, share), 0);
    expect_near(share[SORT], 300);
    expect_near(share[STORE], 300);
    expect_near(share[KEY], 0);
    expect_near(share[WORKERS], 0);
    attribution_interaction(FIXES, cost, SORT, STORE, &interaction);
    expect_near(interaction.index, 600);
    expect_near(interaction.ratio_without, 1);
    expect_near(interaction.ratio_with, 2.5); /* 1000 to 400 */
    attribution_interaction(FIXES, cost, SORT, KEY, &interaction);
    expect_near(interaction.index, 0);
}

Test(attribution, splits_what_three_or_four_fixes_need)
{
    /* Of a unanimity game of t players each gets 1/t, and each pair interacts by 1/(t - 1). */
    double cost[VARIANTS], share[FIXES];
    struct interaction interaction;
    unanimity(cost, 1 << KEY | 1 << SORT | 1 << STORE, 600);
    attribution_shapley(FIXES, cost, share);
    expect_near(share[KEY], 200);
    expect_near(share[WORKERS], 0);
    attribution_interaction(FIXES, cost, KEY, STORE, &interaction);
    expect_near(interaction.index, 300);
    unanimity(cost, 15, 600);
    attribution_shapley(FIXES, cost, share);
    for (unsigned lesson = 0; lesson < FIXES; lesson++)
        expect_near(share[lesson], 150);
    attribution_interaction(FIXES, cost, WORKERS, KEY, &interaction);
    expect_near(interaction.index, 200);
}

Test(attribution, shares_a_runway_as_the_airport_game_does)
{
    /* The largest saving that is in counts: Littlechild and Owen, Management Science 20, 1973. */
    static const double runway[FIXES] = {120, 240, 360, 480};
    static const double expected[FIXES] = {30, 70, 130, 250};
    double cost[VARIANTS], share[FIXES];
    for (unsigned mask = 0; mask < VARIANTS; mask++) {
        cost[mask] = 480;
        for (unsigned lesson = 0; lesson < FIXES; lesson++)
            if (has_fix(mask, lesson))
                cost[mask] = fmin(cost[mask], 480 - runway[lesson]);
    }
    cr_assert_eq(attribution_shapley(FIXES, cost, share), 0);
    for (unsigned lesson = 0; lesson < FIXES; lesson++)
        expect_near(share[lesson], expected[lesson]);
    struct interaction interaction;
    attribution_interaction(FIXES, cost, STORE, WORKERS, &interaction);
    cr_expect(interaction.index < 0, "each does the other's work: %g", interaction.index);
}

Test(attribution, says_what_a_fix_is_worth_under_the_lock_and_without_it)
{
    double cost[VARIANTS];
    for (unsigned mask = 0; mask < VARIANTS; mask++) {
        cost[mask] = has_fix(mask, KEY) ? 700 : 1400;
        if (has_fix(mask, SORT))
            cost[mask] /= has_fix(mask, STORE) ? 1.4 : 1.1;
        if (has_fix(mask, STORE))
            cost[mask] /= 3;
    }
    struct interaction sort, store;
    cr_assert_eq(attribution_interaction(FIXES, cost, SORT, STORE, &sort), 0);
    expect_near(sort.ratio_without, 1.1);
    expect_near(sort.ratio_with, 1.4);
    cr_assert_eq(attribution_interaction(FIXES, cost, STORE, SORT, &store), 0);
    expect_near(store.ratio_without, 3);
    expect_near(store.ratio_with, 3 * 1.4 / 1.1);
    expect_near(sort.index, store.index);
}

/* The definition itself: what each fix saves when it is added, over all orders of adding them. */
static void shapley_by_orders(unsigned lessons, const double *cost, double *share)
{
    gsl_permutation *order = gsl_permutation_calloc(lessons);
    unsigned orders = 0;
    for (unsigned lesson = 0; lesson < lessons; lesson++)
        share[lesson] = 0;
    do {
        unsigned build = 0;
        for (unsigned i = 0; i < lessons; i++) {
            unsigned lesson = (unsigned)gsl_permutation_get(order, i);
            share[lesson] += cost[build] - cost[build | 1u << lesson];
            build |= 1u << lesson;
        }
        orders++;
    } while (gsl_permutation_next(order) == 0);
    for (unsigned lesson = 0; lesson < lessons; lesson++)
        share[lesson] /= orders;
    gsl_permutation_free(order);
}

Test(attribution, agrees_with_the_definition_and_sums_to_the_whole)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (int game = 0; game < GAMES; game++) {
        double cost[VARIANTS], share[FIXES], expected[FIXES];
        random_costs(rng, cost);
        cr_assert_eq(attribution_shapley(FIXES, cost, share), 0);
        shapley_by_orders(FIXES, cost, expected);
        for (unsigned lesson = 0; lesson < FIXES; lesson++)
            expect_near(share[lesson], expected[lesson]);
        expect_near(share[0] + share[1] + share[2] + share[3], cost[0] - cost[15]);
    }
    gsl_rng_free(rng);
}

/* The mask with the bits of fixes a and b exchanged. */
static unsigned exchange(unsigned mask, unsigned a, unsigned b)
{
    unsigned differs = (mask >> a ^ mask >> b) & 1;
    return mask ^ (differs << a | differs << b);
}

Test(attribution, credits_fixes_that_do_the_same_alike)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (int game = 0; game < GAMES; game++)
        for (unsigned a = 0; a < FIXES; a++)
            for (unsigned b = 0; b < a; b++) {
                double cost[VARIANTS], share[FIXES];
                random_costs(rng, cost);
                for (unsigned mask = 0; mask < VARIANTS; mask++)
                    cost[exchange(mask, a, b)] = cost[mask];
                attribution_shapley(FIXES, cost, share);
                expect_near(share[a], share[b]);
            }
    gsl_rng_free(rng);
}

Test(attribution, credits_a_dummy_with_what_it_does_alone)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (int game = 0; game < GAMES; game++) {
        unsigned dummy = (unsigned)game % FIXES, other = (dummy + 1) % FIXES;
        double cost[VARIANTS], share[FIXES];
        random_costs(rng, cost);
        for (unsigned mask = 0; mask < VARIANTS; mask++)
            if (has_fix(mask, dummy))
                cost[mask] = cost[mask ^ 1u << dummy] - 17;
        attribution_shapley(FIXES, cost, share);
        expect_near(share[dummy], 17);
        struct interaction interaction;
        attribution_interaction(FIXES, cost, dummy, other, &interaction);
        expect_near(interaction.index, 0);
    }
    gsl_rng_free(rng);
}

Test(attribution, adds_up_over_sums_of_games)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    double a[VARIANTS], b[VARIANTS], sum[VARIANTS], of_a[FIXES], of_b[FIXES], of_sum[FIXES];
    random_costs(rng, a);
    random_costs(rng, b);
    for (unsigned mask = 0; mask < VARIANTS; mask++)
        sum[mask] = a[mask] + b[mask];
    attribution_shapley(FIXES, a, of_a);
    attribution_shapley(FIXES, b, of_b);
    attribution_shapley(FIXES, sum, of_sum);
    for (unsigned lesson = 0; lesson < FIXES; lesson++)
        expect_near(of_sum[lesson], of_a[lesson] + of_b[lesson]);
    gsl_rng_free(rng);
}

Test(attribution, has_a_share_but_no_ratio_of_a_cost_of_zero)
{
    double cost[VARIANTS], share[FIXES];
    unanimity(cost, 1 << STORE, 1000); /* no lock wait at all with the fixed store */
    struct interaction interaction;
    cr_expect_eq(attribution_shapley(FIXES, cost, share), 0);
    expect_near(share[STORE], 1000);
    cr_expect_eq(attribution_interaction(FIXES, cost, STORE, KEY, &interaction), 0);
    expect_near(interaction.index, 0);
    cr_expect(isnan(interaction.ratio_with) && isnan(interaction.ratio_without));
}

Test(attribution, refuses_costs_that_are_not_finite)
{
    static const double bad[] = {NAN, INFINITY, -INFINITY};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        double cost[VARIANTS], share[FIXES];
        struct interaction interaction;
        unanimity(cost, 15, 1);
        cost[9] = bad[i];
        cr_expect_eq(attribution_shapley(FIXES, cost, share), -1);
        cr_expect(isnan(share[0]) && isnan(share[3]));
        cr_expect_eq(attribution_interaction(FIXES, cost, 0, 1, &interaction), -1);
        cr_expect(isnan(interaction.index) && isnan(interaction.ratio_with));
    }
}

Test(attribution, agrees_with_the_definition_for_any_number_of_lessons)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (unsigned lessons = 2; lessons <= ATTRIBUTION_MAX; lessons++) {
        double cost[1 << ATTRIBUTION_MAX], share[ATTRIBUTION_MAX], expected[ATTRIBUTION_MAX];
        double sum = 0;
        for (unsigned build = 0; build < 1u << lessons; build++)
            cost[build] = 1 + 1000 * gsl_rng_uniform(rng);
        cr_assert_eq(attribution_shapley(lessons, cost, share), 0);
        shapley_by_orders(lessons, cost, expected);
        for (unsigned lesson = 0; lesson < lessons; lesson++) {
            expect_near(share[lesson], expected[lesson]);
            sum += share[lesson];
        }
        expect_near(sum, cost[0] - cost[(1u << lessons) - 1]);
    }
    gsl_rng_free(rng);
}

Test(attribution, shares_thirty_two_builds_among_five)
{
    /* The airport game again, with one runway more; and what only two together save. */
    static const double runway[5] = {120, 240, 360, 480, 600};
    static const double expected[5] = {24, 54, 94, 154, 274};
    double cost[32], share[5];
    struct interaction interaction;
    for (unsigned build = 0; build < 32; build++) {
        cost[build] = 600;
        for (unsigned lesson = 0; lesson < 5; lesson++)
            if (has_fix(build, lesson))
                cost[build] = fmin(cost[build], 600 - runway[lesson]);
    }
    cr_assert_eq(attribution_shapley(5, cost, share), 0);
    for (unsigned lesson = 0; lesson < 5; lesson++)
        expect_near(share[lesson], expected[lesson]);
    for (unsigned build = 0; build < 32; build++)
        cost[build] = (build & 18) == 18 ? 400 : 1000;
    cr_assert_eq(attribution_interaction(5, cost, 1, 4, &interaction), 0);
    expect_near(interaction.index, 600);
    expect_near(interaction.ratio_without, 1);
    expect_near(interaction.ratio_with, 2.5);
    cr_assert_eq(attribution_interaction(5, cost, 1, 2, &interaction), 0);
    expect_near(interaction.index, 0);
}
