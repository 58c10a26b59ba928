/* evidence_curves.c - memory over time, as massif saw it, of each build that it was run on. */
#include <stdio.h>

#include "bench/lesson.h"
#include "bench/readers/json.h"
#include "bench/readers/massif.h"
#include "bench/report/evidence_parts.h"

static const struct {
    const char *tool, *title;
} kinds[] = {{"massif", "heap"}, {"massif-pages", "address space, thread stacks included"}};

static void add_series(cJSON *curve, const char *build, const struct massif *massif)
{
    cJSON *series = json_member(curve, "series"), *one = cJSON_CreateObject();

    if (!cJSON_HasObjectItem(curve, "time_unit"))
        cJSON_AddStringToObject(curve, "time_unit", massif->time_unit);
    cJSON_AddStringToObject(one, "build", build);
    cJSON *points = cJSON_AddArrayToObject(one, "points");
    for (uint32_t i = 0; i < massif->snapshot_count; i++) {
        const struct massif_snapshot *snapshot = &massif->snapshots[i];
        const double point[2] = {(double)snapshot->time,
                                 (double)snapshot->heap_bytes + (double)snapshot->extra_bytes};
        cJSON_AddItemToArray(points, cJSON_CreateDoubleArray(point, 2));
    }
    cJSON_AddItemToArray(series, one);
}

static void add_file(struct evidence *evidence, cJSON *curve, const char *tool, const char *of)
{
    char name[64], path[EVIDENCE_PATH_SIZE], error[TEXT_ERROR_SIZE];
    struct massif massif;

    snprintf(name, sizeof name, "raw/%s.out.%.32s", tool, of);
    if (!evidence_has(evidence, name))
        return;
    if (massif_read(evidence_path(evidence, name, path), &massif, error, sizeof error) != 0) {
        evidence_miss(evidence, name, error);
        return;
    }
    add_series(curve, of, &massif);
    massif_free(&massif);
}

static void add_build(struct evidence *evidence, cJSON *curve, const char *tool, unsigned build)
{
    char code[BUILD_CODE_SIZE];

    build_code(build, code);
    add_file(evidence, curve, tool, code);
}

static void add_builds(struct evidence *evidence, cJSON *curve, const char *tool)
{
    add_build(evidence, curve, tool, BUILD_NAIVE);
    for (int lesson = 0; lesson < LESSON_COUNT; lesson++)
        add_build(evidence, curve, tool, build_alone(lesson));
    add_build(evidence, curve, tool, BUILD_FIXED);
}

static void add_curve(struct evidence *evidence, const char *tool, const char *title)
{
    cJSON *curve = cJSON_CreateObject(), *series = cJSON_AddArrayToObject(curve, "series");

    cJSON_AddStringToObject(curve, "tool", tool);
    cJSON_AddStringToObject(curve, "title", title);
    if (!evidence->is_pair)
        add_builds(evidence, curve, tool);
    for (int side = 0; evidence->is_pair && side < 2; side++)
        add_file(evidence, curve, tool, evidence->sides[side]);
    if (cJSON_GetArraySize(series) > 0)
        cJSON_AddItemToArray(json_member(evidence->json, "curves"), curve);
    else
        cJSON_Delete(curve);
}

void evidence_add_curves(struct evidence *evidence)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        add_curve(evidence, kinds[i].tool, kinds[i].title);
}
