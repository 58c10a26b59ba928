#include "profile_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "profile_samples.h"
#include "profile_top.h"
#include "value_text.h"

static void write_head(FILE *file, const struct profile *profile, const char *name, unsigned by)
{
    char text[32];
    int64_t sums[PROFILE_TYPES_MAX] = {0};

    for (size_t i = 0; i < profile->sample_count; i++)
        for (unsigned j = 0; j < profile->type_count; j++)
            sums[j] += profile->samples[i]->values[j];
    fprintf(file, "# %s: %zu stacks", name, profile->sample_count);
    for (unsigned j = 0; j < profile->type_count; j++)
        fprintf(file, "; %s %s", profile->types[j].type,
                value_text(sums[j], profile->types[j].unit, text));
    if (profile->period_type.type != NULL)
        fprintf(file, "; one sample each %s of %s",
                value_text(profile->period, profile->period_type.unit, text),
                profile->period_type.type);
    if (profile->duration_ns > 0)
        fprintf(file, "; collected for %s", value_text(profile->duration_ns, "nanoseconds", text));
    fprintf(file, "\n# ordered by %s\n", profile->types[by].type);
}

static void write_labels(FILE *file, const struct profile_sample *sample)
{
    char text[32];

    for (unsigned i = 0; i < sample->label_count; i++) {
        const struct profile_label *label = &sample->labels[i];
        fprintf(file, "%s%s=%s", i > 0 ? ", " : "", label->key,
                label->text != NULL
                    ? label->text
                    : value_text(label->number, label->unit != NULL ? label->unit : "", text));
    }
}

static void write_frame(FILE *file, uintptr_t address, const char *function,
                        const struct symbol_frame *frame, int level)
{
    unsigned long offset = frame->entry != 0 ? address - frame->entry : 0;

    if (level == 1) {
        fprintf(file, "#\t0x%lx\t%s+0x%lx", (unsigned long)address, function, offset);
        if (frame->file != NULL)
            fprintf(file, "\t%s:%d", frame->file, frame->line);
    } else {
        fprintf(file, "    %s", function);
        if (frame->file != NULL)
            fprintf(file, "\n        %s:%d", frame->file, frame->line);
    }
    fputc('\n', file);
}

static void write_stack(FILE *file, const struct profile_sample *sample, struct symbols *symbols,
                        int level)
{
    struct symbol_place place;
    char name[SYMBOLS_NAME_SIZE];

    for (unsigned i = 0; i < sample->depth; i++) {
        uintptr_t address = profile_sample_address(sample, i);
        symbols_find(symbols, address, &place);
        if (place.frame_count == 0)
            place.frames[place.frame_count++] = (struct symbol_frame){0};
        for (unsigned j = 0; j < place.frame_count; j++)
            write_frame(file, address,
                        symbols_name(symbols, address, &place, &place.frames[j], name),
                        &place.frames[j], level);
    }
    fputc('\n', file);
}

static void write_sample(FILE *file, const struct profile *profile,
                         const struct profile_sample *sample, struct symbols *symbols, int level)
{
    char text[32];

    if (level == 1) {
        for (unsigned i = 0; i < profile->type_count; i++)
            fprintf(file, "%s%" PRId64, i > 0 ? " " : "", sample->values[i]);
        fputs(" @", file);
        for (unsigned i = 0; i < sample->depth; i++)
            fprintf(file, " 0x%lx", (unsigned long)profile_sample_address(sample, i));
        if (sample->label_count > 0)
            fputs("\n# labels: ", file);
    } else {
        for (unsigned i = 0; i < profile->type_count; i++)
            fprintf(file, "%s%s %s", i > 0 ? ", " : "", profile->types[i].type,
                    value_text(sample->values[i], profile->types[i].unit, text));
        if (sample->label_count > 0)
            fputs("; ", file);
    }
    write_labels(file, sample);
    fputs(level == 1 ? "\n" : ":\n", file);
    write_stack(file, sample, symbols, level);
}

struct order {
    int64_t value;
    size_t index;
};

static int larger_first(const void *left, const void *right)
{
    const struct order *a = left, *b = right;

    if (a->value != b->value)
        return a->value < b->value ? 1 : -1;
    return a->index < b->index ? -1 : a->index > b->index;
}

int profile_text_write(FILE *file, const struct profile *profile, struct symbols *symbols,
                       const char *name, const char *type, int level)
{
    unsigned by = profile_type_index(profile, type);
    struct order *orders = malloc((profile->sample_count + 1) * sizeof *orders);
    int status = 0;

    if (orders == NULL)
        return -1;
    for (size_t i = 0; i < profile->sample_count; i++)
        orders[i] = (struct order){profile->samples[i]->values[by], i};
    qsort(orders, profile->sample_count, sizeof *orders, larger_first);

    write_head(file, profile, name, by);
    if (level == 1)
        status = profile_top_write(file, profile, symbols, by);
    fputc('\n', file);
    for (size_t i = 0; i < profile->sample_count; i++)
        write_sample(file, profile, profile->samples[orders[i].index], symbols, level);
    free(orders);
    return status;
}
