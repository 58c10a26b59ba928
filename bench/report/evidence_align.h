/*
 * evidence_align.h - which line of one file stands beside which line of another, where both hold
 * the same functions written differently.
 *
 * diff looks for equal lines alone, in one order. Here each function stands beside its namesake,
 * wherever that is in the other file; what only one file has keeps its place there. Inside of a
 * pair, lines that have most of their words in common go beside each other: the alignment with the
 * highest sum of such scores, by Needleman and Wunsch (1970):
 * https://en.wikipedia.org/wiki/Needleman-Wunsch_algorithm
 */
#ifndef EVIDENCE_ALIGN_H
#define EVIDENCE_ALIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ALIGN_LINES_MAX = 1500, ALIGN_NAME_SIZE = 64 };

struct align_line {
    const char *text;
    char function[ALIGN_NAME_SIZE]; /* that is defined from this line on; or "" */
    const char *owner;              /* the function that this belongs to; "" before the first */
};

struct align_pair {
    uint32_t left, right; /* lines from 1; 0: none on this side */
    bool is_same;
};

/*
 * Fills in function and owner of each line. Takes C whose functions start in the first column. A
 * function owns the comment above it, and all down to the next one.
 */
void align_find_functions(struct align_line *lines, uint32_t count);

/*
 * Writes all pairs, in the left file's order, into `pairs`, which has room for left_count +
 * right_count. Their number, or 0 if memory ran out, if both are empty, or if one has over
 * ALIGN_LINES_MAX.
 */
uint32_t align(const struct align_line *left, uint32_t left_count, const struct align_line *right,
               uint32_t right_count, struct align_pair *pairs);

#endif
