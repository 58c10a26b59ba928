#include "bench/model/model_json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/model/record.h"
#include "bench/readers/compare_json.h"
#include "bench/readers/json.h"

/* NULL, or a text that is none: no verdict. */
static bool verdict_of(const cJSON *object, enum verdict *verdict)
{
    const char *text = json_text_or(object, "verdict", "");

    for (int i = VERDICT_NO_DIFFERENCE; i <= VERDICT_WORSE; i++)
        if (strcmp(verdict_name((enum verdict)i), text) == 0) {
            *verdict = (enum verdict)i;
            return true;
        }
    return false;
}

/* -- A metric */

static const struct field quantity[] = {
    {"name", TEXT(quantity, name, "")},
    {"label", TEXT(quantity, label, "")},
    {"unit", TEXT(quantity, unit, "1")},
    {"tool", TEXT(quantity, tool, "")},
    {0},
};

static void write_verdict(cJSON *object, const struct model *model, const void *record)
{
    const struct judgement *judgement = record;

    (void)model;
    cJSON_AddBoolToObject(object, "unbounded", isinf(judgement->ratio));
    if (judgement->is_judged)
        cJSON_AddStringToObject(object, "verdict", verdict_name(judgement->verdict));
    else
        cJSON_AddNullToObject(object, "verdict");
}

static void read_verdict(const cJSON *object, struct model *model, void *record)
{
    struct judgement *judgement = record;

    (void)model;
    if (json_is_true(object, "unbounded"))
        judgement->ratio = INFINITY;
    judgement->is_judged = verdict_of(object, &judgement->verdict);
}

static const struct field interval[] = {
    {"ratio", NUMBER(judgement, ratio)},
    {"ci_low", NUMBER(judgement, low)},
    {"ci_high", NUMBER(judgement, high)},
    {0},
};

static const struct field judgement[] = {
    {NULL, FIELD_RECORD, .fields = interval},
    {NULL, OWN(write_verdict, read_verdict)},
    {0},
};

static const char *text_at(const cJSON *list, int index)
{
    const char *text =
        cJSON_IsArray(list) ? cJSON_GetStringValue(cJSON_GetArrayItem(list, index)) : NULL;
    return text != NULL ? text : "";
}

/* Which builds were compared, whether it was counted, and over how many rounds. */
static void write_how(cJSON *object, const struct model *model, const void *record)
{
    const struct measurement *one = record;
    cJSON *compared = cJSON_AddArrayToObject(object, "compared");

    (void)model;
    cJSON_AddItemToArray(compared, cJSON_CreateString(one->metric.naive));
    cJSON_AddItemToArray(compared, cJSON_CreateString(one->metric.fixed));
    cJSON_AddBoolToObject(object, "exact", one->how == MEASURED_EXACTLY);
    json_add_number(object, "rounds", one->rounds > 0 ? (double)one->rounds : NAN);
}

static void read_how(const cJSON *object, struct model *model, void *record)
{
    struct measurement *one = record;
    double rounds = json_number_or_nan(object, "rounds");

    (void)model;
    one->metric.naive = text_at(json_member(object, "compared"), 0);
    one->metric.fixed = text_at(json_member(object, "compared"), 1);
    one->rounds = rounds >= 0 && rounds < 1e9 ? (unsigned)rounds : 0;
    one->how = json_is_true(object, "exact") ? MEASURED_EXACTLY
               : one->judgement.is_judged    ? MEASURED_ROUNDS
                                             : MEASURED_ONCE;
}

static const struct field yours_value[] = {
    {"value", NUMBER(yours_value, value)},
    {NULL, RECORD(yours_value, judgement, judgement)},
    {0},
};

static const struct field measurement[] = {
    {NULL, RECORD(measurement, metric.what, quantity)},
    {"naive", NUMBER(measurement, naive)},
    {"fixed", NUMBER(measurement, fixed)},
    {"condition", TEXT(measurement, metric.condition, "")},
    {NULL, RECORD(measurement, judgement, judgement)},
    {NULL, OWN(write_how, read_how)},
    {"confidence", NUMBER(measurement, confidence)},
    {"smallest_effect", NUMBER(measurement, smallest_effect)},
    {"yours", PART(measurement, yours, yours_value)},
    {0},
};

