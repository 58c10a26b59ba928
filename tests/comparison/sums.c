/* sums.c - see schema.h: what the numbers of a compare.json owe each other. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "tests/comparison/schema.h"

static const cJSON *get(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static double number(const cJSON *object, const char *name)
{
    const cJSON *item = get(object, name);
    return cJSON_IsNumber(item) ? item->valuedouble : NAN;
}

static const char *text(const cJSON *object, const char *name)
{
    const char *value = cJSON_GetStringValue(get(object, name));
    return value != NULL ? value : "null";
}

static bool is_near(double a, double b, double scale)
{
    return fabs(a - b) <= 1e-9 * fmax(1, fabs(scale));
}

static const cJSON *find(const cJSON *list, const char *member, const char *wanted)
{
    const cJSON *item;
    cJSON_ArrayForEach (item, list)
        if (strcmp(text(item, member), wanted) == 0)
            return item;
    return NULL;
}

static void expect_exact(const cJSON *metric)
{
    double naive = number(metric, "naive"), fixed = number(metric, "fixed");
    const char *verdict = naive == fixed ? "no difference" : naive > fixed ? "better" : "worse";

    cr_expect_str_eq(text(metric, "verdict"), verdict, "%s: %g, %g", text(metric, "name"), naive,
                     fixed);
    cr_expect(cJSON_IsNull(get(metric, "rounds")) && cJSON_IsNull(get(metric, "confidence")));
    if (fixed != 0) {
        cr_expect(is_near(number(metric, "ratio"), naive / fixed, naive / fixed));
        cr_expect_eq(number(metric, "ci_low"), number(metric, "ratio"));
        cr_expect_eq(number(metric, "ci_high"), number(metric, "ratio"));
    }
}

/* What is claimed has to lie outside the interval, and beyond the bias that a control showed. */
static void expect_measured(const cJSON *metric, double bias)
{
    const char *verdict = text(metric, "verdict"), *name = text(metric, "name");
    double low = number(metric, "ci_low"), high = number(metric, "ci_high");
    double ratio = number(metric, "ratio");

    cr_expect_eq(isnan(low), isnan(high), "%s has half an interval", name);
    if (!isnan(low) && !isnan(high))
        cr_expect(low <= ratio && ratio <= high, "%s: %g to %g, and %g", name, low, high, ratio);
    if (isnan(low) || isnan(high) || isnan(bias))
        return;
    if (strcmp(verdict, "better") == 0)
        cr_expect_gt(low, 1 + bias, "%s", name);
    else if (strcmp(verdict, "worse") == 0)
        cr_expect_lt(high, 1 / (1 + bias), "%s", name);
    else
        cr_expect_str_eq(verdict, "no difference", "%s", name);
}

static void expect_metrics(const cJSON *metrics, double bias)
{
    const cJSON *metric;

    cr_expect_gt(cJSON_GetArraySize(metrics), 0);
    cJSON_ArrayForEach (metric, metrics) {
        bool is_unbounded = cJSON_IsTrue(get(metric, "unbounded"));
        cr_expect_eq(is_unbounded, number(metric, "fixed") == 0 && number(metric, "naive") > 0,
                     "%s", text(metric, "name"));
        cr_expect_eq(cJSON_GetArraySize(get(metric, "compared")), 2);
        if (cJSON_IsTrue(get(metric, "exact")))
            expect_exact(metric);
        else
            expect_measured(metric, bias);
    }
}

