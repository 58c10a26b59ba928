/*
 * yours.h - somebody's own files as a third column, beside naive and fixed
 * (make compare STUDENT=~/hw).
 *
 * They were built in the place of fixed/ and compared with naive/ in a run of its own, so a ratio
 * naive / yours and its interval rest on pairs of that run, as naive / fixed does on this one's.
 * Counts of both can be set side by side as they are. A time of one run beside a time of the other
 * is of two moments, and nothing is claimed from it.
 */
#ifndef YOURS_H
#define YOURS_H

#include "bench/model/model.h"

/*
 * Adds to the model what `yours`, a comparison of naive/ with somebody's files, measured: to
 * each metric and curve that both have, and who, when and how well under `yours` (schema.md).
 * `folder` is where the files are. 0, or -1 with an error text if the two are not of the same
 * records and mode, and so cannot stand side by side. What is added belongs to `yours`,
 * which has to live as long.
 */
int yours_add(struct model *model, const struct model *yours, const char *folder, char *error,
              size_t error_size);

#endif
