/*
 * base.h - a comparison set beside an earlier one, of another machine or of last week: what changed
 * beyond the noise.
 *
 * Counts are the same on each run of the same programs over the same records, so any difference is
 * one; but instructions, which move by up to 0.01% with the moment at which a thread wakes up:
 * there less than BASE_TOLERANCE is none. Of times only the ratios naive / fixed are set beside
 * each other, and one has changed where its intervals in the two runs do not overlap: the absolute
 * times of two runs are of two machines, or of one in two moods.
 */
#ifndef BASE_H
#define BASE_H

#include <stdbool.h>

#include "bench/model/model.h"

#define BASE_TOLERANCE 0.0005

/* Adds to the model what changed from `base`, which was read from `path`, and has to live as long.
 */
void base_compare(struct model *model, const struct model *base, const char *path);

/* True if a count is of instructions: they depend on the compiler, its flags, libc and the CPU. */
bool base_is_instructions(const char *tool);

#endif
