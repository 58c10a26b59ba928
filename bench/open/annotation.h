/*
 * annotation.h - two callgrind profiles of the same work, function by function and line by line.
 *
 * Of two commands the profiles are of a run each, undivided, with all of its functions.
 *
 * Of a lesson costs are instructions a record: a profile's counts divided by the calls of
 * worker_process(). What the program did before its first record is in the counts too, where a
 * function did some of it; the functions are those that worker_process() reaches. Not thread-safe.
 */
#ifndef ANNOTATION_H
#define ANNOTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/readers/callgrind.h"
#include "bench/readers/text.h"

enum { NAIVE, FIXED, SIDES };

/*
 * A function of the source, its compiler's copies and levels of recursion put together; or all of
 * a library that has no symbols.
 */
struct annotation_function {
    const char *name; /* belongs to a profile */
    const char *file; /* without its folder; "" of such a library */
    double self_ir[SIDES];
    double inclusive_ir[SIDES]; /* once for each outermost call; NAN of such a library */
};

/* A line of the lesson's own file on one side. */
struct annotation_line {
    uint32_t number;  /* from 1 */
    const char *text; /* "" where the source cannot be read */
    double self_ir;
    double all_ir; /* with what it calls */
};

struct annotation_side {
    char path[2048];   /* of the profile */
    char source[2048]; /* of the file that was read; "" if none could be */
    bool is_newer;     /* true if the source was changed after the profile was taken */
    struct callgrind profile;
    double records;   /* 1 of a command */
    const char *name; /* "naive", "before" */
    struct text text;
    struct annotation_line *lines; /* those with a cost, the most expensive first */
    uint32_t line_count;
};

struct annotation {
    bool is_pair; /* of two commands */
    char names[SIDES][32];
    struct annotation_side sides[SIDES];
    struct annotation_function *functions; /* by inclusive cost of the dearer side, descending */
    uint32_t function_count;
};

/* Whether a folder's results are of two commands; then what its sides are called. */
bool annotation_is_pair(const char *folder, char names[SIDES][32]);

/*
 * Reads FOLDER/raw/callgrind.out.<lesson>.naive and .fixed; where the results are of two commands,
 * .before and .after, of their costliest source, and `lesson` does not matter. The source
 * naive/<lesson>.c is read below `sources`, or else where the profile says that it was. 0, or -1
 * with an error text; then there is nothing to free.
 */
int annotation_init(struct annotation *annotation, const char *folder, int lesson,
                    const char *sources, char *error, size_t error_size);
void annotation_free(struct annotation *annotation);

#endif
