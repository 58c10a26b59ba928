#include "bench/compare/document.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/readers/compare_json.h"

static void add_text(cJSON *object, const char *name, const char *text)
{
    if (text != NULL)
        cJSON_AddStringToObject(object, name, text);
}

static void add_pictures(cJSON *object, const struct lesson_picture pictures[LESSON_PICTURES])
{
    cJSON *list = cJSON_AddArrayToObject(object, "pictures");

    for (int i = 0; i < LESSON_PICTURES && pictures[i].kind != NULL; i++) {
        const struct lesson_picture *picture = &pictures[i];
        cJSON *item = cJSON_CreateObject();
        cJSON_AddItemToArray(list, item);
        cJSON_AddStringToObject(item, "kind", picture->kind);
        cJSON *of = cJSON_AddArrayToObject(item, "of");
        for (unsigned k = 0; k < sizeof picture->of / sizeof *picture->of; k++)
            if (picture->of[k] != NULL)
                cJSON_AddItemToArray(of, cJSON_CreateString(picture->of[k]));
        add_text(item, "title", picture->title);
        add_text(item, "absent", picture->absent);
        add_text(item, "instead_of", picture->instead_of);
    }
}

static cJSON *add_chapter(cJSON *lessons, int lesson)
{
    char path[64];
    cJSON *chapter = cJSON_CreateObject();

    cJSON_AddItemToArray(lessons, chapter);
    cJSON_AddStringToObject(chapter, "id", lesson_id(lesson));
    cJSON_AddNumberToObject(chapter, "number", lesson + 1);
    cJSON_AddStringToObject(chapter, "title", lesson_rows[lesson].title);
    cJSON_AddStringToObject(chapter, "words", lesson_rows[lesson].words);
    snprintf(path, sizeof path, "naive/%s.c", lesson_id(lesson));
    cJSON_AddStringToObject(chapter, "naive_file", path);
    snprintf(path, sizeof path, "fixed/%s.c", lesson_id(lesson));
    cJSON_AddStringToObject(chapter, "fixed_file", path);
    cJSON_AddStringToObject(chapter, "headline", lesson_rows[lesson].headline);
    cJSON_AddStringToObject(chapter, "verdict", verdict_name(VERDICT_NO_DIFFERENCE));
    add_pictures(chapter, lesson_rows[lesson].pictures);
    cJSON_AddArrayToObject(chapter, "metrics");
    return cJSON_AddArrayToObject(chapter, "curves");
}

int document_init(struct comparison *comparison)
{
    cJSON *document = comparison->document = cJSON_CreateObject();

    if (document == NULL)
        return comparison_fail(comparison, "out of memory");
    cJSON_AddStringToObject(document, "schema", "fastenough-compare");
    cJSON_AddNumberToObject(document, "schema_version", COMPARE_JSON_VERSION);
    cJSON *order = cJSON_AddArrayToObject(document, "order");
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        cJSON_AddItemToArray(order, cJSON_CreateString(lesson_id(lesson)));
    cJSON *lessons = cJSON_AddArrayToObject(document, "lessons");
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        if (plan_wants(&comparison->plan, lesson))
            add_chapter(lessons, lesson);
    cJSON_AddArrayToObject(cJSON_AddObjectToObject(document, "whole"), "metrics");
    cJSON_AddArrayToObject(document, "builds");
    cJSON_AddArrayToObject(document, "build_metrics");
    return cJSON_AddArrayToObject(document, "warnings") != NULL
               ? 0
               : comparison_fail(comparison, "out of memory");
}

void document_number(cJSON *object, const char *name, double number)
{
    if (isfinite(number))
        cJSON_AddNumberToObject(object, name, number);
    else
        cJSON_AddNullToObject(object, name);
}

static cJSON *find_by(cJSON *list, const char *member, const char *text)
{
    cJSON *item;
    cJSON_ArrayForEach (item, list) {
        const char *found = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, member));
        if (found != NULL && strcmp(found, text) == 0)
            return item;
    }
    return NULL;
}

static cJSON *chapter_of(const struct comparison *comparison, int lesson)
{
    if (lesson == LESSON_ALL)
        return cJSON_GetObjectItemCaseSensitive(comparison->document, "whole");
    return find_by(cJSON_GetObjectItemCaseSensitive(comparison->document, "lessons"), "id",
                   lesson_id(lesson));
}

