/*
 * rules.h - what a submitted file may include and refer to, and what it has to define: the lesson's
 * own, which its row has, and what all may.
 *
 * A file is graded in a program whose other files are the fixed ones. It is then the only one that
 * can be at fault, and nothing hides what it does: with the naive store, one lock around everything
 * would hide a data race in key.c or sort.c; with the naive sort, its copies would drown the key's
 * allocations; with the naive workers, threads that never end would be in each count.
 */
#ifndef RULES_H
#define RULES_H

#include <stdbool.h>

#include "bench/lesson.h"

/* Whether the symbol is a function of the lesson's contract. */
bool rules_wants(int lesson, const char *symbol);
unsigned rules_wanted_count(int lesson);

/* Whether the file may refer to a function or variable that it does not define. */
bool rules_may_use(int lesson, const char *symbol);

/* Whether the file may include a header of this name, as it stands between the quotes. */
bool rules_may_include(int lesson, const char *header);

/* What to do instead of using this symbol; NULL if there is nothing to say. */
const char *rules_advice(const char *symbol);

#endif
