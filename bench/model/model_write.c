#include "bench/model/model_json.h"

#include <math.h>
#include <stdio.h>

#include "bench/readers/compare_json.h"

void model_number(cJSON *object, const char *name, double number)
{
    if (isfinite(number))
        cJSON_AddNumberToObject(object, name, number);
    else
        cJSON_AddNullToObject(object, name);
}

static void add_text(cJSON *object, const char *name, const char *text)
{
    if (text != NULL)
        cJSON_AddStringToObject(object, name, text);
}

static cJSON *add_item(cJSON *list)
{
    cJSON *item = cJSON_CreateObject();
    cJSON_AddItemToArray(list, item);
    return item;
}

static void add_quantity(cJSON *object, const struct quantity *what)
{
    add_text(object, "name", what->name);
    add_text(object, "label", what->label);
    add_text(object, "unit", what->unit);
    add_text(object, "tool", what->tool);
}

void model_write_judgement(cJSON *object, const struct judgement *judgement)
{
    model_number(object, "ratio", judgement->ratio);
    model_number(object, "ci_low", judgement->low);
    model_number(object, "ci_high", judgement->high);
    cJSON_AddBoolToObject(object, "unbounded", isinf(judgement->ratio));
    if (judgement->is_judged)
        cJSON_AddStringToObject(object, "verdict", verdict_name(judgement->verdict));
    else
        cJSON_AddNullToObject(object, "verdict");
}

static void add_measurement(cJSON *list, const struct measurement *one)
{
    cJSON *object = add_item(list);

    add_quantity(object, &one->metric.what);
    model_number(object, "naive", one->naive);
    model_number(object, "fixed", one->fixed);
    cJSON *compared = cJSON_AddArrayToObject(object, "compared");
    cJSON_AddItemToArray(compared, cJSON_CreateString(one->metric.naive));
    cJSON_AddItemToArray(compared, cJSON_CreateString(one->metric.fixed));
    add_text(object, "condition", one->metric.condition);
    model_write_judgement(object, &one->judgement);
    cJSON_AddBoolToObject(object, "exact", one->how == MEASURED_EXACTLY);
    model_number(object, "rounds", one->rounds > 0 ? (double)one->rounds : NAN);
    model_number(object, "confidence", one->confidence);
    if (!one->has_yours)
        return;
    cJSON *yours = cJSON_AddObjectToObject(object, "yours");
    model_number(yours, "value", one->yours);
    model_write_judgement(yours, &one->yours_judgement);
}

static void add_points(cJSON *object, const char *name, const struct series *series)
{
    cJSON *points = cJSON_AddArrayToObject(object, name);
    for (unsigned i = 0; i < series->count; i++) {
        const double point[2] = {series->x[i], series->y[i]};
        cJSON_AddItemToArray(points, cJSON_CreateDoubleArray(point, 2));
    }
}

static void add_fit(cJSON *fits, enum side side, const struct series *series)
{
    char name[64];

    snprintf(name, sizeof name, "%s_exponent", side_name(side));
    model_number(fits, name, series->exponent);
    snprintf(name, sizeof name, "%s_exponent_low", side_name(side));
    model_number(fits, name, series->exponent_low);
    snprintf(name, sizeof name, "%s_exponent_high", side_name(side));
    model_number(fits, name, series->exponent_high);
}

static void add_curve(cJSON *list, const struct measured_curve *measured)
{
    const struct curve *curve = &measured->curve;
    cJSON *object = add_item(list);

    add_text(object, "name", curve->name);
    add_text(object, "x", curve->x);
    add_text(object, "x_unit", curve->x_unit);
    add_text(object, "y", curve->y);
    add_text(object, "y_unit", curve->y_unit);
    add_text(object, "tool", curve->tool);
    for (int side = 0; side < SIDE_COUNT; side++)
        if (side != SIDE_YOURS || measured->sides[side].count > 0)
            add_points(object, side_name((enum side)side), &measured->sides[side]);
    if (curve->fit_from <= 0) {
        cJSON_AddNullToObject(object, "fit");
        return;
    }
    cJSON *fits = cJSON_AddObjectToObject(object, "fit");
    model_number(fits, "from", curve->fit_from);
    for (int side = 0; side < SIDE_COUNT; side++)
        if (side != SIDE_YOURS || measured->sides[side].count > 0)
            add_fit(fits, (enum side)side, &measured->sides[side]);
}