/* The part of a metric that all kinds have; NULL if its chapter is not wanted. */
static cJSON *add_metric(struct comparison *comparison, int lesson, const struct metric *metric,
                         double naive, double fixed)
{
    cJSON *metrics = cJSON_GetObjectItemCaseSensitive(chapter_of(comparison, lesson), "metrics");
    if (metrics == NULL)
        return NULL;
    cJSON *object = cJSON_CreateObject();
    cJSON_AddItemToArray(metrics, object);
    cJSON_AddStringToObject(object, "name", metric->what.name);
    cJSON_AddStringToObject(object, "label", metric->what.label);
    cJSON_AddStringToObject(object, "unit", metric->what.unit);
    cJSON_AddStringToObject(object, "tool", metric->what.tool);
    document_number(object, "naive", naive);
    document_number(object, "fixed", fixed);
    cJSON *compared = cJSON_AddArrayToObject(object, "compared");
    cJSON_AddItemToArray(compared, cJSON_CreateString(metric->naive));
    cJSON_AddItemToArray(compared, cJSON_CreateString(metric->fixed));
    cJSON_AddStringToObject(object, "condition", metric->condition);
    return object;
}

static void add_ratio(cJSON *object, double ratio, double low, double high, enum verdict verdict)
{
    if (isfinite(ratio) && !isfinite(high))
        low = NAN; /* an interval without its end is none */
    document_number(object, "ratio", ratio);
    document_number(object, "ci_low", low);
    document_number(object, "ci_high", high);
    cJSON_AddBoolToObject(object, "unbounded", isinf(ratio));
    cJSON_AddStringToObject(object, "verdict", verdict_name(verdict));
}

void document_add_exact(struct comparison *comparison, int lesson, const struct metric *metric,
                        double naive, double fixed)
{
    cJSON *object = add_metric(comparison, lesson, metric, naive, fixed);
    if (object == NULL)
        return;
    double ratio = stats_ratio_exact(naive, fixed);
    add_ratio(object, ratio, ratio, ratio, stats_verdict_exact(naive, fixed));
    cJSON_AddBoolToObject(object, "exact", true);
    cJSON_AddNullToObject(object, "rounds");
    cJSON_AddNullToObject(object, "confidence");
}

/*
 * Where a value is 0 there is no ratio to take the logarithm of ("nobody waited at all"). The sign
 * test still tells whether one side is larger round after round.
 */
static enum verdict verdict_by_sign(const struct comparison *comparison, const double *naive,
                                    const double *fixed, unsigned rounds)
{
    double p = stats_sign_p(naive, fixed, rounds);
    double naive_median = stats_median(naive, rounds), fixed_median = stats_median(fixed, rounds);

    if (!(p <= 1 - comparison->confidence) || naive_median == fixed_median)
        return VERDICT_NO_DIFFERENCE;
    return naive_median > fixed_median ? VERDICT_BETTER : VERDICT_WORSE;
}

void document_add_rounds(struct comparison *comparison, int lesson, const struct metric *metric,
                         const double *naive, const double *fixed, unsigned rounds)
{
    double naive_median = stats_median(naive, rounds), fixed_median = stats_median(fixed, rounds);
    struct stats_interval ratio;
    cJSON *object = add_metric(comparison, lesson, metric, naive_median, fixed_median);
    if (object == NULL)
        return;
    /* or they would not hold together */
    assert(comparison->interval_max == 0 || comparison->interval_count < comparison->interval_max);
    comparison->interval_count++;
    if (stats_ratio(naive, fixed, rounds, comparison->confidence, &ratio) >= 0) {
        add_ratio(object, ratio.estimate, ratio.low, ratio.high,
                  stats_verdict(&ratio, comparison->smallest_effect));
        document_number(object, "confidence", ratio.confidence);
    } else {
        add_ratio(object, stats_ratio_exact(naive_median, fixed_median), NAN, NAN,
                  verdict_by_sign(comparison, naive, fixed, rounds));
        document_number(object, "confidence", comparison->confidence);
    }
    cJSON_AddBoolToObject(object, "exact", false);
    cJSON_AddNumberToObject(object, "rounds", rounds);
}

void document_add_single(struct comparison *comparison, int lesson, const struct metric *metric,
                         double naive, double fixed)
{
    cJSON *object = add_metric(comparison, lesson, metric, naive, fixed);
    if (object == NULL)
        return;
    add_ratio(object, stats_ratio_exact(naive, fixed), NAN, NAN, VERDICT_NO_DIFFERENCE);
    cJSON_ReplaceItemInObjectCaseSensitive(object, "verdict", cJSON_CreateNull());
    cJSON_AddBoolToObject(object, "exact", false);
    cJSON_AddNumberToObject(object, "rounds", 1);
    cJSON_AddNullToObject(object, "confidence");
}

