/* schema.h - what has to hold of each compare.json: schema.md's members, and that its sums add up.
 */
#ifndef SCHEMA_H
#define SCHEMA_H

#include <cjson/cJSON.h>

/* Expects each member that schema.md lists, of its type, and no other. */
void schema_expect(const cJSON *document);

/* Expects shares that sum to the saving, ratios that are naive / fixed, verdicts that follow. */
void schema_expect_sums(const cJSON *document);

#endif
