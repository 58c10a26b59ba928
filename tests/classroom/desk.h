/*
 * desk.h - a teacher's desk for one test: a folder of submissions, and the grader that reads it.
 *
 * The folder is of the test's own, and is removed with desk_close().
 */
#ifndef DESK_H
#define DESK_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "bench/process/child.h"

enum { DESK_PATH_SIZE = 600 };

struct desk {
    char folder[128];
};

struct desk desk_open(void);
void desk_close(struct desk *desk);

/* The path of something in the folder. */
const char *desk_path(const struct desk *desk, const char *name, char path[DESK_PATH_SIZE]);

/* A submission, with the naive files. */
void desk_hand_in(const struct desk *desk, const char *student);

/* Copies `from`/`file` over the submission's own. */
void desk_replace(const struct desk *desk, const char *student, const char *from, const char *file);

/* Writes a text in place of the submission's own file. */
void desk_write(const struct desk *desk, const char *student, const char *file, const char *text);

/*
 * Grades what the pattern finds in the folder, into `grades` there, with more options, which end
 * with NULL. The result is to be freed.
 */
struct child_result desk_grade(const struct desk *desk, const char *pattern,
                               const char *const *options);

/* What became of a submission; to be deleted. */
cJSON *desk_grades_of(const struct desk *desk, const char *student);
double desk_score(const cJSON *grades);
double desk_points(const cJSON *grades, const char *problem);
const char *desk_status(const cJSON *grades, const char *problem);
const char *desk_reason(const cJSON *grades, const char *problem);

/* The whole of a file, to be freed. */
char *desk_read(const struct desk *desk, const char *name);

#endif
