/*
 * likeness.h - is a file on trial the reference, or the reference under other names?
 *
 * What the compiler made of both is held against each other: instructions in their order, with what
 * they refer to outside of the file, without registers and numbers. Names, comments, white space,
 * types and what nobody uses are gone by then, and functions may stand in any order, as runs of
 * LIKENESS_RUN instructions are looked for wherever they are (fingerprints of a document:
 * S. Schleimer, D. Wilkerson, A. Aiken, Winnowing, SIGMOD 2003). Runs of the naive file are
 * everybody's and do not count; the likeness is the share of the reference's others that are found.
 *
 * Measured by gcc 12: renamed, reordered and slightly changed copies have 75% to 100%; solutions of
 * one's own by the same idea up to 59%, others up to 36%. A fix of which the compiler makes next to
 * nothing can be had in few ways, so that equal ones prove nothing: below LIKENESS_RUNS_LEAST runs
 * of its own it is not judged by its code.
 */
#ifndef LIKENESS_H
#define LIKENESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LIKENESS_RUN = 6, LIKENESS_RUNS_LEAST = 60 };

/* From there on it is said to be a copy. */
#define LIKENESS_OF_A_COPY 0.8

/* The runs of an object, in order and each once. All zero is one of which nothing is known. */
struct likeness_code {
    uint64_t *runs;
    size_t count;
};

/* From what `objdump -d -r --no-show-raw-insn` printed. 0, with likeness_free(), or -1: no memory.
 */
int likeness_parse(const char *listing, struct likeness_code *code);
void likeness_free(struct likeness_code *code);

/*
 * The share of the reference's runs beside the naive file's that the code has; NAN where there is
 * nothing to compare. *count (may be NULL): how many these are.
 */
double likeness_share(const struct likeness_code *naive, const struct likeness_code *reference,
                      const struct likeness_code *code, size_t *count);

/* Whether both are the same, comments included, but for white space. */
bool likeness_is_same_text(const char *a, const char *b);

#endif
