#include "bench/model/model_json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/readers/compare_json.h"
#include "bench/readers/member.h"

static struct quantity read_quantity(const cJSON *object)
{
    return (struct quantity){.name = member_text(object, "name", ""),
                             .label = member_text(object, "label", ""),
                             .unit = member_text(object, "unit", "1"),
                             .tool = member_text(object, "tool", "")};
}

/* NULL, or a text that is none: no verdict. */
static bool read_verdict(const cJSON *object, enum verdict *verdict)
{
    const char *text = member_text(object, "verdict", "");

    for (int i = VERDICT_NO_DIFFERENCE; i <= VERDICT_WORSE; i++)
        if (strcmp(verdict_name((enum verdict)i), text) == 0) {
            *verdict = (enum verdict)i;
            return true;
        }
    return false;
}

static struct judgement read_judgement(const cJSON *object)
{
    struct judgement judgement = {
        .ratio = member_is_true(object, "unbounded") ? INFINITY : member_number(object, "ratio"),
        .low = member_number(object, "ci_low"),
        .high = member_number(object, "ci_high"),
    };
    judgement.is_judged = read_verdict(object, &judgement.verdict);
    return judgement;
}

static const char *text_at(const cJSON *list, int index)
{
    const char *text =
        cJSON_IsArray(list) ? cJSON_GetStringValue(cJSON_GetArrayItem(list, index)) : NULL;
    return text != NULL ? text : "";
}

static unsigned read_count(const cJSON *object, const char *name)
{
    double count = member_number(object, name);
    return count >= 0 && count < 1e9 ? (unsigned)count : 0;
}

static void read_measurement(struct measurement *one, const cJSON *object)
{
    const cJSON *compared = member(object, "compared"), *yours = member(object, "yours");

    *one = (struct measurement){
        .metric = {.what = read_quantity(object),
                   .naive = text_at(compared, 0),
                   .fixed = text_at(compared, 1),
                   .condition = member_text(object, "condition", "")},
        .how = MEASURED_ROUNDS,
        .naive = member_number(object, "naive"),
        .fixed = member_number(object, "fixed"),
        .rounds = read_count(object, "rounds"),
        .confidence = member_number(object, "confidence"),
        .judgement = read_judgement(object),
        .has_yours = cJSON_IsObject(yours),
        .yours = member_number(yours, "value"),
        .yours_judgement = read_judgement(yours),
    };
    if (member_is_true(object, "exact"))
        one->how = MEASURED_EXACTLY;
    else if (!one->judgement.is_judged)
        one->how = MEASURED_ONCE;
}

static void read_measurements(struct model *model, struct section *section, const cJSON *object)
{
    const cJSON *list = member(object, "metrics"), *item;

    cJSON_ArrayForEach (item, list) {
        section->measurements =
            model_more(model, section->measurements, section->measurement_count,
                       &section->measurement_room, sizeof *section->measurements);
        if (!model->is_failed && cJSON_IsObject(item))
            read_measurement(&section->measurements[section->measurement_count++], item);
    }
}

static double number_at(const cJSON *list, int index)
{
    const cJSON *item = cJSON_IsArray(list) ? cJSON_GetArrayItem(list, index) : NULL;
    return cJSON_IsNumber(item) ? item->valuedouble : NAN;
}

static struct series read_series(struct model *model, const cJSON *curve, enum side side)
{
    const cJSON *points = member(curve, side_name(side)), *fit = member(curve, "fit"), *point;
    unsigned count = cJSON_IsArray(points) ? (unsigned)cJSON_GetArraySize(points) : 0, i = 0;
    double *numbers = model_allocate(model, 2 * sizeof *numbers * count);
    char name[3][64];

    snprintf(name[0], sizeof name[0], "%s_exponent", side_name(side));
    snprintf(name[1], sizeof name[1], "%s_exponent_low", side_name(side));
    snprintf(name[2], sizeof name[2], "%s_exponent_high", side_name(side));
    struct series series = {.exponent = member_number(fit, name[0]),
                            .exponent_low = member_number(fit, name[1]),
                            .exponent_high = member_number(fit, name[2])};
    if (numbers == NULL)
        return series;
    cJSON_ArrayForEach (point, points) {
        if (i == count)
            break;
        numbers[i] = number_at(point, 0);
        numbers[count + i++] = number_at(point, 1);
    }
    series.x = numbers;
    series.y = numbers + count;
    series.count = count;
    return series;
}

