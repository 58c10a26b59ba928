/*
 * record.h - a record: what is read from one JSON object, and the rules that it has to keep.
 *
 * The texts of a record belong to the arena that it was parsed into and the tags' array to the
 * worker: a record cannot outlive either's next use. Functions are thread-safe for different
 * records.
 */
#ifndef RECORD_H
#define RECORD_H

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/reject.h"
#include "common/tag.h"

#define RECORD_INTEGER_MAX 9007199254740991.0 /* 2^53-1: whole numbers that a double holds */

struct record {
    uint64_t id;          /* 1 to 2^53-1 */
    const char *name;     /* not empty */
    double value;         /* |value| <= 1e9 */
    uint64_t ts;          /* Unix milliseconds, 1 to 2^53-1 */
    struct tag_list tags; /* after record_normalise(): stripped, lower case, none empty */
};

/*
 * Stage 1. Parses `length` bytes (no NUL needed behind them) with cJSON into the arena, which it
 * resets first. Returns 0 with *json set, valid until the arena's next reset and not to be deleted;
 * 1 with *reject set if the bytes are no JSON; -1 if memory ran out.
 */
int record_parse(struct arena *arena, const char *text, size_t length, const cJSON **json,
                 struct reject *reject);

/*
 * Stage 2. Checks the rules and fills in the record; `tags` has room for TAGS_MAX. Where a field
 * stands more than once its last value counts. Returns REJECT_NONE or the reason.
 */
enum reject_reason record_validate(const cJSON *json, struct tag *tags, struct record *record);

/*
 * Stage 3. Strips the tags of white space, lowers A-Z, drops those that are empty then. It changes
 * their texts in place, and reads behind them: they have to stand in an arena (see arena_take()).
 */
void record_normalise(struct record *record);

/* Stage 6. FNV-1a-64 (Fowler, Noll, Vo) of the key's bytes. */
uint64_t record_fingerprint(const char *key, size_t length);

/* Stage 7. The score of the record; `sorted` are its tags in order. -1000002 to 1000002. */
int64_t record_score(const struct record *record, const struct tag *sorted);

/* What one accepted row adds to a run's digest. */
uint64_t record_digest(uint64_t fingerprint, uint64_t id, int64_t score, uint32_t ntags,
                       uint64_t ts);

#endif