/* -- A curve */

static void add_points(cJSON *object, const char *name, const struct series *series)
{
    cJSON *points = cJSON_AddArrayToObject(object, name);
    for (unsigned i = 0; i < series->count; i++) {
        const double point[2] = {series->x[i], series->y[i]};
        cJSON_AddItemToArray(points, cJSON_CreateDoubleArray(point, 2));
    }
}

/* The names of a side's exponent and of the ends of its interval. */
struct fit_names {
    char exponent[64], low[64], high[64];
};

static struct fit_names names_of(enum side side)
{
    struct fit_names names;
    snprintf(names.exponent, sizeof names.exponent, "%s_exponent", side_name(side));
    snprintf(names.low, sizeof names.low, "%s_exponent_low", side_name(side));
    snprintf(names.high, sizeof names.high, "%s_exponent_high", side_name(side));
    return names;
}

static void write_series(cJSON *object, const struct model *model, const void *record)
{
    const struct measured_curve *measured = record;
    const double from = measured->curve.fit_from;
    cJSON *fit =
        from <= 0 ? cJSON_AddNullToObject(object, "fit") : cJSON_AddObjectToObject(object, "fit");

    (void)model;
    if (cJSON_IsObject(fit))
        json_add_number(fit, "from", from);
    for (int side = 0; side < SIDE_COUNT; side++) {
        const struct series *series = &measured->sides[side];
        const struct fit_names names = names_of((enum side)side);
        if (side == SIDE_YOURS && series->count == 0)
            continue;
        add_points(object, side_name((enum side)side), series);
        if (!cJSON_IsObject(fit))
            continue;
        json_add_number(fit, names.exponent, series->exponent);
        json_add_number(fit, names.low, series->exponent_low);
        json_add_number(fit, names.high, series->exponent_high);
    }
}

static double number_at(const cJSON *list, int index)
{
    const cJSON *item = cJSON_IsArray(list) ? cJSON_GetArrayItem(list, index) : NULL;
    return cJSON_IsNumber(item) ? item->valuedouble : NAN;
}

