/*
 * evidence_sources.h - which files of two commands' sources are worth to be seen side by side:
 * those that differ most, and can be read here. Needs nothing but the profiles.
 */
#ifndef EVIDENCE_SOURCES_H
#define EVIDENCE_SOURCES_H

#include "bench/readers/callgrind.h"

enum { EVIDENCE_SOURCES = 3, EVIDENCE_PATH_SIZE = 2048 };

struct evidence_sources {
    char file[2][EVIDENCE_PATH_SIZE];
};

/*
 * Those of the same name beside each other, first those that are two
 * files, or whose cost differs most; then the costliest of what is left on each side. Returns how
 * many pairs there are: 0 without debug information.
 */
unsigned evidence_match_sources(const struct callgrind *naive, const struct callgrind *fixed,
                                struct evidence_sources sources[EVIDENCE_SOURCES]);

#endif
