#include "bench/model/record.h"

#include <string.h>

#include "bench/model/model_json.h"
#include "bench/readers/json.h"

/* Of whatever type: copied, as C lets no pointer be read as one of another. */
static void *pointer_at(const void *at)
{
    void *pointer;
    memcpy(&pointer, at, sizeof pointer);
    return pointer;
}

static void set_pointer(void *at, const void *pointer)
{
    memcpy(at, &pointer, sizeof pointer);
}

static bool write_field(cJSON *object, const struct model *model, const struct field *field,
                        const char *record);
static bool read_field(const cJSON *object, struct model *model, const struct field *field,
                       char *record);

/* The row of a map's value, as a member of this name. */
static struct field named(const struct field *value, const char *name)
{
    struct field row = *value;
    row.name = name;
    return row;
}

static void write_list(cJSON *list, const struct model *model, const struct field *field,
                       const char *record)
{
    const char *item = pointer_at(record + field->at);
    unsigned count = *(const unsigned *)(record + field->count_at);

    for (unsigned i = 0; i < count; i++, item += field->size)
        if (field->kind == FIELD_MAP) {
            const struct field row = named(field->fields, pointer_at(item));
            write_field(list, model, &row, item);
        } else if (field->kind == FIELD_TEXTS) {
            cJSON_AddItemToArray(list, cJSON_CreateString(pointer_at(item)));
        } else {
            cJSON *object = cJSON_CreateObject();
            cJSON_AddItemToArray(list, object);
            record_write(object, model, field->fields, item);
        }
}

static void write_text(cJSON *object, const struct field *field, const char *text)
{
    if (text != NULL)
        cJSON_AddStringToObject(object, field->name, text);
    else if (field->is_null)
        cJSON_AddNullToObject(object, field->name);
}

/* False if nothing follows. */
static bool write_field(cJSON *object, const struct model *model, const struct field *field,
                        const char *record)
{
    const char *at = record + field->at;

    switch (field->kind) {
    case FIELD_KEY:
        write_text(object, field, pointer_at(at));
        return pointer_at(at) != NULL;
    case FIELD_TEXT:
        write_text(object, field, pointer_at(at));
        return true;
    case FIELD_NUMBER:
        json_add_number(object, field->name, *(const double *)at);
        return true;
    case FIELD_COUNT:
        cJSON_AddNumberToObject(object, field->name, *(const unsigned *)at);
        return true;
    case FIELD_FLAG:
        cJSON_AddBoolToObject(object, field->name, *(const bool *)at);
        return true;
    case FIELD_JSON:
        if (pointer_at(at) != NULL)
            cJSON_AddItemReferenceToObject(object, field->name, pointer_at(at));
        return true;
    case FIELD_RECORD:
        record_write(field->name != NULL ? cJSON_AddObjectToObject(object, field->name) : object,
                     model, field->fields, at);
        return true;
    case FIELD_PART:
        if (pointer_at(at) != NULL)
            record_write(cJSON_AddObjectToObject(object, field->name), model, field->fields,
                         pointer_at(at));
        return true;
    case FIELD_LIST:
    case FIELD_TEXTS:
        write_list(cJSON_AddArrayToObject(object, field->name), model, field, record);
        return true;
    case FIELD_MAP:
        write_list(cJSON_AddObjectToObject(object, field->name), model, field, record);
        return true;
    case FIELD_OWN:
        field->write(object, model, record);
        return true;
    case FIELD_END:
        break;
    }
    return false;
}

void record_write(cJSON *object, const struct model *model, const struct field *fields,
                  const void *record)
{
    while (write_field(object, model, fields, record))
        fields++;
}

/* False if it is none. */
static bool read_item(const cJSON *item, struct model *model, const struct field *field, char *one)
{
    if (field->kind == FIELD_LIST)
        return cJSON_IsObject(item) && record_read(item, model, field->fields, one);
    set_pointer(one, field->kind == FIELD_MAP ? item->string : cJSON_GetStringValue(item));
    return pointer_at(one) != NULL;
}

static void read_list(const cJSON *list, struct model *model, const struct field *field,
                      char *record)
{
    unsigned *count = (unsigned *)(record + field->count_at);
    const cJSON *item;

    cJSON_ArrayForEach (item, list) {
        char *items = model_more(model, pointer_at(record + field->at), *count,
                                 (unsigned *)(record + field->room_at), field->size);
        if (model->is_failed)
            return;
        set_pointer(record + field->at, items);
        char *one = memset(items + *count * field->size, 0, field->size);
        if (!read_item(item, model, field, one))
            continue;
        ++*count;
        if (field->kind == FIELD_MAP) {
            const struct field row = named(field->fields, item->string);
            read_field(list, model, &row, one);
        }
    }
}

static void read_part(const cJSON *object, struct model *model, const struct field *field,
                      char *part)
{
    void *record = cJSON_IsObject(object) ? model_allocate(model, field->size) : NULL;
    if (record != NULL && record_read(object, model, field->fields, record))
        set_pointer(part, record);
}

/* False if nothing follows. */
static bool read_field(const cJSON *object, struct model *model, const struct field *field,
                       char *record)
{
    char *at = record + field->at;
    double number;

    switch (field->kind) {
    case FIELD_KEY:
    case FIELD_TEXT:
        set_pointer(at, json_text_or(object, field->name, field->otherwise));
        return field->kind == FIELD_TEXT || pointer_at(at) != NULL;
    case FIELD_NUMBER:
        *(double *)at = json_number_or_nan(object, field->name);
        return true;
    case FIELD_COUNT:
        number = json_number_or_nan(object, field->name);
        *(unsigned *)at = number >= 0 && number < 1e9 ? (unsigned)number : 0;
        return true;
    case FIELD_FLAG:
        *(bool *)at = json_is_true(object, field->name);
        return true;
    case FIELD_JSON:
        set_pointer(at, json_member(object, field->name));
        return true;
    case FIELD_RECORD:
        record_read(field->name != NULL ? json_member(object, field->name) : object, model,
                    field->fields, at);
        return true;
    case FIELD_PART:
        read_part(json_member(object, field->name), model, field, at);
        return true;
    case FIELD_LIST:
    case FIELD_TEXTS:
    case FIELD_MAP:
        read_list(json_member(object, field->name), model, field, record);
        return true;
    case FIELD_OWN:
        if (field->read != NULL)
            field->read(object, model, record);
        return true;
    case FIELD_END:
        break;
    }
    return false;
}

bool record_read(const cJSON *object, struct model *model, const struct field *fields, void *record)
{
    const struct field *first = fields;

    while (read_field(object, model, fields, record))
        fields++;
    return fields != first;
}
