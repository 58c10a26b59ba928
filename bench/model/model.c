#include "bench/model/model.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/statistics/fit.h"

struct model_memory {
    struct model_memory *next;
    max_align_t bytes[];
};

void *model_allocate(struct model *model, size_t size)
{
    struct model_memory *memory =
        model->is_failed ? NULL : calloc(1, sizeof *memory + (size > 0 ? size : 1));

    if (memory == NULL) {
        model->is_failed = true;
        return NULL;
    }
    memory->next = model->memory;
    model->memory = memory;
    return memory->bytes;
}

/* The old list stays until the model goes: lists are short, and there are few. */
void *model_more(struct model *model, void *list, unsigned count, unsigned *room, size_t size)
{
    if (model->is_failed || count < *room)
        return list;
    unsigned more_room = *room > 0 ? 2 * *room : 8;
    void *more = model_allocate(model, more_room * size);
    if (more == NULL)
        return list;
    if (count > 0)
        memcpy(more, list, count * size);
    *room = more_room;
    return more;
}

const char *model_text(struct model *model, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = model_allocate(model, (size_t)length + 1);
    if (text == NULL)
        return NULL;
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}

const char *model_now(struct model *model)
{
    char text[32];
    time_t now = time(NULL);
    struct tm utc;

    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    return model_text(model, "%s", text);
}

cJSON *model_own(struct model *model, cJSON *json)
{
    if (json != NULL && cJSON_AddItemToArray(model->json, json))
        return json;
    cJSON_Delete(json);
    model->is_failed = true;
    return NULL;
}

static const char *copy_text(struct model *model, const char *text)
{
    char *copy = text != NULL ? model_allocate(model, strlen(text) + 1) : NULL;
    return copy != NULL ? strcpy(copy, text) : NULL;
}

static const double *copy_numbers(struct model *model, const double *numbers, unsigned count)
{
    double *copy = model_allocate(model, count * sizeof *numbers);
    return copy != NULL ? memcpy(copy, numbers, count * sizeof *numbers) : NULL;
}

static struct quantity copy_quantity(struct model *model, const struct quantity *what)
{
    return (struct quantity){.name = copy_text(model, what->name),
                             .label = copy_text(model, what->label),
                             .unit = copy_text(model, what->unit),
                             .tool = copy_text(model, what->tool)};
}

static void add_lesson(struct model *model, int lesson)
{
    const struct lesson *row = &lesson_rows[lesson];
    struct section section = {.id = row->id,
                              .title = row->title,
                              .words = row->words,
                              .naive_file = model_text(model, "naive/%s.c", row->id),
                              .fixed_file = model_text(model, "fixed/%s.c", row->id),
                              .headline = row->headline,
                              .number = (unsigned)lesson + 1};
    memcpy(section.pictures, row->pictures, sizeof section.pictures);
    MODEL_ADD(model, model, lesson, lessons, section);
}

static void init(struct model *model)
{
    *model = (struct model){.whole = {.id = "whole"},
                            .confidence = 0.95,
                            .duration_s = NAN,
                            .round_trip_ns = NAN,
                            .noise.layout_share = NAN,
                            .json = cJSON_CreateArray()};
}

/* 0, or -1 and nothing to free. */
static int check(struct model *model)
{
    if (!model->is_failed && model->json != NULL)
        return 0;
    model_free(model);
    return -1;
}

int model_init(struct model *model, int only)
{
    init(model);
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++) {
        MODEL_ADD(model, model, order, order, lesson_id(lesson));
        if (only == LESSON_ALL || only == lesson)
            add_lesson(model, lesson);
    }
    if (only != LESSON_ALL)
        model->only_lesson = lesson_id(only);
    return check(model);
}

int model_init_subject(struct model *model, const struct subject *subject,
                       const struct section *sections, unsigned count)
{
    init(model);
    model->subject = model_allocate(model, sizeof *subject);
    if (model->subject != NULL)
        *model->subject = *subject;
    for (unsigned i = 0; i < count; i++)
        MODEL_ADD(model, model, lesson, lessons, sections[i]);
    return check(model);
}

