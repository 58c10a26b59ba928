/*
 * submission.h - a student's folder, what became of its files, and that as JSON.
 *
 * The JSON is Gradescope's results.json (its `tests`, `score`, `output`), with everything else
 * under `extra_data`, so that it can be read back when a class is resumed.
 * Format: https://gradescope-autograders.readthedocs.io/en/latest/specs/
 */
#ifndef SUBMISSION_H
#define SUBMISSION_H

#include <limits.h>

#include <cjson/cJSON.h>

#include "bench/classroom/grade.h"
#include "bench/classroom/grading.h"

struct submission {
    char folder[PATH_MAX]; /* with the files */
    char name[128];        /* the folder's own, in UTF-8; unique in its class, and fit for a file */
    uint64_t fingerprint;  /* of the files' bytes */
    struct grade grades[LESSON_COUNT];
    bool is_graded;  /* all are over; NOT_GRADED is not in it */
    bool is_resumed; /* by an earlier, interrupted grading */
};

/*
 * Names it after the folder, finds the files in it or one folder down, and takes their fingerprint.
 */
void submission_init(struct submission *submission, const char *folder);

/* 0 to SUBMISSION_POINTS, rounded to tenths; and of one lesson. */
double submission_score(const struct submission *submission);
double submission_points(const struct submission *submission, int lesson);

/* "refused: key.c, line 3: ...", or for a graded one how much of the gap is closed. */
void submission_verdict(const struct submission *submission, int lesson, char *text, size_t size);

/* How many of its files are the reference's, or copies of it, and their lessons: "key store". */
unsigned submission_copies(const struct submission *submission, char *text, size_t size);

/* To be deleted; NULL if memory ran out. */
cJSON *submission_json(const struct submission *submission, const struct grading *grading);

/*
 * Takes the grades from such JSON, if it is of the same files and the same seed. 0, or -1 if it is
 * not, or not whole.
 */
int submission_resume(struct submission *submission, const cJSON *json, uint64_t seed);

#endif
