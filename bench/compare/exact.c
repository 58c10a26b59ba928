#include "bench/compare/exact.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/report/render_member.h"

static int add(struct exact_counts *counts, const struct exact_count *count)
{
    if (!isfinite(count->value))
        return 0; /* it could not be had */
    if (counts->count == counts->room) {
        unsigned room = counts->room != 0 ? 2 * counts->room : 64;
        struct exact_count *items = realloc(counts->items, room * sizeof *items);
        if (items == NULL)
            return -1;
        counts->items = items;
        counts->room = room;
    }
    counts->items[counts->count++] = *count;
    return 0;
}

static struct exact_count describe(const cJSON *metric)
{
    return (struct exact_count){
        .name = member_text(metric, "name", ""),
        .label = member_text(metric, "label", ""),
        .unit = member_text(metric, "unit", "1"),
        .tool = member_text(metric, "tool", ""),
        .condition = member_text(metric, "condition", ""),
    };
}

/* Both sides of each exact metric of a lesson, or of the whole. */
static int add_lesson(struct exact_counts *counts, const cJSON *lesson)
{
    static const char *const sides[2] = {"naive", "fixed"};
    const cJSON *metrics = member(lesson, "metrics"), *metric;

    cJSON_ArrayForEach (metric, metrics)
        for (int side = 0; side < 2; side++) {
            struct exact_count count = describe(metric);
            count.build =
                cJSON_GetStringValue(cJSON_GetArrayItem(member(metric, "compared"), side));
            count.value = member_number(metric, sides[side]);
            if (member_is_true(metric, "exact") && count.build != NULL && add(counts, &count) != 0)
                return -1;
        }
    return 0;
}

static int add_build(struct exact_counts *counts, const cJSON *document, const cJSON *build)
{
    const cJSON *metrics = member(document, "build_metrics"), *metric;

    cJSON_ArrayForEach (metric, metrics) {
        struct exact_count count = describe(metric);
        count.build = member_text(build, "code", "");
        count.value = member_number(member(build, "metrics"), count.name);
        if (member_is_true(metric, "exact") && add(counts, &count) != 0)
            return -1;
    }
    return 0;
}

int exact_init(struct exact_counts *counts, const cJSON *document)
{
    const cJSON *lessons = member(document, "lessons"), *builds = member(document, "builds"), *item;
    int status = 0;

    *counts = (struct exact_counts){.count = 0};
    cJSON_ArrayForEach (item, lessons)
        status = status == 0 ? add_lesson(counts, item) : status;
    status = status == 0 ? add_lesson(counts, member(document, "whole")) : status;
    cJSON_ArrayForEach (item, builds)
        status = status == 0 ? add_build(counts, document, item) : status;
    if (status != 0)
        exact_free(counts);
    return status;
}

void exact_free(struct exact_counts *counts)
{
    free(counts->items);
    *counts = (struct exact_counts){.count = 0};
}

const struct exact_count *exact_find(const struct exact_counts *counts,
                                     const struct exact_count *wanted)
{
    for (unsigned i = 0; i < counts->count; i++) {
        const struct exact_count *count = &counts->items[i];
        if (strcmp(count->name, wanted->name) == 0 && strcmp(count->build, wanted->build) == 0 &&
            strcmp(count->label, wanted->label) == 0 &&
            strcmp(count->condition, wanted->condition) == 0)
            return count;
    }
    return NULL;
}

bool exact_is_same(const struct exact_count *one, const struct exact_count *other)
{
    return strcmp(one->name, other->name) == 0 && strcmp(one->build, other->build) == 0 &&
           strcmp(one->tool, other->tool) == 0 && one->value == other->value;
}
