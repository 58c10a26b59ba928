/* profile_top.h - the functions that lead a profile, by themselves (flat) and with all they call
 * (cum). */
#ifndef PPROF_PROFILE_TOP_H
#define PPROF_PROFILE_TOP_H

#include <stdio.h>

#include "profile.h"
#include "symbols.h"

enum { PROFILE_TOP_ROWS = 30 };

/* A table, each line a comment ("# "), by the profile's type `by`. 0, or -1 without memory. */
int profile_top_write(FILE *file, const struct profile *profile, struct symbols *symbols,
                      unsigned by);

#endif
