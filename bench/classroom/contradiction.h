/*
 * contradiction.h - counts held against others that saw the same from outside of the program.
 */
#ifndef CONTRADICTION_H
#define CONTRADICTION_H

#include "bench/classroom/grade.h"
#include "bench/classroom/grading.h"

/*
 * 0 if those of a lesson's counts that have something to be held against agree with it; or -1 with
 * the grade ended as GRADE_UNCOUNTED.
 */
int contradiction_check(const struct grading *grading, struct grade *grade);

#endif
