#include "tests/comparison/schema.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* A member and its type: s string, n number, b boolean, a array, o object; a capital: or null. */
struct member {
    const char *name;
    char type;
};

enum { MEMBERS_MAX = 32 };

static const struct member document_members[MEMBERS_MAX] = {
    {"schema", 's'},        {"schema_version", 'n'}, {"created", 's'},       {"duration_s", 'n'},
    {"mode", 's'},          {"only_lesson", 'S'},    {"command", 's'},       {"input", 'o'},
    {"proof", 'o'},         {"machine", 'o'},        {"noise", 'o'},         {"lessons", 'a'},
    {"whole", 'o'},         {"builds", 'a'},         {"attribution", 'a'},   {"build_metrics", 'a'},
    {"interactions", 'a'},  {"visibility", 'o'},     {"round_trip_ns", 'N'}, {"cpu_profiles", 'a'},
    {"warnings", 'a'},      {"files", 'a'},          {"order", 'a'},         {"promises", 'o'},
    {"live_profiles", 'a'},
};
/* Of a comparison of all four fixes only. */
static const struct member whole_members[MEMBERS_MAX] = {{"floor", 'o'},    {"sweep", 'o'},
                                                         {"load", 'o'},     {"profiling", 'o'},
                                                         {"observer", 'o'}, {"calibration", 'o'}};
static const struct member input_members[MEMBERS_MAX] = {
    {"source", 's'},   {"seed", 'N'},     {"records", 'n'}, {"bytes", 'n'},
    {"accepted", 'n'}, {"rejected", 'n'}, {"digest", 's'},  {"score_sum", 'n'},
};
static const struct member proof_members[MEMBERS_MAX] = {{"builds", 'n'}, {"is_equal", 'b'}};
static const struct member machine_members[MEMBERS_MAX] = {
    {"cpu", 's'},         {"cores", 'n'},    {"memory_bytes", 'n'}, {"kernel", 's'}, {"os", 's'},
    {"flags", 's'},       {"compiler", 's'}, {"governor", 'S'},     {"load", 'a'},   {"tools", 'o'},
    {"clocksource", 's'}, {"limits", 'o'},   {"missing", 'a'},
};
static const struct member missing_members[MEMBERS_MAX] = {
    {"what", 's'}, {"why", 's'}, {"lost", 's'}};
static const struct member noise_members[MEMBERS_MAX] = {
    {"build", 's'},      {"rounds", 'n'},          {"ratio", 'N'},      {"ci_low", 'N'},
    {"ci_high", 'N'},    {"smallest_effect", 'N'}, {"confidence", 'n'}, {"verdict", 's'},
    {"correction", 's'}, {"blocks", 'n'},          {"cpu", 'o'},        {"layout", 'o'},
    {"bias", 'n'},       {"layout_share", 'N'},
};
static const struct member floor_members[MEMBERS_MAX] = {
    {"floor_ns", 'n'}, {"fixed_ns", 'n'},    {"ratio", 'n'},
    {"ci_low", 'N'},   {"ci_high", 'N'},     {"scaling", 'n'},
    {"rounds", 'n'},   {"scaling_low", 'N'}, {"scaling_high", 'N'},
};
static const struct member lesson_members[MEMBERS_MAX] = {
    {"id", 's'},         {"number", 'n'},     {"title", 's'},    {"words", 's'},
    {"naive_file", 's'}, {"fixed_file", 's'}, {"headline", 's'}, {"verdict", 's'},
    {"metrics", 'a'},    {"curves", 'a'},     {"pictures", 'a'},
};
static const struct member metric_members[MEMBERS_MAX] = {
    {"name", 's'},       {"label", 's'},           {"unit", 's'},
    {"tool", 's'},       {"naive", 'n'},           {"fixed", 'n'},
    {"ratio", 'N'},      {"ci_low", 'N'},          {"ci_high", 'N'},
    {"unbounded", 'b'},  {"exact", 'b'},           {"rounds", 'N'},
    {"confidence", 'N'}, {"verdict", 'S'},         {"compared", 'a'},
    {"condition", 's'},  {"smallest_effect", 'N'},
};
static const struct member curve_members[MEMBERS_MAX] = {
    {"name", 's'}, {"x", 's'},     {"x_unit", 's'}, {"y", 's'},   {"y_unit", 's'},
    {"tool", 's'}, {"naive", 'a'}, {"fixed", 'a'},  {"fit", 'O'},
};
static const struct member build_members[MEMBERS_MAX] = {{"code", 's'}, {"metrics", 'o'}};
static const struct member build_metric_members[MEMBERS_MAX] = {
    {"name", 's'}, {"unit", 's'}, {"label", 's'}, {"tool", 's'}, {"exact", 'b'}};
