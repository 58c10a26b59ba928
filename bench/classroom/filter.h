/*
 * filter.h - what is looked at before a student's code is run: its text, and the symbols of its
 * object.
 *
 * The text is refused where it could step around the language (inline assembly, attributes, pasted
 * tokens, names of the compiler's own, other files): then an object can only reach what its symbols
 * name, and these are held against the lesson's lists. Both are allow-lists: what they have not
 * heard of is refused, with the name and line. Comments and texts in quotes are not looked at.
 */
#ifndef FILTER_H
#define FILTER_H

#include <stddef.h>

#include "bench/classroom/rules.h"

/* 0, or -1 with one sentence without a full stop, "line 7: ...". */
int filter_check_source(int lesson, const char *text, size_t length, char *reason,
                        size_t reason_size);

/*
 * Takes what `nm -P` printed of the object, compiled without sanitizers. 0, or -1 with one sentence
 * without a full stop.
 */
int filter_check_symbols(int lesson, const char *symbols, char *reason, size_t reason_size);

#endif
