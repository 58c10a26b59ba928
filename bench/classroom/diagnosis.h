/* diagnosis.h - says how a submitted program ended, where it did not end well. */
#ifndef DIAGNOSIS_H
#define DIAGNOSIS_H

#include "bench/classroom/grade.h"
#include "bench/classroom/grading.h"
#include "bench/process/child.h"

/* 0 if it ended with status 0 and printed no more than it may; or else -1 with the grade ended. */
int diagnosis_make(const struct grading *grading, const struct child_result *result,
                   struct grade *grade);

#endif