static void read_curves(struct model *model, struct section *section, const cJSON *lesson)
{
    const cJSON *list = member(lesson, "curves"), *item;

    cJSON_ArrayForEach (item, list) {
        section->curves = model_more(model, section->curves, section->curve_count,
                                     &section->curve_room, sizeof *section->curves);
        if (model->is_failed || !cJSON_IsObject(item))
            continue;
        struct measured_curve *measured = &section->curves[section->curve_count++];
        const cJSON *fit = member(item, "fit");
        measured->curve =
            (struct curve){.name = member_text(item, "name", ""),
                           .x = member_text(item, "x", "x"),
                           .x_unit = member_text(item, "x_unit", "1"),
                           .y = member_text(item, "y", "y"),
                           .y_unit = member_text(item, "y_unit", "1"),
                           .tool = member_text(item, "tool", "measured"),
                           .fit_from = cJSON_IsObject(fit) ? member_number(fit, "from") : 0};
        for (int side = 0; side < SIDE_COUNT; side++)
            measured->sides[side] = read_series(model, item, (enum side)side);
    }
}

static void read_pictures(struct section *section, const cJSON *lesson)
{
    const cJSON *list = member(lesson, "pictures"), *item;
    unsigned count = 0;

    cJSON_ArrayForEach (item, list) {
        const char *kind = member_text(item, "kind", NULL);
        if (count == LESSON_PICTURES || kind == NULL)
            break;
        struct lesson_picture *picture = &section->pictures[count++];
        *picture = (struct lesson_picture){.kind = kind,
                                           .title = member_text(item, "title", NULL),
                                           .absent = member_text(item, "absent", NULL),
                                           .instead_of = member_text(item, "instead_of", NULL)};
        const int most = (int)(sizeof picture->of / sizeof *picture->of);
        const cJSON *of = member(item, "of");
        for (int i = 0; i < most && i < cJSON_GetArraySize(of); i++)
            picture->of[i] = text_at(of, i);
    }
}

static void read_lessons(struct model *model, const cJSON *document)
{
    const cJSON *list = member(document, "lessons"), *item;

    cJSON_ArrayForEach (item, list) {
        model->lessons = model_more(model, model->lessons, model->lesson_count, &model->lesson_room,
                                    sizeof *model->lessons);
        if (model->is_failed || !cJSON_IsObject(item))
            continue;
        struct section *section = &model->lessons[model->lesson_count++];
        *section = (struct section){.id = member_text(item, "id", "?"),
                                    .title = member_text(item, "title", NULL),
                                    .words = member_text(item, "words", NULL),
                                    .naive_file = member_text(item, "naive_file", NULL),
                                    .fixed_file = member_text(item, "fixed_file", NULL),
                                    .headline = member_text(item, "headline", NULL),
                                    .number = read_count(item, "number")};
        read_verdict(item, &section->verdict);
        read_pictures(section, item);
        read_measurements(model, section, item);
        read_curves(model, section, item);
    }
}

static void read_builds(struct model *model, const cJSON *document)
{
    const cJSON *metrics = member(document, "build_metrics"), *builds = member(document, "builds");
    const cJSON *item;

    cJSON_ArrayForEach (item, metrics)
        if (cJSON_IsObject(item) && model->build_metric_count < MODEL_BUILD_METRICS)
            model->build_metrics[model->build_metric_count++] = (struct build_metric){
                .what = read_quantity(item), .is_exact = member_is_true(item, "exact")};
    cJSON_ArrayForEach (item, builds) {
        const char *code = member_text(item, "code", NULL);
        model->builds = model_more(model, model->builds, model->build_count, &model->build_room,
                                   sizeof *model->builds);
        if (model->is_failed || code == NULL)
            continue;
        struct build *build = &model->builds[model->build_count++];
        build->code = code;
        for (unsigned i = 0; i < MODEL_BUILD_METRICS; i++)
            build->values[i] =
                i < model->build_metric_count
                    ? member_number(member(item, "metrics"), model->build_metrics[i].what.name)
                    : NAN;
    }
}

static void read_noise(struct control *control, const cJSON *document)
{
    const cJSON *noise = member(document, "noise");

    *control = (struct control){
        .build = member_text(noise, "build", ""),
        .rounds = read_count(noise, "rounds"),
        .shown = {.estimate = member_number(noise, "ratio"),
                  .low = member_number(noise, "ci_low"),
                  .high = member_number(noise, "ci_high"),
                  .confidence = member_number(noise, "confidence")},
        .smallest_effect = member_number(noise, "smallest_effect"),
    };
}

int model_view(struct model *model, const cJSON *document)
{
    *model = (struct model){
        .whole = {.id = "whole"}, .facts = (cJSON *)document, .is_view = true, .confidence = NAN};
    read_lessons(model, document);
    read_measurements(model, &model->whole, member(document, "whole"));
    read_builds(model, document);
    read_noise(&model->control, document);
    if (!model->is_failed)
        return 0;
    model_free(model);
    return -1;
}

int model_read(struct model *model, const char *path, char *error, size_t error_size)
{
    cJSON *document;

    if (compare_json_read(path, &document, error, error_size) != 0)
        return -1;
    if (model_view(model, document) == 0) {
        model->is_view = false;
        return 0;
    }
    cJSON_Delete(document);
    snprintf(error, error_size, "out of memory");
    return -1;
}
