#include "bench/compare/yours.h"

#include <stdio.h>
#include <string.h>

/* Of each metric and curve that both have. */
static void add_section(struct model *model, struct section *section, const struct section *yours)
{
    for (unsigned i = 0; i < section->measurement_count; i++) {
        struct measurement *one = &section->measurements[i];
        const struct measurement *same = section_find(yours, one->metric.what.name);
        if (same == NULL)
            continue;
        one->yours = model_allocate(model, sizeof *one->yours);
        if (one->yours != NULL)
            *one->yours = (struct yours_value){same->fixed, same->judgement};
    }
    for (unsigned i = 0; i < section->curve_count; i++) {
        const struct measured_curve *same =
            section_find_curve(yours, section->curves[i].curve.name);
        if (same != NULL)
            section->curves[i].sides[SIDE_YOURS] = same->sides[SIDE_FIXED];
    }
}

static int refuse(char *error, size_t error_size, const char *what, const char *one,
                  const char *other)
{
    snprintf(error, error_size,
             "yours and fixed were compared with naive over another %s: %s and %s", what, one,
             other);
    return -1;
}

int yours_add(struct model *model, const struct model *yours, const char *folder, char *error,
              size_t error_size)
{
    if (strcmp(model->mode, yours->mode) != 0)
        return refuse(error, error_size, "mode", yours->mode, model->mode);
    if (strcmp(model->input.digest, yours->input.digest) != 0)
        return refuse(error, error_size, "input", yours->input.digest, model->input.digest);
    for (unsigned i = 0; i < model->lesson_count; i++)
        add_section(model, &model->lessons[i], model_find_lesson(yours, model->lessons[i].id));
    add_section(model, &model->whole, &yours->whole);
    model->yours = model_allocate(model, sizeof *model->yours);
    if (model->yours != NULL)
        *model->yours = (struct yours_run){.folder = folder,
                                           .created = yours->created,
                                           .noise = &yours->noise,
                                           .warnings = yours->warnings,
                                           .warning_count = yours->warning_count};
    return 0;
}
