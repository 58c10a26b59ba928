/*
 * text.h - a profile as text, for people without a client: its top functions, then each stack.
 */
#ifndef PPROF_TEXT_H
#define PPROF_TEXT_H

#include <stdio.h>

#include "profile.h"
#include "symbols.h"

/*
 * Writes the profile to `file`. `type`, one of the profile's types by its name, is what functions
 * and stacks are ordered by; NULL: the last. level 1: a table of the top functions, then the stacks
 * with addresses, as Go's debug=1; level 2: the stacks alone, in words. 0, or -1 without memory;
 * what the file says of errors is the caller's to look at.
 */
int text_write(FILE *file, const struct profile *profile, struct symbols *symbols, const char *name,
               const char *type, int level);

/* The number of the type of that name; the last one's where there is none, or it is NULL. */
unsigned text_type_index(const struct profile *profile, const char *type);

/* `value` in its unit: "1.25s", "3.5MiB", "12". Returns `text`. */
char *text_value(int64_t value, const char *unit, char text[32]);

#endif
