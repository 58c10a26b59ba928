/*
 * grade.h - what one file of a submission is worth, and why.
 *
 * The steps of a trial fill it in: the first that has something against the file ends it with a
 * status and a sentence.
 */
#ifndef GRADE_H
#define GRADE_H

#include "bench/classroom/count.h"

/* The most that a lesson is worth, and a submission. */
enum { LESSON_POINTS = 25, SUBMISSION_POINTS = LESSON_POINTS * LESSON_COUNT };

enum grade_status {
    GRADE_GIVEN,     /* right; the points are for its counts */
    GRADE_UNTOUCHED, /* the naive file as it was handed out */
    GRADE_MISSING,   /* no such file */
    GRADE_REFUSED,   /* by its text or symbols, without having been run */
    GRADE_NOT_BUILT, /* the compiler or the linker has something against it */
    GRADE_CRASHED,
    GRADE_UNSOUND,    /* by a sanitizer: bad memory access, undefined behaviour, a leak */
    GRADE_WRONG,      /* other results than the reference */
    GRADE_OVERSPENT,  /* time, memory, threads, output */
    GRADE_UNCOUNTED,  /* what it does is not where it is counted: counts contradict each other */
    GRADE_NOT_GRADED, /* the grader's own fault */
};

/* "graded", "wrong", ... */
const char *grade_status_name(enum grade_status status);
/* 0 to GRADE_NOT_GRADED, or -1. */
int grade_status_from_name(const char *name);

struct grade {
    int lesson;
    enum grade_status status;
    char reason[400];          /* a sentence without a full stop */
    struct count_values yours; /* GRADE_GIVEN and GRADE_UNCOUNTED */
    double share;              /* 0 to 1 */
    double likeness;           /* to the reference, 0 to 1 (likeness.h); NAN: not known */
    bool is_copy;              /* of the reference: for somebody to look at, it costs no points */
};

/* Ends it with a sentence. Always -1. */
int grade_end(struct grade *grade, enum grade_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
