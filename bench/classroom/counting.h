/*
 * counting.h - runs the programs of a trial: is the result right, and what did it take.
 */
#ifndef COUNTING_H
#define COUNTING_H

#include "bench/classroom/room.h"
#include "bench/classroom/trial.h"

/* The hidden records under the sanitizers, with four workers. 0, or -1 with the trial ended. */
int counting_check(const struct room *room, int lesson, struct trial *trial);

/* Fills in trial->values. 0, or -1 with the trial ended. */
int counting_measure(const struct room *room, int lesson, struct trial *trial);

/*
 * Holds the counts against what stood outside of the program and saw the same. 0; or -1 with the
 * trial ended as TRIAL_UNCOUNTED.
 */
int counting_cross_check(const struct session *session, int lesson, struct trial *trial);

/* The fixed program's own result on a file of records. 0, or -1 with an error text. */
int counting_answer(const struct room *room, const char *records, struct session_answer *answer,
                    char *error, size_t error_size);

#endif
