/* member_of.h - the example of compare.json, and ways to its members; a missing one fails the test.
 */
#ifndef MEMBER_OF_H
#define MEMBER_OF_H

#include "tests/harness/rendering.h"

static inline double number_of(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    cr_assert(cJSON_IsNumber(item), "%s", name);
    return item->valuedouble;
}

static inline const char *text_of(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    cr_assert(cJSON_IsString(item), "%s", name);
    return item->valuestring;
}

static inline cJSON *item_of(cJSON *list, const char *name, const char *text)
{
    cJSON *item;
    cJSON_ArrayForEach (item, list)
        if (strcmp(text_of(item, name), text) == 0)
            return item;
    cr_assert_fail("no %s", text);
    return NULL;
}

static inline cJSON *lesson_of(cJSON *document, const char *lesson)
{
    return item_of(cJSON_GetObjectItem(document, "lessons"), "id", lesson);
}

static inline cJSON *metric_of(cJSON *document, const char *lesson, const char *name)
{
    return item_of(cJSON_GetObjectItem(lesson_of(document, lesson), "metrics"), "name", name);
}

static inline void write_json(const char *path, const cJSON *document)
{
    char *text = cJSON_Print(document);
    FILE *file = fopen(path, "w");
    cr_assert(text != NULL && file != NULL);
    fputs(text, file);
    cr_assert_eq(fclose(file), 0);
    cJSON_free(text);
}

#endif
