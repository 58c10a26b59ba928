/*
 * execution.h - a program of a trial is run in its jail, and says what it did.
 */
#ifndef EXECUTION_H
#define EXECUTION_H

#include "bench/classroom/grade.h"
#include "bench/classroom/jail.h"
#include "bench/readers/rundoc.h"

/* How it is run: its environment, and how much memory it may have. */
enum execution_kind {
    EXECUTION_PLAIN,
    EXECUTION_UNDER_VALGRIND,
    EXECUTION_CHECKED, /* with sanitizers linked in, and the monitor */
};

struct execution {
    struct rundoc result;
    cJSON *monitor; /* NULL if none was linked in */
};

/*
 * Runs a command to its end. 0 with an execution to be freed; -1: it did not end well, or printed
 * no result, and the grade is ended.
 */
int execution_run(struct execution *execution, const struct jail *jail, enum execution_kind kind,
                  const char *const *argv, struct grade *grade);
void execution_free(struct execution *execution);

/* A number of the monitor's account; 0 if there is none of this name. */
double execution_monitored(const struct execution *execution, const char *name);

/* Whether it came to the right result. 0, or -1 with the grade ended. */
int execution_check_result(const struct execution *execution, const struct grading_answer *answer,
                           struct grade *grade);

/* What only threads can get wrong, as the monitor saw it. 0, or -1 with the grade ended. */
int execution_check_threads(const struct execution *execution, struct grade *grade);

#endif
