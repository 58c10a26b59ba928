/*
 * trial.h - one file on trial: built into a program whose other files are the fixed ones, run on
 * records that its author has not seen, and counted.
 *
 * Correctness comes first: under AddressSanitizer and UBSan, against the reference's digest, and
 * against the rows in a database file. Then the counts are taken by tools that stand outside of the
 * program where there is one (DHAT, callgrind), and by kit/monitor.c where there is none.
 *
 * Each trial has a slot, whose folder and user it uses; trials in different slots may run at once.
 */
#ifndef TRIAL_H
#define TRIAL_H

#include "bench/classroom/grade.h"
#include "bench/classroom/grading.h"

/* Which steps are taken; the references need only be counted. */
enum trial_extent { TRIAL_WHOLE, TRIAL_COUNTS };

/* Whether `folder`'s file of the lesson is the naive one, to the byte. */
bool trial_is_untouched(const struct grading *grading, int lesson, const char *folder);

/*
 * Tries `folder`'s file of the lesson. Of a reference `code` becomes what it was compiled to; it
 * may be there as an object. A submission (NULL) is held against that of both references.
 */
void trial_run(const struct grading *grading, unsigned slot, int lesson, const char *folder,
               enum trial_extent extent, struct likeness_code *code, struct grade *grade);

#endif
