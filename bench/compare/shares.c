/*
 * shares.c - what each fix is worth in the presence of the others: the sixteen builds taken apart.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/compare/document.h"
#include "bench/statistics/attribution.h"

/* The costs of all sixteen in one metric; false where one is missing. */
static bool read_costs(const cJSON *variants, const char *name, double cost[BUILD_COUNT])
{
    bool has[BUILD_COUNT] = {false};
    const cJSON *variant;

    cJSON_ArrayForEach (variant, variants) {
        const char *code = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(variant, "code"));
        const cJSON *number = cJSON_GetObjectItemCaseSensitive(
            cJSON_GetObjectItemCaseSensitive(variant, "metrics"), name);
        int mask = code != NULL ? build_from_code(code) : -1;
        if (mask < 0 || !cJSON_IsNumber(number))
            continue;
        cost[mask] = number->valuedouble;
        has[mask] = true;
    }
    for (int mask = 0; mask < BUILD_COUNT; mask++)
        if (!has[mask])
            return false;
    return true;
}

static void add_attribution(struct comparison *comparison, const cJSON *known,
                            const double cost[BUILD_COUNT])
{
    const char *name = cJSON_GetObjectItemCaseSensitive(known, "name")->valuestring;
    const char *unit = cJSON_GetObjectItemCaseSensitive(known, "unit")->valuestring;
    double share[LESSON_COUNT];
    double saving = cost[0] - cost[BUILD_FIXED];

    attribution_shapley(LESSON_COUNT, cost, share);
    cJSON *object = cJSON_CreateObject();
    cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(comparison->document, "attribution"),
                         object);
    cJSON_AddStringToObject(object, "metric", name);
    cJSON_AddStringToObject(object, "unit", unit);
    document_number(object, "naive", cost[0]);
    document_number(object, "fixed", cost[BUILD_FIXED]);
    document_number(object, "saving", saving);
    cJSON *shares = cJSON_AddObjectToObject(object, "shares");
    cJSON *percent = cJSON_AddObjectToObject(object, "percent");
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        document_number(shares, lesson_id(lesson), share[lesson]);
        document_number(percent, lesson_id(lesson),
                        fabs(saving) > 1e-9 * fabs(cost[0]) ? 100 * share[lesson] / saving : NAN);
    }
}

/* A pair in words, if it is worth a sentence: the worth of `a` changes by a tenth or more with b.
 */
static void add_interaction(struct comparison *comparison, const cJSON *known,
                            const double cost[BUILD_COUNT], int a, int b)
{
    const char *label = cJSON_GetObjectItemCaseSensitive(known, "label")->valuestring;
    struct interaction pair;
    char words[256];

    if (attribution_interaction(LESSON_COUNT, cost, a, b, &pair) != 0 ||
        !isfinite(pair.ratio_with) || fabs(log(pair.ratio_with / pair.ratio_without)) < log(1.1))
        return;
    cJSON *object = cJSON_CreateObject();
    cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(comparison->document, "interactions"),
                         object);
    cJSON_AddItemReferenceToObject(object, "metric",
                                   cJSON_GetObjectItemCaseSensitive(known, "name"));
    cJSON_AddStringToObject(object, "a", lesson_id(a));
    cJSON_AddStringToObject(object, "b", lesson_id(b));
    document_number(object, "a_ratio_without_b", pair.ratio_without);
    document_number(object, "a_ratio_with_b", pair.ratio_with);
    document_number(object, "index", pair.index);
    snprintf(words, sizeof words, "%s: the %s fix is worth %.2fx %s, %.2fx %s", label, lesson_id(a),
             pair.ratio_without, lesson_rows[b].while_naive, pair.ratio_with,
             lesson_rows[b].while_fixed);
    cJSON_AddStringToObject(object, "words", words);
}

int attribute(struct comparison *comparison)
{
    cJSON *variants = cJSON_GetObjectItemCaseSensitive(comparison->document, "builds");
    cJSON *known = cJSON_GetObjectItemCaseSensitive(comparison->document, "build_metrics");
    const cJSON *metric;

    cJSON_AddArrayToObject(comparison->document, "attribution");
    cJSON_AddArrayToObject(comparison->document, "interactions");
    if (!comparison->plan.has_all_builds) {
        if (comparison->plan.only == LESSON_ALL)
            comparison_warn(comparison,
                            "of the %d builds those were measured in which nothing, all, one "
                            "lesson or all but one is fixed; what needs them all, each lesson's "
                            "share and what two are worth together, is measured with FULL=1",
                            BUILD_COUNT);
        return 0;
    }
    cJSON_ArrayForEach (metric, known) {
        double cost[BUILD_COUNT];
        const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(metric, "name"));
        if (!read_costs(variants, name, cost))
            continue;
        add_attribution(comparison, metric, cost);
        bool is_time = strcmp(name, "time") == 0 || strcmp(name, "database_time") == 0;
        for (int a = 0; a < LESSON_COUNT && is_time; a++)
            for (int b = 0; b < LESSON_COUNT; b++)
                if (a != b)
                    add_interaction(comparison, metric, cost, a, b);
    }
    return 0;
}
