/*
 * lesson.h - the table of lessons: all that the workbench knows of each, a row a lesson.
 *
 * A lesson is its number, 0 to LESSON_COUNT - 1, in the order of make's LESSONS, which is that of
 * the letters of a build's code. Nothing else names one.
 *
 * A build is a set of lessons, those that are fixed in it: a number with bit i set if lesson i is.
 */
#ifndef LESSON_H
#define LESSON_H

#include <stdbool.h>

/* As many as make's LESSONS has words. */
#ifndef LESSON_COUNT
#error "compile with -DLESSON_COUNT=..., as the Makefile does"
#endif

enum { LESSON_ALL = -1 }; /* where one may be chosen: none was */

enum {
    LESSONS_MAX = 8, /* 256 builds */
    BUILD_COUNT = 1 << LESSON_COUNT,
    BUILD_NAIVE = 0,
    BUILD_FIXED = BUILD_COUNT - 1,
    BUILD_CODE_SIZE = LESSON_COUNT + 1
};

_Static_assert(LESSON_COUNT >= 2 && LESSON_COUNT <= LESSONS_MAX, "two lessons to eight");

/* The codes of the two, "nnnn" and "ffff" with four lessons. */
#define CODE_NAIVE (&"nnnnnnnn"[LESSONS_MAX - LESSON_COUNT])
#define CODE_FIXED (&"ffffffff"[LESSONS_MAX - LESSON_COUNT])

/* What a lesson is about, and so which tools measure it besides those that measure all. */
enum lesson_subject {
    LESSON_OF_WORK,   /* done too often: callgrind and DHAT count its functions */
    LESSON_OF_LOCK,   /* held too long: lock statistics with a database, a timeline, DRD */
    LESSON_OF_THREADS /* left behind: threads, stacks, memory, the pool's size, massif, memcheck */
};

enum { LESSON_FUNCTIONS = 4, LESSON_COUNTS = 6, LESSON_GUESSES = 6, LESSON_GROWTH_CURVES = 2 };

/* How something grows: a series of Google Benchmark's, "key/build/tags:1" and so on. */
struct lesson_growth {
    const char *benchmark, *over; /* "key/build", "tags"; NULL: nothing grows */
    double fit_from;              /* a power is fitted from there on */
    struct {
        const char *name, *label, *unit;
        const char *counter; /* of the benchmark's; NULL: its CPU time */
    } curves[LESSON_GROWTH_CURVES];
};

/* How a comparison measures it. Lists end with a NULL, or where they are full. */
struct lesson_measures {
    enum lesson_subject subject;
    /* where the work is; the first one names the metrics */
    const char *functions[LESSON_FUNCTIONS];
    const char *counts[LESSON_COUNTS]; /* of what the program counts of itself (work.c) */
    struct lesson_growth growth;
};

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

/* What a metric is called by somebody who types it, and its name. */
struct lesson_guess {
    const char *name, *metric;
};

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
    /* what another lesson is worth "under the big lock", and "without it" */
    const char *while_naive, *while_fixed;
    struct lesson_measures measures;
    struct lesson_guess guesses[LESSON_GUESSES];     /* what `make predict` takes */
    struct lesson_picture pictures[LESSON_PICTURES]; /* up to the first without a kind */
    const char *role; /* what its file does for the program: "naive/key.c ..." */
    struct lesson_grading grading;
};

extern const struct lesson lesson_rows[LESSON_COUNT];

/* lesson_rows[lesson].id */
const char *lesson_id(int lesson);
/* LESSON_ALL for a text that is none of them. */
int lesson_from_id(const char *id);

/* The build with this lesson fixed alone, and the one with all but it. */
unsigned build_alone(int lesson);
unsigned build_without(int lesson);
/* Its code, with a NUL: a letter a lesson, 'n' naive or 'f' fixed. */
void build_code(unsigned build, char code[BUILD_CODE_SIZE]);
/* The build of a code, or -1 if it is none. */
int build_from_code(const char *code);

#endif
