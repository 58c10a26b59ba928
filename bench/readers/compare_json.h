/*
 * compare_json.h - reads what `make compare` wrote (bench/compare/schema.md), if it is of this
 * version.
 */
#ifndef COMPARE_JSON_H
#define COMPARE_JSON_H

#include <cjson/cJSON.h>
#include <stddef.h>

/* Goes up when a member of compare.json changes its meaning or goes away. */
enum { COMPARE_JSON_VERSION = 2 };

/*
 * Of a folder of results, or of the compare.json in it. 0 with *document for cJSON_Delete(), or -1
 * with *document NULL and a text that says what is wrong and what to do.
 */
int compare_json_read(const char *path, cJSON **document, char *error, size_t error_size);

#endif
