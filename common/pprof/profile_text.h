/*
 * profile_text.h - a profile as text, for people without a client: its top functions, then each
 * stack.
 */
#ifndef PPROF_PROFILE_TEXT_H
#define PPROF_PROFILE_TEXT_H

#include <stdio.h>

#include "profile.h"
#include "symbols.h"

/*
 * Writes the profile to `file`. `type`, one of the profile's types by its name, is what functions
 * and stacks are ordered by; NULL: the last. level 1: a table of the top functions, then the stacks
 * with addresses, as Go's debug=1; level 2: the stacks alone, in words. 0, or -1 without memory;
 * what the file says of errors is the caller's to look at.
 */
int profile_text_write(FILE *file, const struct profile *profile, struct symbols *symbols,
                       const char *name, const char *type, int level);

#endif