static void add_pictures(cJSON *object, const struct lesson_picture pictures[LESSON_PICTURES])
{
    cJSON *list = cJSON_AddArrayToObject(object, "pictures");

    for (int i = 0; i < LESSON_PICTURES && pictures[i].kind != NULL; i++) {
        const struct lesson_picture *picture = &pictures[i];
        cJSON *item = add_item(list);
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

static void add_measurements(cJSON *object, const struct section *section)
{
    cJSON *list = cJSON_AddArrayToObject(object, "metrics");
    for (unsigned i = 0; i < section->measurement_count; i++)
        add_measurement(list, &section->measurements[i]);
}

static void add_lesson(cJSON *list, const struct section *section)
{
    cJSON *object = add_item(list);

    add_text(object, "id", section->id);
    cJSON_AddNumberToObject(object, "number", section->number);
    add_text(object, "title", section->title);
    add_text(object, "words", section->words);
    add_text(object, "naive_file", section->naive_file);
    add_text(object, "fixed_file", section->fixed_file);
    add_text(object, "headline", section->headline);
    cJSON_AddStringToObject(object, "verdict", verdict_name(section->verdict));
    add_pictures(object, section->pictures);
    add_measurements(object, section);
    cJSON *curves = cJSON_AddArrayToObject(object, "curves");
    for (unsigned i = 0; i < section->curve_count; i++)
        add_curve(curves, &section->curves[i]);
}

static void add_builds(cJSON *document, const struct model *model)
{
    cJSON *builds = cJSON_AddArrayToObject(document, "builds");
    cJSON *metrics = cJSON_AddArrayToObject(document, "build_metrics");

    for (unsigned i = 0; i < model->build_metric_count; i++) {
        cJSON *metric = add_item(metrics);
        add_quantity(metric, &model->build_metrics[i].what);
        cJSON_AddBoolToObject(metric, "exact", model->build_metrics[i].is_exact);
    }
    for (unsigned i = 0; i < model->build_count; i++) {
        cJSON *build = add_item(builds);
        add_text(build, "code", model->builds[i].code);
        cJSON *values = cJSON_AddObjectToObject(build, "metrics");
        for (unsigned k = 0; k < model->build_metric_count; k++)
            model_number(values, model->build_metrics[k].what.name, model->builds[i].values[k]);
    }
}

static void add_noise(cJSON *document, const struct control *control)
{
    if (control->rounds == 0)
        return;
    cJSON *noise = cJSON_AddObjectToObject(document, "noise");
    add_text(noise, "build", control->build);
    cJSON_AddNumberToObject(noise, "rounds", control->rounds);
    model_number(noise, "ratio", control->shown.estimate);
    model_number(noise, "ci_low", control->shown.low);
    model_number(noise, "ci_high", control->shown.high);
    model_number(noise, "confidence", control->shown.confidence);
    cJSON_AddStringToObject(noise, "verdict", verdict_name(stats_verdict(&control->shown, 0)));
    model_number(noise, "smallest_effect", control->smallest_effect);
    cJSON_AddStringToObject(noise, "correction",
                            "those of a verdict are widened so that all of a run's hold together "
                            "with 95% (Bonferroni); each of the others (A/A control, floor, "
                            "scaling, growth, load, profiling) holds with 95% by itself");
}

cJSON *model_write(const struct model *model)
{
    cJSON *document = cJSON_CreateObject(), *fact;

    cJSON_AddStringToObject(document, "schema", "fastenough-compare");
    cJSON_AddNumberToObject(document, "schema_version", COMPARE_JSON_VERSION);
    cJSON *order = cJSON_AddArrayToObject(document, "order");
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        cJSON_AddItemToArray(order, cJSON_CreateString(lesson_id(lesson)));
    cJSON *lessons = cJSON_AddArrayToObject(document, "lessons");
    for (unsigned i = 0; i < model->lesson_count; i++)
        add_lesson(lessons, &model->lessons[i]);
    add_measurements(cJSON_AddObjectToObject(document, "whole"), &model->whole);
    add_builds(document, model);
    add_noise(document, &model->control);
    cJSON_ArrayForEach (fact, model->facts)
        if (cJSON_GetObjectItemCaseSensitive(document, fact->string) == NULL) /* of one read back */
            cJSON_AddItemReferenceToObject(document, fact->string, fact);
    if (document != NULL && lessons != NULL && !model->is_failed)
        return document;
    cJSON_Delete(document);
    return NULL;
}