static void add_points(cJSON *object, const char *name, const double *x, const double *y,
                       unsigned count)
{
    cJSON *points = cJSON_AddArrayToObject(object, name);
    for (unsigned i = 0; i < count; i++) {
        const double point[2] = {x[i], y[i]};
        cJSON_AddItemToArray(points, cJSON_CreateDoubleArray(point, 2));
    }
}

static void add_fit(cJSON *fits, const char *side, const double *x, const double *y, unsigned count)
{
    struct fit_power fit;
    char name[64];

    fit_power(x, y, count, 0.95, &fit); /* NAN where there is none, which is written as null */
    snprintf(name, sizeof name, "%s_exponent", side);
    document_number(fits, name, fit.exponent);
    snprintf(name, sizeof name, "%s_exponent_low", side);
    document_number(fits, name, fit.exponent_low);
    snprintf(name, sizeof name, "%s_exponent_high", side);
    document_number(fits, name, fit.exponent_high);
}

void document_add_curve(struct comparison *comparison, int lesson, const struct curve *curve,
                        const double *x, const double *naive, const double *fixed, unsigned count)
{
    cJSON *curves = cJSON_GetObjectItemCaseSensitive(chapter_of(comparison, lesson), "curves");
    if (curves == NULL)
        return;
    cJSON *object = cJSON_CreateObject();
    cJSON_AddItemToArray(curves, object);
    cJSON_AddStringToObject(object, "name", curve->name);
    cJSON_AddStringToObject(object, "x", curve->x);
    cJSON_AddStringToObject(object, "x_unit", curve->x_unit);
    cJSON_AddStringToObject(object, "y", curve->y);
    cJSON_AddStringToObject(object, "y_unit", curve->y_unit);
    cJSON_AddStringToObject(object, "tool", curve->tool);
    add_points(object, "naive", x, naive, count);
    add_points(object, "fixed", x, fixed, count);
    if (curve->fit_from <= 0) {
        cJSON_AddNullToObject(object, "fit");
        return;
    }
    unsigned from = 0;
    while (from < count && x[from] < curve->fit_from)
        from++;
    cJSON *fits = cJSON_AddObjectToObject(object, "fit");
    document_number(fits, "from", curve->fit_from);
    add_fit(fits, "naive", x + from, naive + from, count - from);
    add_fit(fits, "fixed", x + from, fixed + from, count - from);
}

void document_set_variant(struct comparison *comparison, unsigned mask, const struct quantity *what,
                          bool is_exact, double value)
{
    cJSON *variants = cJSON_GetObjectItemCaseSensitive(comparison->document, "builds");
    cJSON *known = cJSON_GetObjectItemCaseSensitive(comparison->document, "build_metrics");
    char code[BUILD_CODE_SIZE];

    if (find_by(known, "name", what->name) == NULL) {
        cJSON *description = cJSON_CreateObject();
        cJSON_AddItemToArray(known, description);
        cJSON_AddStringToObject(description, "name", what->name);
        cJSON_AddStringToObject(description, "unit", what->unit);
        cJSON_AddStringToObject(description, "label", what->label);
        cJSON_AddStringToObject(description, "tool", what->tool);
        cJSON_AddBoolToObject(description, "exact", is_exact);
    }
    build_code(mask, code);
    cJSON *variant = find_by(variants, "code", code);
    if (variant == NULL) {
        variant = cJSON_CreateObject();
        cJSON_AddItemToArray(variants, variant);
        cJSON_AddStringToObject(variant, "code", code);
        cJSON_AddObjectToObject(variant, "metrics");
    }
    document_number(cJSON_GetObjectItemCaseSensitive(variant, "metrics"), what->name, value);
}

const cJSON *document_find_metric(const struct comparison *comparison, int lesson, const char *name)
{
    cJSON *metrics = cJSON_GetObjectItemCaseSensitive(chapter_of(comparison, lesson), "metrics");
    return metrics != NULL ? find_by(metrics, "name", name) : NULL;
}

void document_finish(struct comparison *comparison)
{
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        const cJSON *headline =
            document_find_metric(comparison, lesson, lesson_rows[lesson].headline);
        const char *verdict =
            cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(headline, "verdict"));
        if (verdict != NULL)
            cJSON_ReplaceItemInObjectCaseSensitive(chapter_of(comparison, lesson), "verdict",
                                                   cJSON_CreateString(verdict));
    }
}
