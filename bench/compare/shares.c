/*
 * shares.c - what each fix is worth in the presence of the others: all builds taken apart.
 */
#include <math.h>
#include <string.h>

#include "bench/compare/comparison.h"
#include "bench/statistics/attribution.h"

/* The costs of all builds in one metric; false where one is missing. */
static bool read_costs(const struct model *model, unsigned metric, double cost[BUILD_COUNT])
{
    for (unsigned build = 0; build < BUILD_COUNT; build++)
        cost[build] = NAN;
    for (unsigned i = 0; i < model->build_count; i++) {
        int build = build_from_code(model->builds[i].code);
        if (build >= 0)
            cost[build] = model->builds[i].values[metric];
    }
    for (unsigned build = 0; build < BUILD_COUNT; build++)
        if (!isfinite(cost[build]))
            return false;
    return true;
}

static void add_attribution(struct model *model, const struct quantity *what,
                            const double cost[BUILD_COUNT])
{
    double share[LESSON_COUNT];
    double saving = cost[BUILD_NAIVE] - cost[BUILD_FIXED];
    bool is_saving = fabs(saving) > 1e-9 * fabs(cost[BUILD_NAIVE]);

    attribution_shapley(LESSON_COUNT, cost, share);
    struct attribution attribution = {.metric = what->name,
                                      .unit = what->unit,
                                      .naive = cost[BUILD_NAIVE],
                                      .fixed = cost[BUILD_FIXED],
                                      .saving = saving};
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        const double percent = is_saving ? 100 * share[lesson] / saving : NAN;
        MODEL_ADD(model, &attribution, share, shares,
                  (struct share){lesson_id(lesson), share[lesson]});
        MODEL_ADD(model, &attribution, percent, percent,
                  (struct share){lesson_id(lesson), percent});
    }
    MODEL_ADD(model, model, attribution, attribution, attribution);
}

/* A pair in words, if it is worth a sentence: the worth of `a` changes by a tenth or more with b.
 */
static void add_interaction(struct model *model, const struct quantity *what,
                            const double cost[BUILD_COUNT], int a, int b)
{
    struct interaction pair;

    if (attribution_interaction(LESSON_COUNT, cost, (unsigned)a, (unsigned)b, &pair) != 0 ||
        !isfinite(pair.ratio_with) || fabs(log(pair.ratio_with / pair.ratio_without)) < log(1.1))
        return;
    MODEL_ADD(
        model, model, interaction, interactions,
        (struct joint_worth){
            .metric = what->name,
            .a = lesson_id(a),
            .b = lesson_id(b),
            .ratio_without = pair.ratio_without,
            .ratio_with = pair.ratio_with,
            .index = pair.index,
            .words = model_text(model, "%s: the %s fix is worth %.2fx %s, %.2fx %s", what->label,
                                lesson_id(a), pair.ratio_without, lesson_rows[b].while_naive,
                                pair.ratio_with, lesson_rows[b].while_fixed),
        });
}

/* Interactions are ratios, which say something of times. */
static void add_interactions(struct model *model, const struct quantity *what,
                             const double cost[BUILD_COUNT])
{
    if (strcmp(what->name, "time") != 0 && strcmp(what->name, "database_time") != 0)
        return;
    for (int a = 0; a < LESSON_COUNT; a++)
        for (int b = 0; b < LESSON_COUNT; b++)
            if (a != b)
                add_interaction(model, what, cost, a, b);
}

int attribute(struct comparison *comparison)
{
    struct model *model = &comparison->model;

    if (!comparison->plan.has_all_builds) {
        if (comparison->plan.only == LESSON_ALL)
            comparison_warn(comparison,
                            "of the %d builds those were measured in which nothing, all, one "
                            "lesson or all but one is fixed; what needs them all, each lesson's "
                            "share and what two are worth together, is measured with FULL=1",
                            BUILD_COUNT);
        return 0;
    }
    for (unsigned i = 0; i < model->build_metric_count; i++) {
        const struct quantity *what = &model->build_metrics[i].what;
        double cost[BUILD_COUNT];
        if (!read_costs(model, i, cost))
            continue;
        add_attribution(model, what, cost);
        add_interactions(model, what, cost);
    }
    return 0;
}