static const struct member attribution_members[MEMBERS_MAX] = {
    {"metric", 's'}, {"unit", 's'},   {"naive", 'n'},   {"fixed", 'n'},
    {"saving", 'n'}, {"shares", 'o'}, {"percent", 'o'},
};
static const struct member interaction_members[MEMBERS_MAX] = {
    {"metric", 's'},         {"a", 's'}, {"a_ratio_without_b", 'n'},
    {"a_ratio_with_b", 'n'}, {"b", 's'}, {"index", 'n'},
    {"words", 's'},
};
static const struct member visibility_members[MEMBERS_MAX] = {{"tools", 'a'}, {"cells", 'a'}};
static const struct member tool_members[MEMBERS_MAX] = {{"id", 's'}, {"label", 's'}};
static const struct member cell_members[MEMBERS_MAX] = {
    {"tool", 's'},  {"lesson", 's'}, {"sees", 'b'},  {"naive", 'n'},
    {"fixed", 'n'}, {"unit", 's'},   {"shown", 's'},
};
static const struct member promises_members[MEMBERS_MAX] = {{"tools", 'a'}, {"cells", 'a'}};
static const struct member promise_tool_members[MEMBERS_MAX] = {{"id", 's'},      {"label", 's'},
                                                                {"assumes", 's'}, {"database", 'b'},
                                                                {"order", 'N'},   {"told", 'n'}};
/* of one that has places, and of one that was not run */
static const struct member promise_tool_others[MEMBERS_MAX] = {
    {"place", 's'}, {"names", 's'}, {"absent", 's'}};
static const struct member promise_members[MEMBERS_MAX] = {
    {"tool", 's'},     {"lesson", 's'},   {"database", 'b'}, {"share", 'N'},
    {"promised", 'N'}, {"measured", 'o'}, {"outcome", 's'},
};
static const struct member judgement_members[MEMBERS_MAX] = {
    {"ratio", 'N'}, {"ci_low", 'N'}, {"ci_high", 'N'}, {"unbounded", 'b'}, {"verdict", 'S'}};
static const struct member live_profile_members[MEMBERS_MAX] = {
    {"elapsed_ns", 'n'}, {"held_ns", 'N'}, {"worker_threads", 'n'}, {"database", 'b'},
    {"block", 's'},      {"mutex", 's'},   {"threads", 's'},
};
static const struct member sweep_members[MEMBERS_MAX] = {
    {"latency_ns", 'n'}, {"points", 'a'}, {"chosen", 'n'}, {"words", 's'}};
static const struct member point_members[MEMBERS_MAX] = {
    {"workers", 'n'}, {"records_per_s", 'n'}, {"build", 's'}};
static const struct member file_members[MEMBERS_MAX] = {
    {"path", 's'}, {"what", 's'}, {"open_with", 's'}};

static const struct member calibration_members[MEMBERS_MAX] = {
    {"runs", 'n'},       {"seconds", 'n'},   {"at_once", 'n'},
    {"confidence", 'n'}, {"tolerance", 'n'}, {"rows", 'a'},
};
static const struct member calibration_row_members[MEMBERS_MAX] = {
    {"profile", 's'}, {"truth", 's'},      {"unit", 's'},  {"build", 's'},
    {"known", 'N'},   {"ratio", 'N'},      {"exact", 'b'}, {"ci_low", 'N'},
    {"ci_high", 'N'}, {"too_little", 'b'}, {"true", 'b'},  {"condition", 's'},
};