static void expect_shares(const cJSON *document, const cJSON *attribution)
{
    const char *metric = text(attribution, "metric");
    double saving = number(attribution, "saving"), sum = 0, percent = 0;
    double naive = number(attribution, "naive"), fixed = number(attribution, "fixed");
    const cJSON *variants = get(document, "builds"), *share;

    cJSON_ArrayForEach (share, get(attribution, "shares"))
        sum += share->valuedouble;
    cJSON_ArrayForEach (share, get(attribution, "percent"))
        percent += share->valuedouble;
    cr_expect(is_near(sum, saving, naive), "%s: the shares are %.17g, the saving %.17g", metric,
              sum, saving);
    cr_expect(is_near(naive - fixed, saving, naive), "%s", metric);
    if (saving != 0 && !cJSON_IsNull(get(get(attribution, "percent"), "key")))
        cr_expect(is_near(percent, 100, 100), "%s: %g percent", metric, percent);
    cr_expect_eq(number(get(find(variants, "code", "nnnn"), "metrics"), metric), naive);
    cr_expect_eq(number(get(find(variants, "code", "ffff"), "metrics"), metric), fixed);
}

/* Each file that is listed is there, and no cell belongs to a tool that is not. */
static void expect_references(const cJSON *document)
{
    const cJSON *visibility = get(document, "visibility"), *cell, *lesson;

    cJSON_ArrayForEach (cell, get(visibility, "cells"))
        cr_expect_not_null(find(get(visibility, "tools"), "id", text(cell, "tool")), "%s",
                           text(cell, "tool"));
    cJSON_ArrayForEach (lesson, get(document, "lessons")) {
        const cJSON *headline = find(get(lesson, "metrics"), "name", text(lesson, "headline"));
        cr_assert_not_null(headline, "%s has no %s", text(lesson, "id"), text(lesson, "headline"));
        cr_expect_str_eq(text(lesson, "verdict"), text(headline, "verdict"));
    }
}

/* An exact count of the lesson's own functions that moved is seen, however little it is of the
 * whole: the matrix says what the lesson's own chapter says. */
static void expect_one_rule(const cJSON *document)
{
    const cJSON *cells = get(get(document, "visibility"), "cells"), *cell;

    cJSON_ArrayForEach (cell, cells) {
        if (strcmp(text(cell, "tool"), "callgrind") != 0)
            continue;
        const cJSON *lesson = find(get(document, "lessons"), "id", text(cell, "lesson"));
        const cJSON *own = find(get(lesson, "metrics"), "name", "function_instructions");
        cr_expect_eq(cJSON_IsTrue(get(cell, "sees")),
                     own != NULL && strcmp(text(own, "verdict"), "no difference") != 0, "%s",
                     text(cell, "lesson"));
        if (own != NULL)
            cr_expect_eq(number(cell, "naive"), number(own, "naive"));
    }
}

/* What is promised follows from the share; and each is of a tool and of a lesson of this run. */
static void expect_promises(const cJSON *document)
{
    const cJSON *promises = get(document, "promises"), *cell;

    cr_expect_gt(cJSON_GetArraySize(get(promises, "cells")), 0);
    cJSON_ArrayForEach (cell, get(promises, "cells")) {
        cr_expect_not_null(find(get(promises, "tools"), "id", text(cell, "tool")));
        cr_expect_not_null(find(get(document, "lessons"), "id", text(cell, "lesson")));
        if (cJSON_IsNumber(get(cell, "promised")))
            cr_expect(is_near(number(cell, "promised") * (1 - number(cell, "share")), 1, 1), "%s",
                      text(cell, "tool"));
    }
}

void schema_expect_sums(const cJSON *document)
{
    const cJSON *item, *input = get(document, "input");
    double bias = number(get(document, "noise"), "bias");

    cr_expect_eq(number(input, "accepted") + number(input, "rejected"), number(input, "records"));
    cJSON_ArrayForEach (item, get(document, "lessons"))
        expect_metrics(get(item, "metrics"), bias);
    expect_metrics(get(get(document, "whole"), "metrics"), bias);
    cJSON_ArrayForEach (item, get(document, "attribution"))
        expect_shares(document, item);
    if (cJSON_IsNull(get(document, "only_lesson")))
        cr_expect_gt(cJSON_GetArraySize(get(document, "attribution")), 0);
    expect_references(document);
    expect_promises(document);
    expect_one_rule(document);
}
