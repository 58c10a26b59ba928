/*
 * lesson.h - the table of lessons: all that the workbench knows of each, a row a lesson.
 *
 * A lesson is its number, 0 to LESSON_COUNT - 1, in the order of make's LESSONS, which is that of
 * the letters of a build's code. Nothing else names one.
 */
#ifndef LESSON_H
#define LESSON_H

#include <stdbool.h>

/* As many as make's LESSONS has words. */
#ifndef LESSON_COUNT
#error "compile with -DLESSON_COUNT=..., as the Makefile does"
#endif

enum { LESSON_ALL = -1 }; /* where one may be chosen: none was */

/*
 * One of the pictures that the page draws of a lesson (bench/report/page/lessons.js has a function
 * a kind: growth, waste, timeline, lock, forecast, memory).
 */
struct lesson_picture {
    const char *kind;
    const char *of[4];      /* names of what it is drawn from: curves of a growth, or metrics */
    const char *title;      /* what it is to say; NULL: the kind has words of its own */
    const char *absent;     /* what stands in its place where it was not measured; or NULL */
    const char *instead_of; /* a kind: drawn only where that one cannot be; or NULL */
};

enum { LESSON_PICTURES = 5 };

/*
 * How a student's file is graded (bench/classroom). It is built into a program whose other files
 * are the fixed ones, and counted. Lists end with NULL.
 */
struct lesson_grading {
    const char *functions[8]; /* of the contract: what the file has to define */
    const char *uses[32];     /* what it may refer to beside memory and texts; "sem_*": all these */
    const char *headers[12];  /* that it may include beside those of C and of tags */
    const char *counts[4];    /* what points are given for: ids of bench/classroom/count.c */
    const char *run[4];       /* options of the run that is counted */
    bool must_lock;           /* writers are kept apart by locks of lock.h, and are watched */
    bool must_share;          /* several threads must be seen at work at once */
};

struct lesson {
    const char *id;       /* of its two sources, its contract, and FIX= */
    const char *file;     /* the sources' name, in naive/, in fixed/, and a student's */
    const char *title;    /* the problem, in a few words */
    const char *words;    /* the problem, and the fix: two sentences */
    const char *headline; /* the name of the metric that says it best */
    struct lesson_picture pictures[LESSON_PICTURES]; /* up to the first without a kind */
    const char *role;   /* what its file does for the program: "naive/key.c ..." */
    bool is_of_waiting; /* it is about waiting or threads, which instructions do not show */
    struct lesson_grading grading;
};

extern const struct lesson lesson_rows[LESSON_COUNT];

/* lesson_rows[lesson].id */
const char *lesson_id(int lesson);
/* LESSON_ALL for a text that is none of them. */
int lesson_from_id(const char *id);

/* What is about one of them; it moves into the table. */
enum { LESSON_KEY, LESSON_SORT, LESSON_STORE, LESSON_WORKERS };

#endif
