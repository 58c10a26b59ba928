/*
 * sample.h - what many tests need: records in requests, texts of any bytes, and chance that
 * repeats.
 *
 * These stop the test (cr_assert) where they fail, so their results need no check. Not thread-safe.
 */
#ifndef SAMPLE_H
#define SAMPLE_H

#include <stddef.h>
#include <stdint.h>

#include "common/request.h"
#include "common/tag.h"

/* A text that may hold NULs, written as a literal. */
struct sample_text {
    const char *bytes;
    size_t length;
};

/* clang-format off */
#define SAMPLE_TEXT(literal) {literal, sizeof(literal) - 1}
/* clang-format on */

/* What is left of a valid record when one of its fields is to be something else. */
#define SAMPLE_ID "\"id\":7,"
#define SAMPLE_NAME "\"name\":\"n\","
#define SAMPLE_VALUE "\"value\":1.5,"
#define SAMPLE_TAGS "\"tags\":[\"b\",\"a\"],"
#define SAMPLE_TS "\"ts\":1700000000123"
#define SAMPLE_RECORD "{" SAMPLE_ID SAMPLE_NAME SAMPLE_VALUE SAMPLE_TAGS SAMPLE_TS "}"

/* The same for what comes from SAMPLE_RECORD, worked out in Python from the definitions. */
#define SAMPLE_KEY "7:n|a|b"
#define SAMPLE_FINGERPRINT 0xf22657eb8fb216dbu
#define SAMPLE_SCORE 576 /* 150 * (1 + 2) + 123 + 1*1 + 2*1 */
#define SAMPLE_DIGEST 0x2930cf24a0f3970au

/* xorshift64* (Vigna 2016): the same numbers on each run. Start with any state but 0. */
uint64_t sample_random(uint64_t *state);

/* A request of these lines, numbered from 1, or of generated lines `first` and on (from 0). */
struct request *sample_request(const struct sample_text *lines, uint32_t count);
struct request *sample_generated(uint64_t seed, uint64_t first, uint32_t count);

/* What one worker alone makes of a request, with a store of its own. Needs a tree (sample_tree.c).
 */
struct tally sample_tally(struct request *request);

/* Fills in tags with these texts. */
void sample_tags(struct tag *tags, const char *const *texts, uint32_t count);

/* A text of `length` bytes, all `byte`, to be freed. */
char *sample_long(char byte, size_t length);

#endif
