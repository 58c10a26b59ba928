/*
 * material.h - what the benchmarks work on: the generator's records, and what is known of them.
 *
 * Real records, and hundreds of different ones in a row, because a loop over one record teaches the
 * processor's branch predictor that record. What the right answers are is computed here once, by
 * the shared stages and by a key that is put together without key.c, sort.c, store.c, or workers.c:
 * each benchmark holds its tree's answers against these before it is timed.
 *
 * Read-only once made, and then thread-safe. Texts and arrays belong to the material or the samples
 * that they are part of.
 */
#ifndef MATERIAL_H
#define MATERIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/record.h"

enum {
    MATERIAL_SEED = 1,
    MATERIAL_LINES = 4000,
    SAMPLES_COUNT = 512, /* more than a branch predictor learns by heart */
};

/* An accepted record. */
struct sample {
    struct record record; /* tags normalised */
    const char *key;      /* its key; NULL where the tags are not sorted */
    size_t key_length;    /* bytes, without the NUL */
    uint64_t fingerprint; /* of the key; 0 where there is none */
    uint64_t digest;      /* what it adds to a run's digest; 0 where there is no key */
};

struct material {
    struct arena arena;
    char *text;                                /* MATERIAL_LINES records as NDJSON */
    uint32_t line_offsets[MATERIAL_LINES + 1]; /* where each starts, and the end of the text */
    uint64_t line_digests[MATERIAL_LINES];     /* of each; 0 for one that is rejected */
    struct sample samples[MATERIAL_LINES];     /* the accepted ones; tags in the order they came */
    uint32_t sample_count;
};

struct samples {
    struct arena arena;
    struct sample each[SAMPLES_COUNT];
};

/* NULL if memory ran out. arena_install_cjson_hooks() comes first. */
struct material *material_new(void);
void material_delete(struct material *material); /* NULL is allowed */

/* The `count` lines from `first` on, newlines included; sets their length in bytes. */
const char *material_lines(const struct material *material, uint32_t first, uint32_t count,
                           size_t *length);

/* The digest of a run over those lines. */
uint64_t material_digest(const struct material *material, uint32_t first, uint32_t count);

/*
 * Real records whose tags are dealt anew, so that each has exactly `tag_count` of them, 1 to
 * TAGS_MAX; 0 leaves each record those that it has. They stand in the order in which they came, in
 * which no dealt ones are sorted by chance, or are sorted here. NULL if memory ran out.
 */
struct samples *samples_new(const struct material *material, uint32_t tag_count, bool is_sorted);
void samples_delete(struct samples *samples); /* NULL is allowed */

#endif
