#include "bench/readers/member.h"

#include <math.h>
#include <string.h>

const cJSON *member(const cJSON *object, const char *name)
{
    return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, name) : NULL;
}

const char *member_text(const cJSON *object, const char *name, const char *otherwise)
{
    const char *text = cJSON_GetStringValue(member(object, name));
    return text != NULL && text[0] != '\0' ? text : otherwise;
}

double member_number(const cJSON *object, const char *name)
{
    const cJSON *found = member(object, name);
    return cJSON_IsNumber(found) ? found->valuedouble : NAN;
}

bool member_is_true(const cJSON *object, const char *name)
{
    return cJSON_IsTrue(member(object, name));
}

const cJSON *member_find(const cJSON *list, const char *name, const char *text)
{
    const cJSON *item;
    cJSON_ArrayForEach (item, list) {
        const char *found = member_text(item, name, NULL);
        if (found != NULL && strcmp(found, text) == 0)
            return item;
    }
    return NULL;
}

void member_add_name(struct member_names *names, const char *name)
{
    if (name == NULL || names->count == MEMBER_NAMES_MAX)
        return;
    for (unsigned i = 0; i < names->count; i++)
        if (strcmp(names->names[i], name) == 0)
            return;
    names->names[names->count++] = name;
}
