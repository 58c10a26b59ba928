/*
 * record.h - structs as JSON objects: rows that say which member of the one is which of the other.
 * The same rows write and read.
 *
 * It is read leniently: what is not there, or is of another kind than it should be, is a default,
 * so that a report of what there is can always be made. Texts belong to the document.
 */
#ifndef RECORD_H
#define RECORD_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

struct model;

enum field_kind {
    FIELD_END,
    FIELD_TEXT,   /* const char *; NULL is not written */
    FIELD_KEY,    /* one without which nothing that follows is there */
    FIELD_NUMBER, /* double; what is not finite is null, and null is NAN */
    FIELD_COUNT,  /* unsigned */
    FIELD_FLAG,   /* bool */
    FIELD_JSON,   /* cJSON *: of any kind, as it is; NULL is not written */
    FIELD_RECORD, /* a struct in the struct */
    FIELD_PART,   /* a pointer to one; NULL is not written */
    FIELD_LIST,   /* a pointer to many, their count and room; those without their key are none */
    FIELD_TEXTS,  /* the same of texts */
    FIELD_MAP,    /* the same, of an object whose members each are one: its name is the first
                     member of the struct, and its value the one that `fields` has a row of */
    FIELD_OWN,    /* written and read by functions of its own; NULL: it is not read */
};

struct field {
    const char *name; /* NULL of a FIELD_RECORD: its members stand in the object itself */
    enum field_kind kind;
    size_t at, count_at, room_at; /* in the struct */
    const char *otherwise;        /* a text that is not there */
    bool is_null;                 /* a text that is not there is written as null */
    const struct field *fields;   /* of a record, part or list */
    size_t size;
    void (*write)(cJSON *object, const struct model *model, const void *record);
    void (*read)(const cJSON *object, struct model *model, void *record);
};

/* {"ci_low", NUMBER(judgement, low)}: what stands behind the name in a row of a struct. */
#define AT(type, member) .at = offsetof(struct type, member)
#define TEXT(type, member, text) FIELD_TEXT, AT(type, member), .otherwise = text
#define KEY(type, member) FIELD_KEY, AT(type, member)
#define NUMBER(type, member) FIELD_NUMBER, AT(type, member)
#define COUNT(type, member) FIELD_COUNT, AT(type, member)
#define FLAG(type, member) FIELD_FLAG, AT(type, member)
#define JSON(type, member) FIELD_JSON, AT(type, member)
#define RECORD(type, member, rows) FIELD_RECORD, AT(type, member), .fields = rows
#define PART(type, member, rows)                                                                   \
    FIELD_PART, AT(type, member), .fields = rows, .size = sizeof *((struct type *)0)->member
#define LIST(type, member, one, rows)                                                              \
    FIELD_LIST, AT(type, member), .count_at = offsetof(struct type, one##_count),                  \
                                  .room_at = offsetof(struct type, one##_room), .fields = rows,    \
                                  .size = sizeof *((struct type *)0)->member
#define TEXTS(type, member, one)                                                                   \
    FIELD_TEXTS, AT(type, member), .count_at = offsetof(struct type, one##_count),                 \
                                   .room_at = offsetof(struct type, one##_room),                   \
                                   .size = sizeof(const char *)
#define MAP(type, member, one, value)                                                              \
    FIELD_MAP, AT(type, member), .count_at = offsetof(struct type, one##_count),                   \
                                 .room_at = offsetof(struct type, one##_room), .fields = value,    \
                                 .size = sizeof *((struct type *)0)->member
#define OWN(writes, reads) FIELD_OWN, .write = writes, .read = reads

void record_write(cJSON *object, const struct model *model, const struct field *fields,
                  const void *record);

/*
 * Into a struct that is all zero. `object` may be NULL, or no object at all. False if its first
 * member is a key that is not there.
 */
bool record_read(const cJSON *object, struct model *model, const struct field *fields,
                 void *record);

#endif
