/*
 * member.h - the document's members, leniently: what is not there, or is of another kind
 * than it should be, is a default, so that a report of what there is can always be made.
 *
 * The object may be NULL, or no object at all. Texts and items belong to the document. Thread-safe.
 */
#ifndef MEMBER_H
#define MEMBER_H

#include <cjson/cJSON.h>
#include <stdbool.h>

/* A text that is not empty, or `otherwise`. */
const char *member_text(const cJSON *object, const char *name, const char *otherwise);

/* NAN if there is none. */
double member_number(const cJSON *object, const char *name);

bool member_is_true(const cJSON *object, const char *name);

/* A member of any kind, or NULL. */
const cJSON *member(const cJSON *object, const char *name);

/* The first object in a list whose member `name` is this text, or NULL. */
const cJSON *member_find(const cJSON *list, const char *name, const char *text);

/* Different texts of the document that become columns, in the order of their first appearance. */
enum { MEMBER_NAMES_MAX = 32 };

struct member_names {
    const char *names[MEMBER_NAMES_MAX];
    unsigned count;
};

/* Adds a name that is new; nothing if it is NULL, or if there is no room for another column. */
void member_add_name(struct member_names *names, const char *name);

#endif
