/*
 * json.h - a JSON file read and written with cJSON, and its members by name and kind.
 *
 * cJSON's numbers are doubles: whole numbers are exact up to 2^53, and larger ones are refused
 * where an integer is asked for. Thread-safe for different documents.
 *
 * What cJSON has no memory for is left out, and what is added to it is dropped. Nobody looks for
 * that while a document is made: once memory ran out for any, no document is printed any more.
 */
#ifndef JSON_H
#define JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/readers/text.h"

/*
 * Reads a file that holds one JSON object and nothing behind it but white space. 0 with *json for
 * cJSON_Delete(), or -1 with *json NULL and an error text that names file and line.
 */
int json_read(const char *path, cJSON **json, char *error, size_t error_size);

/* The same for a text in memory; `path` is for the error text. */
int json_parse(const char *path, const struct text *text, cJSON **json, char *error,
               size_t error_size);

/* A member of any kind, or NULL. The object may be NULL, or none at all, here and below. */
cJSON *json_member(const cJSON *object, const char *name);

/*
 * The member of this name, of this kind. 0; or -1 if there is none or it is of another kind, and
 * the value is then unchanged. Names are case-sensitive. A text belongs to the document.
 */
int json_number(const cJSON *object, const char *name, double *value);
int json_integer(const cJSON *object, const char *name, uint64_t *value); /* 0 to 2^53 */
int json_text(const cJSON *object, const char *name, const char **value);

/* The same, leniently: what is not there is a default. A text that is empty is not there. */
double json_number_or_nan(const cJSON *object, const char *name);
const char *json_text_or(const cJSON *object, const char *name, const char *otherwise);
bool json_is_true(const cJSON *object, const char *name);

/* Adds a number, or null if it is not finite, which JSON has no number for. */
void json_add_number(cJSON *object, const char *name, double number);

/* The document as a text, for cJSON_free(). NULL with errno ENOMEM if memory ran out for any. */
char *json_print(const cJSON *json, bool is_formatted);

/* Writes a file in one step: it is either whole, or what it was before. 0, or -1 with errno. */
int json_write(const char *path, const cJSON *json);

#endif