static const cJSON *get(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static bool is_of_type(const cJSON *item, char type)
{
    switch (type) {
    case 's':
        return cJSON_IsString(item);
    case 'n':
        return cJSON_IsNumber(item) && isfinite(item->valuedouble);
    case 'b':
        return cJSON_IsBool(item);
    case 'a':
        return cJSON_IsArray(item);
    case 'o':
        return cJSON_IsObject(item);
    default:
        return cJSON_IsNull(item) || is_of_type(item, (char)(type - 'A' + 'a'));
    }
}

static bool is_listed(const struct member members[MEMBERS_MAX], const char *name)
{
    for (int i = 0; members != NULL && i < MEMBERS_MAX && members[i].name != NULL; i++)
        if (strcmp(members[i].name, name) == 0)
            return true;
    return false;
}

/* schema.md, as far as it is needed: whether it names a member. */
static bool is_documented(const char *name)
{
    static const char path[] = "bench/compare/schema.md";
    char text[32768], wanted[64];
    FILE *file = fopen(path, "r");

    cr_assert_not_null(file, "%s cannot be read; the tests run in the project's folder", path);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    snprintf(wanted, sizeof wanted, "`%s`", name);
    if (strstr(text, wanted) != NULL)
        return true;
    snprintf(wanted, sizeof wanted, "`%s[]`", name);
    return strstr(text, wanted) != NULL;
}

/* Expects the members of an object, and no others but those of `also`, which may be NULL. */
static void expect_members(const cJSON *object, const char *what,
                           const struct member members[MEMBERS_MAX],
                           const struct member also[MEMBERS_MAX])
{
    const cJSON *item;

    cr_assert(cJSON_IsObject(object), "%s is no object", what);
    for (int i = 0; i < MEMBERS_MAX && members[i].name != NULL; i++) {
        item = get(object, members[i].name);
        cr_expect(item != NULL && is_of_type(item, members[i].type), "%s: \"%s\" is %s", what,
                  members[i].name, item == NULL ? "missing" : "of another type");
    }
    cJSON_ArrayForEach (item, object) {
        cr_expect(is_listed(members, item->string) || is_listed(also, item->string),
                  "%s: \"%s\" is in no table", what, item->string);
        cr_expect(is_documented(item->string), "%s: schema.md does not know \"%s\"", what,
                  item->string);
    }
}

static void expect_each(const cJSON *list, const char *what,
                        const struct member members[MEMBERS_MAX])
{
    const cJSON *item;

    cr_assert(cJSON_IsArray(list), "%s is no list", what);
    cJSON_ArrayForEach (item, list)
        expect_members(item, what, members, NULL);
}

static void expect_lessons(const cJSON *document)
{
    const cJSON *lessons = get(document, "lessons"), *lesson, *only = get(document, "only_lesson");

    expect_each(lessons, "lessons[]", lesson_members);
    cr_expect_eq(cJSON_GetArraySize(lessons), cJSON_IsNull(only) ? 4 : 1);
    cJSON_ArrayForEach (lesson, lessons) {
        expect_each(get(lesson, "metrics"), "lessons[].metrics[]", metric_members);
        expect_each(get(lesson, "curves"), "lessons[].curves[]", curve_members);
    }
    expect_each(get(get(document, "whole"), "metrics"), "whole.metrics[]", metric_members);
}

static void expect_builds(const cJSON *document)
{
    const cJSON *builds = get(document, "builds"), *build, *number;

    expect_each(builds, "builds[]", build_members);
    expect_each(get(document, "build_metrics"), "build_metrics[]", build_metric_members);
    if (cJSON_IsNull(get(document, "only_lesson")))
        cr_expect_eq(cJSON_GetArraySize(builds), 16);
    cJSON_ArrayForEach (build, builds)
        cJSON_ArrayForEach (number, get(build, "metrics"))
            cr_expect(is_of_type(number, 'N'), "%s of a build is no number", number->string);
}

static void expect_promises(const cJSON *document)
{
    const cJSON *promises = get(document, "promises"), *item;

    expect_members(promises, "promises", promises_members, NULL);
    cJSON_ArrayForEach (item, get(promises, "tools"))
        expect_members(item, "promises.tools[]", promise_tool_members, promise_tool_others);
    cJSON_ArrayForEach (item, get(promises, "cells")) {
        expect_members(item, "promises.cells[]", promise_members, NULL);
        expect_members(get(item, "measured"), "measured", judgement_members, NULL);
    }
    expect_each(get(document, "live_profiles"), "live_profiles[]", live_profile_members);
}

void schema_expect(const cJSON *document)
{
    const cJSON *visibility = get(document, "visibility"), *machine = get(document, "machine");

    expect_members(document, "the document", document_members, whole_members);
    cr_expect_str_eq(cJSON_GetStringValue(get(document, "schema")), "fastenough-compare");
    cr_expect_eq(get(document, "schema_version")->valuedouble, 2);
    expect_members(get(document, "input"), "input", input_members, NULL);
    expect_members(get(document, "proof"), "proof", proof_members, NULL);
    expect_members(machine, "machine", machine_members, NULL);
    expect_each(get(machine, "missing"), "machine.missing[]", missing_members);
    cr_expect_eq(cJSON_GetArraySize(get(machine, "load")), 3);
    expect_members(get(document, "noise"), "noise", noise_members, NULL);
    expect_lessons(document);
    expect_builds(document);
    expect_each(get(document, "attribution"), "attribution[]", attribution_members);
    expect_each(get(document, "interactions"), "interactions[]", interaction_members);
    expect_members(visibility, "visibility", visibility_members, NULL);
    expect_each(get(visibility, "tools"), "visibility.tools[]", tool_members);
    expect_each(get(visibility, "cells"), "visibility.cells[]", cell_members);
    expect_promises(document);
    expect_each(get(document, "files"), "files[]", file_members);
    if (!cJSON_IsNull(get(document, "only_lesson")))
        return;
    expect_members(get(document, "floor"), "floor", floor_members, NULL);
    expect_members(get(document, "sweep"), "sweep", sweep_members, NULL);
    expect_each(get(get(document, "sweep"), "points"), "sweep.points[]", point_members);
    const cJSON *calibration = get(document, "calibration");
    if (calibration == NULL) /* of a quick one */
        return;
    expect_members(calibration, "calibration", calibration_members, NULL);
    expect_each(get(calibration, "rows"), "calibration.rows[]", calibration_row_members);
}