static struct series series_of(struct model *model, const cJSON *curve, enum side side)
{
    const cJSON *points = json_member(curve, side_name(side)), *fit = json_member(curve, "fit"),
                *point;
    const struct fit_names names = names_of(side);
    unsigned count = cJSON_IsArray(points) ? (unsigned)cJSON_GetArraySize(points) : 0, i = 0;
    double *numbers = model_allocate(model, 2 * sizeof *numbers * count);
    struct series series = {.exponent = json_number_or_nan(fit, names.exponent),
                            .exponent_low = json_number_or_nan(fit, names.low),
                            .exponent_high = json_number_or_nan(fit, names.high)};

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

static void read_series(const cJSON *object, struct model *model, void *record)
{
    struct measured_curve *measured = record;
    const cJSON *fit = json_member(object, "fit");

    measured->curve.fit_from = cJSON_IsObject(fit) ? json_number_or_nan(fit, "from") : 0;
    for (int side = 0; side < SIDE_COUNT; side++)
        measured->sides[side] = series_of(model, object, (enum side)side);
}

static const struct field curve[] = {
    {"name", TEXT(measured_curve, curve.name, "")},
    {"x", TEXT(measured_curve, curve.x, "x")},
    {"x_unit", TEXT(measured_curve, curve.x_unit, "1")},
    {"y", TEXT(measured_curve, curve.y, "y")},
    {"y_unit", TEXT(measured_curve, curve.y_unit, "1")},
    {"tool", TEXT(measured_curve, curve.tool, "measured")},
    {NULL, OWN(write_series, read_series)},
    {0},
};

/* -- A lesson */

static const struct field picture[] = {
    {"kind", KEY(lesson_picture, kind)},
    {"title", TEXT(lesson_picture, title, NULL)},
    {"absent", TEXT(lesson_picture, absent, NULL)},
    {"instead_of", TEXT(lesson_picture, instead_of, NULL)},
    {0},
};

enum { PICTURE_NAMES = sizeof((struct lesson_picture *)0)->of / sizeof(char *) };

/* Its pictures, and its headline's verdict. */
static void write_lesson(cJSON *object, const struct model *model, const void *record)
{
    const struct section *section = record;
    const struct lesson_picture *one = section->pictures;
    cJSON *list = cJSON_AddArrayToObject(object, "pictures");

    cJSON_AddStringToObject(object, "verdict", verdict_name(section->verdict));
    for (int i = 0; i < LESSON_PICTURES && one[i].kind != NULL; i++) {
        cJSON *item = cJSON_CreateObject(), *of = cJSON_AddArrayToObject(item, "of");
        cJSON_AddItemToArray(list, item);
        record_write(item, model, picture, &one[i]);
        for (int k = 0; k < PICTURE_NAMES; k++)
            if (one[i].of[k] != NULL)
                cJSON_AddItemToArray(of, cJSON_CreateString(one[i].of[k]));
    }
}

static void read_lesson(const cJSON *object, struct model *model, void *record)
{
    struct section *section = record;
    const cJSON *list = json_member(object, "pictures"), *item;
    int count = 0;

    verdict_of(object, &section->verdict);
    cJSON_ArrayForEach (item, list) {
        const cJSON *of = json_member(item, "of");
        struct lesson_picture *one = &section->pictures[count];
        if (count == LESSON_PICTURES || !record_read(item, model, picture, one))
            break;
        for (int i = 0; i < PICTURE_NAMES && i < cJSON_GetArraySize(of); i++)
            one->of[i] = text_at(of, i);
        count++;
    }
}

static const struct field whole[] = {
    {"metrics", LIST(section, measurements, measurement, measurement)},
    {0},
};

static const struct field lesson[] = {
    {"id", TEXT(section, id, "?")},
    {"number", COUNT(section, number)},
    {"title", TEXT(section, title, NULL)},
    {"words", TEXT(section, words, NULL)},
    {"naive_file", TEXT(section, naive_file, NULL)},
    {"fixed_file", TEXT(section, fixed_file, NULL)},
    {"headline", TEXT(section, headline, NULL)},
    {NULL, OWN(write_lesson, read_lesson)},
    {NULL, FIELD_RECORD, .fields = whole},
    {"curves", LIST(section, curves, curve, curve)},
    {0},
};

/* -- The builds */

static const struct field build_metric[] = {
    {NULL, RECORD(build_metric, what, quantity)},
    {"exact", FLAG(build_metric, is_exact)},
    {0},
};

static void write_build_metrics(cJSON *object, const struct model *model, const void *record)
{
    cJSON *list = cJSON_AddArrayToObject(object, "build_metrics");

    (void)record;
    for (unsigned i = 0; i < model->build_metric_count; i++) {
        cJSON *item = cJSON_CreateObject();
        cJSON_AddItemToArray(list, item);
        record_write(item, model, build_metric, &model->build_metrics[i]);
    }
}

static void read_build_metrics(const cJSON *object, struct model *model, void *record)
{
    const cJSON *list = json_member(object, "build_metrics"), *item;

    (void)record;
    cJSON_ArrayForEach (item, list)
        if (cJSON_IsObject(item) && model->build_metric_count < MODEL_BUILD_METRICS)
            record_read(item, model, build_metric,
                        &model->build_metrics[model->build_metric_count++]);
}

static void write_values(cJSON *object, const struct model *model, const void *record)
{
    const struct build *build = record;
    cJSON *values = cJSON_AddObjectToObject(object, "metrics");

    for (unsigned i = 0; i < model->build_metric_count; i++)
        json_add_number(values, model->build_metrics[i].what.name, build->values[i]);
}

static void read_values(const cJSON *object, struct model *model, void *record)
{
    struct build *build = record;
    const cJSON *values = json_member(object, "metrics");

    for (unsigned i = 0; i < MODEL_BUILD_METRICS; i++)
        build->values[i] = i < model->build_metric_count
                               ? json_number_or_nan(values, model->build_metrics[i].what.name)
                               : NAN;
}

static const struct field build[] = {
    {"code", KEY(build, code)},
    {NULL, OWN(write_values, read_values)},
    {0},
};

/* -- What is computed */

static const struct field share[] = {{NULL, NUMBER(share, value)}};

static const struct field attribution[] = {
    {"metric", KEY(attribution, metric)},
    {"unit", TEXT(attribution, unit, "1")},
    {"naive", NUMBER(attribution, naive)},
    {"fixed", NUMBER(attribution, fixed)},
    {"saving", NUMBER(attribution, saving)},
    {"shares", MAP(attribution, shares, share, share)},
    {"percent", MAP(attribution, percent, percent, share)},
    {0},
};

static const struct field joint_worth[] = {
    {"words", KEY(joint_worth, words)},
    {"metric", TEXT(joint_worth, metric, "")},
    {"a", TEXT(joint_worth, a, "")},
    {"b", TEXT(joint_worth, b, "")},
    {"a_ratio_without_b", NUMBER(joint_worth, ratio_without)},
    {"a_ratio_with_b", NUMBER(joint_worth, ratio_with)},
    {"index", NUMBER(joint_worth, index)},
    {0},
};

static const struct field tool[] = {
    {"id", KEY(tool, id)},
    {"label", TEXT(tool, label, NULL)},
    {0},
};

static const struct field sight[] = {
    {"tool", KEY(sight, tool)},          {"lesson", TEXT(sight, lesson, "")},
    {"sees", FLAG(sight, is_seen)},      {"naive", NUMBER(sight, naive)},
    {"fixed", NUMBER(sight, fixed)},     {"unit", TEXT(sight, unit, "1")},
    {"shown", TEXT(sight, shown, NULL)}, {0},
};

static const struct field visibility[] = {
    {"tools", LIST(visibility, tools, tool, tool)},
    {"cells", LIST(visibility, cells, cell, sight)},
    {0},
};

static const struct field promise_tool[] = {
    {"id", KEY(promise_tool, id)},
    {"label", TEXT(promise_tool, label, "?")},
    {"assumes", TEXT(promise_tool, assumes, "")},
    {"database", FLAG(promise_tool, has_database)},
    {"place", TEXT(promise_tool, place, NULL)},
    {"names", TEXT(promise_tool, names, NULL)},
    {"order", NUMBER(promise_tool, order)},
    {"told", COUNT(promise_tool, told)},
    {"absent", TEXT(promise_tool, absent, NULL)},
    {0},
};

static void write_outcome(cJSON *object, const struct model *model, const void *record)
{
    const struct promise *promise = record;
    (void)model;
    cJSON_AddStringToObject(object, "outcome", promise_outcome_name(promise->outcome));
}

static void read_outcome(const cJSON *object, struct model *model, void *record)
{
    struct promise *promise = record;
    const char *text = json_text_or(object, "outcome", "");

    (void)model;
    if (promise->share == 1)
        promise->gain = INFINITY;
    for (int i = PROMISE_KEPT; i <= PROMISE_BLIND; i++)
        if (strcmp(promise_outcome_name((enum promise_outcome)i), text) == 0)
            promise->outcome = (enum promise_outcome)i;
}

static const struct field promise[] = {
    {"tool", KEY(promise, tool)},
    {"lesson", TEXT(promise, lesson, "?")},
    {"database", FLAG(promise, has_database)},
    {"share", NUMBER(promise, share)},
    {"promised", NUMBER(promise, gain)},
    {"measured", RECORD(promise, measured, judgement)},
    {NULL, OWN(write_outcome, read_outcome)},
    {0},
};

static const struct field promises[] = {
    {"tools", LIST(promises, tools, tool, promise_tool)},
    {"cells", LIST(promises, cells, cell, promise)},
    {0},
};

static const struct field guess[] = {
    {"lesson", TEXT(judged_guess, lesson, "?")},  {"metric", TEXT(judged_guess, metric, "?")},
    {"guess", NUMBER(judged_guess, guess)},       {"label", KEY(judged_guess, label)},
    {"measured", NUMBER(judged_guess, measured)}, {"ci_low", NUMBER(judged_guess, low)},
    {"ci_high", NUMBER(judged_guess, high)},      {"exact", FLAG(judged_guess, is_exact)},
    {"verdict", TEXT(judged_guess, verdict, "")}, {"off", NUMBER(judged_guess, off)},
    {"is_right", FLAG(judged_guess, is_right)},   {"points", NUMBER(judged_guess, points)},
    {"belief", TEXT(judged_guess, belief, "")},   {0},
};

static const struct field guesses[] = {
    {"list", LIST(judged_guesses, list, guess, guess)},
    {"committed", TEXT(judged_guesses, committed, "before")},
    {"points", NUMBER(judged_guesses, points)},
    {"order", TEXT(judged_guesses, order, "")},
    {0},
};

/* -- The run */

static void write_load(cJSON *object, const struct model *model, const void *record)
{
    const struct machine *machine = record;

    (void)model;
    if (isfinite(machine->load[0]))
        cJSON_AddItemToObject(object, "load", cJSON_CreateDoubleArray(machine->load, 3));
}

static void read_load(const cJSON *object, struct model *model, void *record)
{
    struct machine *machine = record;

    (void)model;
    for (int i = 0; i < 3; i++)
        machine->load[i] = number_at(json_member(object, "load"), i);
}

static const struct field version[] = {{NULL, TEXT(tool_version, version, NULL), .is_null = true}};

static const struct field limits[] = {
    {"pids_max", NUMBER(machine, pids_max)},
    {"threads_max", NUMBER(machine, threads_max)},
    {"pid_max", NUMBER(machine, pid_max)},
    {"max_map_count", NUMBER(machine, max_map_count)},
    {0},
};

static const struct field lack[] = {
    {"what", KEY(lack, what)},
    {"why", TEXT(lack, why, "")},
    {"lost", TEXT(lack, lost, NULL)},
    {0},
};

static const struct field machine[] = {
    {"cpu", TEXT(machine, cpu, "")},
    {"cores", NUMBER(machine, cpu_count)},
    {"memory_bytes", NUMBER(machine, memory_bytes)},
    {"governor", TEXT(machine, governor, NULL), .is_null = true},
    {"clocksource", TEXT(machine, clocksource, NULL)},
    {NULL, OWN(write_load, read_load)},
    {"limits", FIELD_RECORD, .fields = limits},
    {"kernel", TEXT(machine, kernel, "")},
    {"os", TEXT(machine, os, "")},
    {"compiler", TEXT(machine, compiler, "")},
    {"flags", TEXT(machine, flags, "")},
    {"tools", MAP(machine, tools, tool, version)},
    {"missing", LIST(machine, missing, lack, lack)},
    {0},
};

static const struct field input[] = {
    {"source", TEXT(input, source, "")},
    {"seed", NUMBER(input, seed)},
    {"records", NUMBER(input, records)},
    {"bytes", NUMBER(input, bytes)},
    {"accepted", NUMBER(input, accepted)},
    {"rejected", NUMBER(input, rejected)},
    {"digest", TEXT(input, digest, "")},
    {"score_sum", NUMBER(input, score_sum)},
    {0},
};

static const struct field proof[] = {
    {"builds", NUMBER(proof, builds)},
    {"is_equal", FLAG(proof, is_equal)},
    {0},
};

static const struct field floor_cost[] = {
    {"floor_ns", NUMBER(floor_cost, floor_ns)},
    {"fixed_ns", NUMBER(floor_cost, fixed_ns)},
    {"ratio", NUMBER(floor_cost, ratio)},
    {"ci_low", NUMBER(floor_cost, low)},
    {"ci_high", NUMBER(floor_cost, high)},
    {"scaling", NUMBER(floor_cost, scaling)},
    {"scaling_low", NUMBER(floor_cost, scaling_low)},
    {"scaling_high", NUMBER(floor_cost, scaling_high)},
    {"rounds", COUNT(floor_cost, rounds)},
    {0},
};

static const struct field calibration_row[] = {
    {"profile", KEY(calibration_row, profile)},
    {"truth", TEXT(calibration_row, truth, "")},
    {"unit", TEXT(calibration_row, unit, "1")},
    {"build", TEXT(calibration_row, build, "?")},
    {"condition", TEXT(calibration_row, condition, "")},
    {"known", NUMBER(calibration_row, known)},
    {"ratio", NUMBER(calibration_row, ratio)},
    {"ci_low", NUMBER(calibration_row, low)},
    {"ci_high", NUMBER(calibration_row, high)},
    {"exact", FLAG(calibration_row, is_exact)},
    {"too_little", FLAG(calibration_row, is_too_little)},
    {"true", FLAG(calibration_row, is_true)},
    {0},
};
static const struct field calibration[] = {
    {"runs", NUMBER(calibration, runs)},
    {"seconds", NUMBER(calibration, seconds)},
    {"at_once", NUMBER(calibration, at_once)},
    {"confidence", NUMBER(calibration, confidence)},
    {"tolerance", NUMBER(calibration, tolerance)},
    {"rows", LIST(calibration, rows, row, calibration_row)},
    {0},
};
static const struct field sweep_point[] = {
    {"workers", NUMBER(sweep_point, workers)},
    {"build", TEXT(sweep_point, build, "")},
    {"records_per_s", NUMBER(sweep_point, records_per_s)},
    {0},
};

static const struct field sweep[] = {
    {"latency_ns", NUMBER(sweep, latency_ns)},
    {"points", LIST(sweep, points, point, sweep_point)},
    {"chosen", NUMBER(sweep, chosen)},
    {"words", TEXT(sweep, words, NULL)},
    {0},
};

static const struct field cpu_profile[] = {
    {"build", TEXT(cpu_profile, build, "?")},  {"raw", TEXT(cpu_profile, raw, NULL)},
    {"records", NUMBER(cpu_profile, records)}, {"samples", NUMBER(cpu_profile, samples)},
    {"cpu_ns", NUMBER(cpu_profile, cpu_ns)},   {0},
};

static const struct field live_profile[] = {
    {"database", FLAG(live_profile, has_database)},
    {"worker_threads", NUMBER(live_profile, worker_threads)},
    {"elapsed_ns", NUMBER(live_profile, elapsed_ns)},
    {"held_ns", NUMBER(live_profile, held_ns)},
    {"block", TEXT(live_profile, block, NULL)},
    {"mutex", TEXT(live_profile, mutex, NULL)},
    {"threads", TEXT(live_profile, threads, NULL)},
    {0},
};

static const struct field result_file[] = {
    {"path", KEY(result_file, path)},
    {"what", TEXT(result_file, what, "")},
    {"open_with", TEXT(result_file, open_with, "")},
    {0},
};

static void write_control_verdict(cJSON *object, const struct model *model, const void *record)
{
    const struct control *control = record;
    (void)model;
    cJSON_AddStringToObject(object, "verdict", verdict_name(stats_verdict(&control->shown, 0)));
}

static const struct field control[] = {
    {"build", TEXT(control, build, "")},
    {"rounds", COUNT(control, rounds)},
    {"blocks", COUNT(control, blocks)},
    {"ratio", NUMBER(control, shown.estimate)},
    {"ci_low", NUMBER(control, shown.low)},
    {"ci_high", NUMBER(control, shown.high)},
    {"confidence", NUMBER(control, shown.confidence)},
    {NULL, OWN(write_control_verdict, NULL)},
    {"smallest_effect", NUMBER(control, smallest_effect)},
    {0},
};

static const char *const control_names[CONTROLS] = {[CONTROL_CPU] = "cpu",
                                                    [CONTROL_LAYOUT] = "layout",
                                                    [CONTROL_BEFORE_WALL] = "before_wall",
                                                    [CONTROL_BEFORE_CPU] = "before_cpu"};

static void add_noise(cJSON *document, const struct noise *noise)
{
    if (noise == NULL || noise->controls[CONTROL_WALL].rounds == 0)
        return;
    cJSON *object = cJSON_AddObjectToObject(document, "noise");
    record_write(object, NULL, control, &noise->controls[CONTROL_WALL]);
    for (int kind = CONTROL_WALL + 1; kind < CONTROLS; kind++)
        if (noise->controls[kind].rounds > 0)
            record_write(cJSON_AddObjectToObject(object, control_names[kind]), NULL, control,
                         &noise->controls[kind]);
    json_add_number(object, "layout_share", noise->layout_share);
    json_add_number(object, "bias", noise->bias);
    cJSON_AddStringToObject(object, "correction",
                            "those of a verdict are widened so that all of a run's hold together "
                            "with 95% (Bonferroni); each of the others (A/A control, floor, "
                            "scaling, growth, load, profiling) holds with 95% by itself");
}

static void write_noise(cJSON *object, const struct model *model, const void *record)
{
    (void)record;
    add_noise(object, &model->noise);
}

static void noise_of(const cJSON *object, struct model *model, struct noise *noise)
{
    for (int kind = 0; kind < CONTROLS; kind++)
        record_read(control_names[kind] != NULL ? json_member(object, control_names[kind]) : object,
                    model, control, &noise->controls[kind]);
    noise->layout_share = json_number_or_nan(object, "layout_share");
    noise->bias = json_number_or_nan(object, "bias");
    noise->correction = json_text_or(object, "correction", "");
}

static void read_noise(const cJSON *object, struct model *model, void *record)
{
    (void)record;
    noise_of(json_member(object, "noise"), model, &model->noise);
}

/* -- What is set beside it */

static const struct field count_change[] = {
    {NULL, RECORD(count_change, what, quantity)},
    {"build", TEXT(count_change, build, "")},
    {"then", NUMBER(count_change, then)},
    {"now", NUMBER(count_change, now)},
    {"ratio", NUMBER(count_change, ratio)},
    {"verdict", TEXT(count_change, verdict, "")},
    {0},
};

static const struct field ratio_change[] = {
    {"lesson", TEXT(ratio_change, lesson, "")},     {"name", TEXT(ratio_change, name, "")},
    {"label", TEXT(ratio_change, label, "")},       {"tool", TEXT(ratio_change, tool, "")},
    {"then", RECORD(ratio_change, then, interval)}, {"now", RECORD(ratio_change, now, interval)},
    {"verdict", TEXT(ratio_change, verdict, "")},   {0},
};

static const struct field one_sided[] = {
    {"label", TEXT(one_sided, label, "")},
    {"tool", TEXT(one_sided, tool, "")},
    {"in", TEXT(one_sided, in, "")},
    {0},
};

static const struct field base_changes[] = {
    {"path", TEXT(base_changes, path, "")},
    {"created", TEXT(base_changes, created, NULL)},
    {"mode", TEXT(base_changes, mode, "unknown")},
    {"machine", PART(base_changes, machine, machine)},
    {"is_same_input", FLAG(base_changes, is_same_input)},
    {"is_same_machine", FLAG(base_changes, is_same_machine)},
    {"is_same_cpu_count", FLAG(base_changes, is_same_cpu_count)},
    {"is_same_compiler", FLAG(base_changes, is_same_compiler)},
    {"is_same_instructions", FLAG(base_changes, is_same_instructions)},
    {"remarks", TEXTS(base_changes, remarks, remark)},
    {"counts", LIST(base_changes, counts, changed, count_change)},
    {"ratios", LIST(base_changes, ratios, ratio, ratio_change)},
    {"missing", LIST(base_changes, missing, missing, one_sided)},
    {"counts_compared", COUNT(base_changes, counts_compared)},
    {"tolerance_instructions", NUMBER(base_changes, tolerance_instructions)},
    {"ratios_judged", COUNT(base_changes, ratios_judged)},
    {0},
};

static void write_yours_noise(cJSON *object, const struct model *model, const void *record)
{
    const struct yours_run *yours = record;
    (void)model;
    add_noise(object, yours->noise);
}

static void read_yours_noise(const cJSON *object, struct model *model, void *record)
{
    struct yours_run *yours = record;
    struct noise *noise = model_allocate(model, sizeof *noise);

    if (noise != NULL)
        noise_of(json_member(object, "noise"), model, noise);
    yours->noise = noise;
}

static const struct field yours_run[] = {
    {"folder", TEXT(yours_run, folder, "somebody")},
    {"created", TEXT(yours_run, created, NULL)},
    {NULL, OWN(write_yours_noise, read_yours_noise)},
    {"warnings", TEXTS(yours_run, warnings, warning)},
    {0},
};

/* -- What was compared, where it is no lesson */

static void write_pairs(cJSON *object, const struct model *model, const void *record)
{
    const struct subject *subject = record;
    (void)model;
    cJSON_AddItemToObject(object, "sides", cJSON_CreateStringArray(subject->sides, 2));
    cJSON_AddItemToObject(object, "commands", cJSON_CreateStringArray(subject->commands, 2));
}

static void read_pairs(const cJSON *object, struct model *model, void *record)
{
    struct subject *subject = record;
    (void)model;
    for (int side = 0; side < 2; side++) {
        subject->sides[side] = text_at(json_member(object, "sides"), side);
        subject->commands[side] = text_at(json_member(object, "commands"), side);
    }
}

static const struct field subject[] = {
    {"kind", TEXT(subject, kind, "commands")},
    {"name", TEXT(subject, name, "")},
    {NULL, OWN(write_pairs, read_pairs)},
    {"input", TEXT(subject, input, NULL), .is_null = true},
    {"directory", TEXT(subject, directory, NULL), .is_null = true},
    {"proof", TEXT(subject, proof, "")},
    {"asked", TEXT(subject, asked, "output")},
    {"exit_status", NUMBER(subject, exit_status)},
    {"output_bytes", NUMBER(subject, output_bytes)},
    {0},
};

/* -- The whole document */

static const struct field document[] = {
    {"subject", PART(model, subject, subject)},
    {"order", TEXTS(model, order, order)},
    {"lessons", LIST(model, lessons, lesson, lesson)},
    {"whole", RECORD(model, whole, whole)},
    {NULL, OWN(write_build_metrics, read_build_metrics)},
    {"builds", LIST(model, builds, build, build)},
    {NULL, OWN(write_noise, read_noise)},
    {"warnings", TEXTS(model, warnings, warning)},
    {"mode", TEXT(model, mode, "")},
    {"only_lesson", TEXT(model, only_lesson, NULL), .is_null = true},
    {"command", TEXT(model, command, "")},
    {"machine", RECORD(model, machine, machine)},
    {"input", RECORD(model, input, input)},
    {"proof", RECORD(model, proof, proof)},
    {"round_trip_ns", NUMBER(model, round_trip_ns)},
    {"floor", PART(model, floor, floor_cost)},
    {"sweep", PART(model, sweep, sweep)},
    {"cpu_profiles", LIST(model, cpu_profiles, cpu_profile, cpu_profile)},
    {"live_profiles", LIST(model, live_profiles, live_profile, live_profile)},
    {"load", JSON(model, load)},
    {"profiling", JSON(model, profiling)},
    {"observer", JSON(model, observer)},
    {"calibration", PART(model, calibration, calibration)},
    {"visibility", PART(model, visibility, visibility)},
    {"promises", PART(model, promises, promises)},
    {"attribution", LIST(model, attribution, attribution, attribution)},
    {"interactions", LIST(model, interactions, interaction, joint_worth)},
    {"base", PART(model, base, base_changes)},
    {"guesses", PART(model, guesses, guesses)},
    {"yours", PART(model, yours, yours_run)},
    {"created", TEXT(model, created, "")},
    {"duration_s", NUMBER(model, duration_s)},
    {"files", LIST(model, files, file, result_file)},
    {0},
};

cJSON *model_write(const struct model *model)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddStringToObject(json, "schema", "fastenough-compare");
    cJSON_AddNumberToObject(json, "schema_version", COMPARE_JSON_VERSION);
    record_write(json, model, document, model);
    if (!model->is_failed)
        return json;
    cJSON_Delete(json);
    return NULL;
}

cJSON *model_write_guesses(const struct judged_guesses *judged)
{
    cJSON *json = cJSON_CreateObject();
    record_write(json, NULL, guesses, judged);
    return json;
}

int model_view(struct model *model, const cJSON *json)
{
    *model = (struct model){.whole = {.id = "whole"}, .confidence = NAN};
    record_read(json, model, document, model);
    if (!model->is_failed)
        return 0;
    model_free(model);
    return -1;
}

int model_read(struct model *model, const char *path, char *error, size_t error_size)
{
    cJSON *json;

    if (compare_json_read(path, &json, error, error_size) != 0)
        return -1;
    if (model_view(model, json) == 0) {
        model->json = json;
        return 0;
    }
    cJSON_Delete(json);
    snprintf(error, error_size, "out of memory");
    return -1;
}
