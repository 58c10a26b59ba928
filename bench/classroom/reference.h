/*
 * reference.h - what a grading's records come to, and what the naive and the fixed files need for
 * them: what submissions are held against.
 */
#ifndef REFERENCE_H
#define REFERENCE_H

#include "bench/classroom/grading.h"

/*
 * Measures both references of the lessons that are wanted, in the way that submissions are
 * measured. 0, or -1 with an error text: then nothing can be graded.
 */
int reference_measure(struct grading *grading, const bool is_wanted[LESSON_COUNT], char *error,
                      size_t error_size);

#endif
