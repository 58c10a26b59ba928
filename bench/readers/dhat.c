#include "bench/readers/dhat.h"

#include <stdlib.h>
#include <string.h>

#include "bench/readers/json.h"

enum { VERSION = 2 };

static void add(struct dhat_sum *sum, const struct dhat_sum *part)
{
    sum->bytes += part->bytes;
    sum->blocks += part->blocks;
    sum->gmax_bytes += part->gmax_bytes;
    sum->gmax_blocks += part->gmax_blocks;
    sum->end_bytes += part->end_bytes;
    sum->end_blocks += part->end_blocks;
    sum->read_bytes += part->read_bytes;
    sum->written_bytes += part->written_bytes;
    sum->lifetime_instructions += part->lifetime_instructions;
}

static int read_frames(struct dhat *result, const cJSON *table)
{
    const cJSON *entry;

    result->frames = calloc((size_t)cJSON_GetArraySize(table) + 1, sizeof *result->frames);
    if (result->frames == NULL)
        return -1;
    cJSON_ArrayForEach (entry, table) {
        /* "[root]", which all stacks share, is no frame and stays all zero. */
        struct frame *frame = &result->frames[result->frame_count++];
        if (!cJSON_IsString(entry))
            return -1;
        if (frame_parse(entry->valuestring, frame) != 0 && result->frame_count > 1)
            return -1;
    }
    return 0;
}

static int read_stack(const struct dhat *result, const cJSON *numbers, struct dhat_point *point)
{
    const cJSON *number;

    point->frames = calloc((size_t)cJSON_GetArraySize(numbers) + 1, sizeof(struct frame *));
    if (point->frames == NULL)
        return -1;
    cJSON_ArrayForEach (number, numbers) {
        if (!cJSON_IsNumber(number) || number->valuedouble < 0 ||
            number->valuedouble >= result->frame_count)
            return -1;
        point->frames[point->frame_count++] = &result->frames[(uint32_t)number->valuedouble];
    }
    return 0;
}

static int read_point(const struct dhat *result, const cJSON *json, struct dhat_point *point)
{
    struct dhat_sum *sum = &point->sum;
    const struct {
        const char *name;
        uint64_t *value;
    } members[] = {
        {"tb", &sum->bytes},
        {"tbk", &sum->blocks},
        {"gb", &sum->gmax_bytes},
        {"gbk", &sum->gmax_blocks},
        {"eb", &sum->end_bytes},
        {"ebk", &sum->end_blocks},
        {"rb", &sum->read_bytes},
        {"wb", &sum->written_bytes},
        {"mb", &point->most_bytes},
        {"mbk", &point->most_blocks},
        {"tl", &sum->lifetime_instructions},
    };

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (json_integer(json, members[i].name, members[i].value) != 0)
            return -1;
    return read_stack(result, json_member(json, "fs"), point);
}

static int read_points(struct dhat *result, const cJSON *points)
{
    const cJSON *json;

    result->points = calloc((size_t)cJSON_GetArraySize(points) + 1, sizeof *result->points);
    if (result->points == NULL)
        return -1;
    cJSON_ArrayForEach (json, points) {
        struct dhat_point *point = &result->points[result->point_count++];
        if (read_point(result, json, point) != 0)
            return -1;
        add(&result->sum, &point->sum);
    }
    return 0;
}

int dhat_read(const char *path, struct dhat *result, char *error, size_t error_size)
{
    uint64_t version;
    const char *mode;
    const cJSON *frames, *points;

    *result = (struct dhat){0};
    if (json_read(path, &result->json, error, error_size) != 0)
        return -1;
    if (json_integer(result->json, "dhatFileVersion", &version) != 0) {
        text_error(error, error_size, path, 0, "this is no file of DHAT's");
        goto fail;
    }
    if (version != VERSION || json_text(result->json, "mode", &mode) != 0 ||
        strcmp(mode, "heap") != 0) {
        text_error(error, error_size, path, 0,
                   "only version %d of DHAT's format, in heap mode, can be read", VERSION);
        goto fail;
    }
    frames = json_member(result->json, "ftbl");
    points = json_member(result->json, "pps");
    if (!cJSON_IsArray(frames) || !cJSON_IsArray(points) ||
        json_integer(result->json, "te", &result->end_instructions) != 0 ||
        json_integer(result->json, "tg", &result->gmax_instructions) != 0) {
        text_error(error, error_size, path, 0, "times, frames or program points are missing");
        goto fail;
    }
    if (read_frames(result, frames) != 0) {
        text_error(error, error_size, path, 0, "frame %u of the table cannot be read",
                   result->frame_count);
        goto fail;
    }
    if (read_points(result, points) != 0) {
        text_error(error, error_size, path, 0, "program point %u cannot be read",
                   result->point_count);
        goto fail;
    }
    return 0;

fail:
    dhat_free(result);
    return -1;
}

void dhat_free(struct dhat *result)
{
    for (uint32_t i = 0; i < result->point_count; i++)
        free(result->points[i].frames);
    free(result->points);
    free(result->frames);
    cJSON_Delete(result->json);
    *result = (struct dhat){0};
}

static bool has_function(const struct dhat_point *point, const char *function)
{
    for (uint32_t i = 0; i < point->frame_count; i++)
        if (frame_name_is(point->frames[i]->function, function))
            return true;
    return false;
}

uint32_t dhat_sum_by_function(const struct dhat *result, const char *function, struct dhat_sum *sum)
{
    uint32_t count = 0;

    *sum = (struct dhat_sum){0};
    for (uint32_t i = 0; i < result->point_count; i++)
        if (has_function(&result->points[i], function)) {
            add(sum, &result->points[i].sum);
            count++;
        }
    return count;
}
