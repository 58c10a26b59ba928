/*
 * class.h - many submissions in one grading: in parallel, and resumable.
 *
 * The unit of work is one lesson of one submission. A submission all of whose are over is written
 * to students/NAME.json in the folder of results at once, in one step, so that an interrupted class
 * goes on where it was.
 */
#ifndef CLASS_H
#define CLASS_H

#include <limits.h>

#include "bench/classroom/submission.h"

struct class {
    struct submission *submissions;
    size_t count;
    size_t other_count;              /* that the pattern found too, and that are no folders */
    char other[PATH_MAX];            /* the first of them */
    char results[GRADING_PATH_SIZE]; /* the folder of results */
    unsigned parallel_count;
    bool is_terminal; /* progress is drawn in place, on standard error */
};

/*
 * Finds the submissions of a pattern ("~/hw", "submissions/..."): its folders, by name. 0, or -1
 * with an error text. class_free() in any case.
 */
int class_find(struct class *class, const char *pattern, char *error, size_t error_size);
void class_free(struct class *class);

/* Takes those that were graded already, of this seed. Returns how many. */
size_t class_resume(struct class *class, uint64_t seed);

/* Marks the lessons that somebody has worked at: no others need to be measured. */
void class_find_wanted(const struct class *class, const struct grading *grading,
                       bool is_wanted[LESSON_COUNT]);

/*
 * Grades the others. 0; or -1 with an error text if a result could not be written. An interruption
 * (child_interrupt) leaves those ungraded that were not over.
 */
int class_grade(struct class *class, const struct grading *grading, char *error, size_t error_size);

/* Makes the folder of results. 0, or -1 with errno set. */
int class_make_folders(const struct class *class);

#endif
