/*
 * counting.h - what did it take: the counts of a file, each by the tool that the kind says.
 */
#ifndef COUNTING_H
#define COUNTING_H

#include "bench/classroom/grade.h"
#include "bench/classroom/jail.h"

/* Fills in grade->yours with the counts of its lesson. 0, or -1 with the grade ended. */
int counting_measure(const struct jail *jail, struct grade *grade);

#endif
