/*
 * correctness.h - is the result right? By the program's own account, and by the rows that it wrote
 * into a database.
 */
#ifndef CORRECTNESS_H
#define CORRECTNESS_H

#include "bench/classroom/grade.h"
#include "bench/classroom/jail.h"

/* The hidden records under the sanitizers, with four workers. 0, or -1 with the grade ended. */
int correctness_check(const struct jail *jail, struct grade *grade);

/*
 * What is right: the fixed program's own result on a file of records. 0, or -1 with an error text.
 */
int correctness_find_answer(const struct jail *jail, const char *records,
                            struct grading_answer *answer, char *error, size_t error_size);

#endif