void model_free(struct model *model)
{
    for (struct model_memory *memory = model->memory, *next; memory != NULL; memory = next) {
        next = memory->next;
        free(memory);
    }
    cJSON_Delete(model->json);
    *model = (struct model){.json = NULL};
}

const char *side_name(enum side side)
{
    static const char *const names[SIDE_COUNT] = {"naive", "fixed", "yours"};
    return names[side];
}

const char *model_side(const struct model *model, enum side side)
{
    const struct subject *subject = model->subject;
    return subject != NULL && side < SIDE_YOURS ? subject->sides[side] : side_name(side);
}

const struct section *model_find_lesson(const struct model *model, const char *id)
{
    for (unsigned i = 0; i < model->lesson_count; i++)
        if (strcmp(model->lessons[i].id, id) == 0)
            return &model->lessons[i];
    return NULL;
}

struct section *model_section(struct model *model, int lesson)
{
    if (lesson == LESSON_ALL)
        return &model->whole;
    if (model->subject != NULL)
        return (unsigned)lesson < model->lesson_count ? &model->lessons[lesson] : NULL;
    return (struct section *)model_find_lesson(model, lesson_id(lesson));
}

const struct measurement *section_find(const struct section *section, const char *name)
{
    for (unsigned i = 0; section != NULL && i < section->measurement_count; i++)
        if (strcmp(section->measurements[i].metric.what.name, name) == 0)
            return &section->measurements[i];
    return NULL;
}

const struct measured_curve *section_find_curve(const struct section *section, const char *name)
{
    for (unsigned i = 0; section != NULL && i < section->curve_count; i++)
        if (strcmp(section->curves[i].curve.name, name) == 0)
            return &section->curves[i];
    return NULL;
}

/* NULL if its section is not wanted. */
static struct measurement *add_measurement(struct model *model, int lesson,
                                           const struct metric *metric, double naive, double fixed)
{
    struct section *section = model_section(model, lesson);

    if (section == NULL)
        return NULL;
    section->measurements = model_more(model, section->measurements, section->measurement_count,
                                       &section->measurement_room, sizeof *section->measurements);
    if (model->is_failed)
        return NULL;
    struct measurement *measurement = &section->measurements[section->measurement_count++];
    *measurement =
        (struct measurement){.metric = {.what = copy_quantity(model, &metric->what),
                                        .naive = copy_text(model, metric->naive),
                                        .fixed = copy_text(model, metric->fixed),
                                        .condition = copy_text(model, metric->condition)},
                             .naive = naive,
                             .fixed = fixed,
                             .confidence = NAN,
                             .smallest_effect = NAN};
    return measurement;
}

void model_add_exact(struct model *model, int lesson, const struct metric *metric, double naive,
                     double fixed)
{
    struct measurement *measurement = add_measurement(model, lesson, metric, naive, fixed);
    if (measurement != NULL)
        measurement->how = MEASURED_EXACTLY;
}

void model_add_rounds(struct model *model, int lesson, const struct metric *metric,
                      const double *naive, const double *fixed, unsigned rounds)
{
    struct measurement *measurement = add_measurement(
        model, lesson, metric, stats_median(naive, rounds), stats_median(fixed, rounds));
    if (measurement == NULL)
        return;
    measurement->how = MEASURED_ROUNDS;
    measurement->rounds = rounds;
    measurement->samples[0] = copy_numbers(model, naive, rounds);
    measurement->samples[1] = copy_numbers(model, fixed, rounds);
}

void model_add_single(struct model *model, int lesson, const struct metric *metric, double naive,
                      double fixed)
{
    struct measurement *measurement = add_measurement(model, lesson, metric, naive, fixed);
    if (measurement == NULL)
        return;
    measurement->how = MEASURED_ONCE;
    measurement->rounds = 1;
}

