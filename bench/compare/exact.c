#include "bench/compare/exact.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

static struct exact_count describe(const struct quantity *what, const char *condition)
{
    return (struct exact_count){.name = what->name,
                                .label = what->label,
                                .unit = what->unit,
                                .tool = what->tool,
                                .condition = condition};
}

/* Both sides of each exact metric of a lesson, or of the whole. */
static int add_section(struct exact_counts *counts, const struct section *section)
{
    for (unsigned i = 0; i < section->measurement_count; i++) {
        const struct measurement *one = &section->measurements[i];
        struct exact_count naive = describe(&one->metric.what, one->metric.condition), fixed;
        if (one->how != MEASURED_EXACTLY)
            continue;
        fixed = naive;
        naive.build = one->metric.naive;
        naive.value = one->naive;
        fixed.build = one->metric.fixed;
        fixed.value = one->fixed;
        if (add(counts, &naive) != 0 || add(counts, &fixed) != 0)
            return -1;
    }
    return 0;
}

static int add_build(struct exact_counts *counts, const struct model *model,
                     const struct build *build)
{
    for (unsigned i = 0; i < model->build_metric_count; i++) {
        struct exact_count count = describe(&model->build_metrics[i].what, "");
        count.build = build->code;
        count.value = build->values[i];
        if (model->build_metrics[i].is_exact && add(counts, &count) != 0)
            return -1;
    }
    return 0;
}

int exact_init(struct exact_counts *counts, const struct model *model)
{
    int status = 0;

    *counts = (struct exact_counts){.count = 0};
    for (unsigned i = 0; i < model->lesson_count && status == 0; i++)
        status = add_section(counts, &model->lessons[i]);
    if (status == 0)
        status = add_section(counts, &model->whole);
    for (unsigned i = 0; i < model->build_count && status == 0; i++)
        status = add_build(counts, model, &model->builds[i]);
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

static bool is_same(const struct exact_count *one, const struct exact_count *other)
{
    return strcmp(one->name, other->name) == 0 && strcmp(one->build, other->build) == 0 &&
           strcmp(one->tool, other->tool) == 0 && one->value == other->value;
}

bool exact_is_repeated(const struct exact_counts *counts, unsigned index)
{
    for (unsigned i = 0; i < index; i++)
        if (is_same(&counts->items[i], &counts->items[index]))
            return true;
    return false;
}
