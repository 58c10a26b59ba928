/*
 * evidence_align.h - which line of one file stands beside which line of another, where both hold
 * the same functions written differently.
 *
 * diff looks for equal lines alone. Here a function's first line goes beside that of the function
 * with the same name, whatever its parameters, and of its lines those that have most of their words
 * in common. Lines of functions with different names never meet. It is the alignment with the highest sum of such scores, by Needleman and
 * Wunsch (1970): https://en.wikipedia.org/wiki/Needleman-Wunsch_algorithm
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
    const char *owner; /* the function whose comment or body this is; "" outside of them */
};

struct align_pair {
    uint32_t left, right; /* lines from 1; 0: none on this side */
    bool is_same;
};

/* Fills in function and owner of each line. Takes C with a function's name in the first column's line. */
void align_find_functions(struct align_line *lines, uint32_t count);

/*
 * Writes all pairs, from top to bottom, into `pairs`, which has room for left_count + right_count.
 * Their number, or 0 if memory ran out, if both are empty, or if one has over ALIGN_LINES_MAX.
 */
uint32_t align(const struct align_line *left, uint32_t left_count, const struct align_line *right,
               uint32_t right_count, struct align_pair *pairs);

#endif
