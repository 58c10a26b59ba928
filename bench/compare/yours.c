#include "bench/compare/yours.h"

#include <stdio.h>
#include <string.h>

#include "bench/compare/document.h"
#include "bench/report/render_member.h"

static void add_metric(cJSON *metric, const cJSON *yours)
{
    cJSON *column = cJSON_AddObjectToObject(metric, "yours");

    document_number(column, "value", member_number(yours, "fixed"));
    document_number(column, "ratio", member_number(yours, "ratio"));
    document_number(column, "ci_low", member_number(yours, "ci_low"));
    document_number(column, "ci_high", member_number(yours, "ci_high"));
    cJSON_AddBoolToObject(column, "unbounded", member_is_true(yours, "unbounded"));
    cJSON_AddItemToObject(column, "verdict", cJSON_Duplicate(member(yours, "verdict"), true));
}

static void add_curve(cJSON *curve, const cJSON *yours)
{
    static const char *const parts[][2] = {{"fixed_exponent", "yours_exponent"},
                                           {"fixed_exponent_low", "yours_exponent_low"},
                                           {"fixed_exponent_high", "yours_exponent_high"}};
    cJSON *fit = cJSON_GetObjectItemCaseSensitive(curve, "fit");

    cJSON_AddItemToObject(curve, "yours", cJSON_Duplicate(member(yours, "fixed"), true));
    if (!cJSON_IsObject(fit))
        return;
    for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++)
        document_number(fit, parts[i][1], member_number(member(yours, "fit"), parts[i][0]));
}

/* The things of one list that the other has too, by their names. */
static void add_all(cJSON *chapter, const cJSON *yours, const char *list,
                    void (*add)(cJSON *item, const cJSON *yours))
{
    cJSON *item;

    cJSON_ArrayForEach (item, cJSON_GetObjectItemCaseSensitive(chapter, list)) {
        const cJSON *same = member_find(member(yours, list), "name", member_text(item, "name", ""));
        if (same != NULL)
            add(item, same);
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

int yours_add(cJSON *document, const cJSON *yours, const char *folder, char *error,
              size_t error_size)
{
    const char *mode = member_text(document, "mode", ""), *other = member_text(yours, "mode", "");
    const char *digest = member_text(member(document, "input"), "digest", "");
    const char *other_digest = member_text(member(yours, "input"), "digest", "");
    cJSON *lesson;

    if (strcmp(mode, other) != 0)
        return refuse(error, error_size, "mode", other, mode);
    if (strcmp(digest, other_digest) != 0)
        return refuse(error, error_size, "input", other_digest, digest);
    cJSON_ArrayForEach (lesson, cJSON_GetObjectItemCaseSensitive(document, "lessons")) {
        const cJSON *same =
            member_find(member(yours, "lessons"), "id", member_text(lesson, "id", ""));
        add_all(lesson, same, "metrics", add_metric);
        add_all(lesson, same, "curves", add_curve);
    }
    add_all(cJSON_GetObjectItemCaseSensitive(document, "whole"), member(yours, "whole"), "metrics",
            add_metric);
    cJSON *who = cJSON_AddObjectToObject(document, "yours");
    cJSON_AddStringToObject(who, "folder", folder);
    cJSON_AddStringToObject(who, "created", member_text(yours, "created", "unknown"));
    cJSON_AddItemToObject(who, "noise", cJSON_Duplicate(member(yours, "noise"), true));
    cJSON_AddItemToObject(who, "warnings", cJSON_Duplicate(member(yours, "warnings"), true));
    return 0;
}