static struct series series_of(struct model *model, const double *x, const double *y,
                               unsigned count, double fit_from)
{
    struct series series = {.x = copy_numbers(model, x, count),
                            .y = copy_numbers(model, y, count),
                            .count = count,
                            .exponent = NAN,
                            .exponent_low = NAN,
                            .exponent_high = NAN};
    struct fit_power fit;
    unsigned from = 0;

    if (fit_from <= 0)
        return series;
    while (from < count && x[from] < fit_from)
        from++;
    fit_power(x + from, y + from, count - from, 0.95, &fit); /* NAN where there is none */
    series.exponent = fit.exponent;
    series.exponent_low = fit.exponent_low;
    series.exponent_high = fit.exponent_high;
    return series;
}

void model_add_curve(struct model *model, int lesson, const struct curve *curve, const double *x,
                     const double *naive, const double *fixed, unsigned count)
{
    struct section *section = model_section(model, lesson);

    if (section == NULL)
        return;
    section->curves = model_more(model, section->curves, section->curve_count, &section->curve_room,
                                 sizeof *section->curves);
    struct measured_curve measured = {
        .curve = {.name = copy_text(model, curve->name),
                  .x = copy_text(model, curve->x),
                  .x_unit = copy_text(model, curve->x_unit),
                  .y = copy_text(model, curve->y),
                  .y_unit = copy_text(model, curve->y_unit),
                  .tool = copy_text(model, curve->tool),
                  .fit_from = curve->fit_from},
        .sides = {[SIDE_NAIVE] = series_of(model, x, naive, count, curve->fit_from),
                  [SIDE_FIXED] = series_of(model, x, fixed, count, curve->fit_from)},
    };
    if (!model->is_failed)
        section->curves[section->curve_count++] = measured;
}

int model_find_build_metric(const struct model *model, const char *name)
{
    for (unsigned i = 0; i < model->build_metric_count; i++)
        if (strcmp(model->build_metrics[i].what.name, name) == 0)
            return (int)i;
    return -1;
}

static const struct build *find_build(const struct model *model, const char *code)
{
    for (unsigned i = 0; i < model->build_count; i++)
        if (strcmp(model->builds[i].code, code) == 0)
            return &model->builds[i];
    return NULL;
}

double model_build_value(const struct model *model, const char *code, const char *name)
{
    const struct build *build = find_build(model, code);
    int metric = model_find_build_metric(model, name);
    return build != NULL && metric >= 0 ? build->values[metric] : NAN;
}

/* The build's row, which is new if there was none. NULL if memory ran out. */
static struct build *build_of(struct model *model, const char *code)
{
    const struct build *known = find_build(model, code);

    if (known != NULL)
        return (struct build *)known;
    model->builds = model_more(model, model->builds, model->build_count, &model->build_room,
                               sizeof *model->builds);
    if (model->is_failed)
        return NULL;
    struct build *build = &model->builds[model->build_count++];
    *build = (struct build){.code = copy_text(model, code)};
    for (unsigned i = 0; i < MODEL_BUILD_METRICS; i++)
        build->values[i] = NAN;
    return build;
}

void model_set_build(struct model *model, unsigned build, const struct quantity *what,
                     bool is_exact, double value)
{
    char code[BUILD_CODE_SIZE];
    int metric = model_find_build_metric(model, what->name);

    if (metric < 0) {
        metric = (int)model->build_metric_count;
        if (metric == MODEL_BUILD_METRICS) /* as if there were no memory for more */
            model->is_failed = true;
        else
            model->build_metrics[model->build_metric_count++] =
                (struct build_metric){.what = copy_quantity(model, what), .is_exact = is_exact};
    }
    build_code(build, code);
    struct build *row = model->is_failed ? NULL : build_of(model, code);
    if (row != NULL)
        row->values[metric] = value;
}

void model_set_control(struct model *model, enum control_kind kind, const char *build,
                       const double *first, const double *second, unsigned rounds, unsigned blocks)
{
    model->noise.controls[kind] = (struct control){
        .build = copy_text(model, build),
        .samples = {copy_numbers(model, first, rounds), copy_numbers(model, second, rounds)},
        .rounds = rounds,
        .blocks = blocks};
}

void model_add_sight(struct model *model, const struct sight *sight)
{
    MODEL_ADD(model, model, sight, sights, *sight);
}
