/*
 * problem.h - the four exercises: what each file has to define, and what it may call.
 *
 * A file is graded in a program whose other three files are the fixed ones. It is then the only one
 * that can be at fault, and nothing hides what it does: with the naive store, one lock around
 * everything would hide a data race in key.c or sort.c; with the naive sort, its copies would drown
 * the key's allocations; with the naive workers, threads that never end would be in each count.
 */
#ifndef PROBLEM_H
#define PROBLEM_H

#include <stdbool.h>

#include "bench/compare/plan.h"

/* The most that a problem is worth, and a submission. */
enum { PROBLEM_POINTS = 25, SUBMISSION_POINTS = PROBLEM_POINTS * LESSON_COUNT };

/* "key.c" */
const char *problem_file(int lesson);

/* The functions of the contract, NULL-terminated. */
const char *const *problem_defines(int lesson);

/* Whether the file may refer to a function or variable that it does not define. */
bool problem_may_use(int lesson, const char *symbol);

/* Whether the file may include a header of this name, as it stands between the quotes. */
bool problem_may_include(int lesson, const char *header);

/* What to do instead of using this symbol; NULL if there is nothing to say. */
const char *problem_advice(int lesson, const char *symbol);

#endif
