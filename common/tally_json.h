/*
 * tally_json.h - a tally as a run's result, an answer and the metrics give it.
 *
 * Whether memory ran out is seen at the end: arena_cjson_has_failed().
 */
#ifndef TALLY_JSON_H
#define TALLY_JSON_H

#include <cjson/cJSON.h>

#include "common/tally.h"

/* Adds accepted, rejected, rejected_by (counts by reason), digest (16 hex digits) and score_sum. */
void tally_json_add(cJSON *object, const struct tally *tally);

/*
 * Adds rejected_lines: the first of each reason, all in the order of their lines, each with line,
 * reason, meaning, and byte where that is known.
 */
void tally_json_add_lines(cJSON *object, const struct tally *tally);

#endif
