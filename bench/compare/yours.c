#include "bench/compare/yours.h"

#include <stdio.h>
#include <string.h>

#include "bench/readers/member.h"

/* Of each metric and curve that both have. */
static void add_section(struct section *section, const struct section *yours)
{
    for (unsigned i = 0; i < section->measurement_count; i++) {
        struct measurement *one = &section->measurements[i];
        const struct measurement *same = section_find(yours, one->metric.what.name);
        if (same == NULL)
            continue;
        one->has_yours = true;
        one->yours = same->fixed;
        one->yours_judgement = same->judgement;
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
    const cJSON *now = model->facts, *other = yours->facts;
    const char *mode = member_text(now, "mode", ""), *other_mode = member_text(other, "mode", "");
    const char *digest = member_text(member(now, "input"), "digest", "");
    const char *other_digest = member_text(member(other, "input"), "digest", "");

    if (strcmp(mode, other_mode) != 0)
        return refuse(error, error_size, "mode", other_mode, mode);
    if (strcmp(digest, other_digest) != 0)
        return refuse(error, error_size, "input", other_digest, digest);
    for (unsigned i = 0; i < model->lesson_count; i++)
        add_section(&model->lessons[i], model_find_lesson(yours, model->lessons[i].id));
    add_section(&model->whole, &yours->whole);
    cJSON *who = cJSON_AddObjectToObject(model->facts, "yours");
    cJSON_AddStringToObject(who, "folder", folder);
    cJSON_AddStringToObject(who, "created", member_text(other, "created", "unknown"));
    cJSON_AddItemToObject(who, "noise", cJSON_Duplicate(member(other, "noise"), true));
    cJSON_AddItemToObject(who, "warnings", cJSON_Duplicate(member(other, "warnings"), true));
    return 0;
}
