/*
 * beside.h - what a comparison is set beside: an earlier one (base.h), somebody's own files
 * (yours.h), and what was guessed before (guess.h).
 *
 * Read before anything is measured, so that an unusable one is said before minutes have passed.
 */
#ifndef BESIDE_H
#define BESIDE_H

#include "bench/compare/comparison.h"
#include "bench/compare/guess.h"
#include "bench/compare/settings.h"

/* All zero: nothing. */
struct beside {
    bool has_base, has_yours;
    struct model base, yours;
    struct guesses guesses;
};

/* 0, or -1 after a message on stderr. For beside_free() either way. */
int beside_read(const struct settings *settings, struct beside *beside);
void beside_free(struct beside *beside);

/* Adds to the comparison's model what is to be said of each. What is added of `yours` belongs to
 * `beside`. 0, or -1 with the error set. */
int beside_add(struct comparison *comparison, const struct beside *beside,
               const struct settings *settings);

#endif
