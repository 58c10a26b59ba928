/* ending.h - says how a submitted program ended, where it did not end well. */
#ifndef ENDING_H
#define ENDING_H

#include "bench/classroom/trial.h"
#include "bench/process/child.h"

/* 0 if it ended with status 0 and printed no more than it may; or else -1 with the trial ended. */
int ending_judge(const struct session *session, int lesson, const struct child_result *result,
                 struct trial *trial);

#endif
