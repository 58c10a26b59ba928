/*
 * fixture.h - what a test of grading stands on: a folder of submissions, and the
 * grader that reads it.
 *
 * The folder is of the test's own, and is removed with fixture_close().
 */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "bench/process/child.h"

enum { FIXTURE_PATH_SIZE = 600 };

struct fixture {
    char folder[128];
};

struct fixture fixture_open(void);
void fixture_close(struct fixture *fixture);

/* The path of something in the folder. */
const char *fixture_path(const struct fixture *fixture, const char *name,
                         char path[FIXTURE_PATH_SIZE]);

/* A submission, with the naive files. */
void fixture_hand_in(const struct fixture *fixture, const char *student);

/* Copies `from`/`file` over the submission's own. */
void fixture_replace(const struct fixture *fixture, const char *student, const char *from,
                     const char *file);

/* Writes a text in place of the submission's own file. */
void fixture_write(const struct fixture *fixture, const char *student, const char *file,
                   const char *text);

/*
 * Grades what the pattern finds in the folder, into `grades` there, with more options, which end
 * with NULL. The result is to be freed.
 */
struct child_result fixture_grade(const struct fixture *fixture, const char *pattern,
                                  const char *const *options);

/* What became of a submission; to be deleted. */
cJSON *fixture_grades_of(const struct fixture *fixture, const char *student);
double fixture_score(const cJSON *grades);
double fixture_points(const cJSON *grades, const char *lesson);
const char *fixture_status(const cJSON *grades, const char *lesson);
const char *fixture_reason(const cJSON *grades, const char *lesson);

/* The whole of a file, to be freed. */
char *fixture_read(const struct fixture *fixture, const char *name);

#endif
