/*
 * lesson.h - the table of lessons: all that the workbench knows of each, a row a lesson.
 *
 * A lesson is its number, 0 to LESSON_COUNT - 1, in the order of make's LESSONS, which is that of
 * the letters of a build's code. Nothing else names one.
 */
#ifndef LESSON_H
#define LESSON_H

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

struct lesson {
    const char *id;       /* of its two sources, its contract, and FIX= */
    const char *title;    /* the problem, in a few words */
    const char *words;    /* the problem, and the fix: two sentences */
    const char *headline; /* the name of the metric that says it best */
    struct lesson_picture pictures[LESSON_PICTURES]; /* up to the first without a kind */
};

extern const struct lesson lesson_rows[LESSON_COUNT];

/* lesson_rows[lesson].id */
const char *lesson_id(int lesson);
/* LESSON_ALL for a text that is none of them. */
int lesson_from_id(const char *id);

/* What is about one of them; it moves into the table. */
enum { LESSON_KEY, LESSON_SORT, LESSON_STORE, LESSON_WORKERS };

#endif
