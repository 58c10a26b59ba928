/*
 * trial.h - one file on trial: built into a program whose other files are the fixed ones, run on
 * records that its author has not seen, and counted.
 *
 * Correctness comes first: under AddressSanitizer and UBSan, against the reference's digest, and
 * against the rows in a database file. Then the counts are taken by tools that stand outside of the
 * program where there is one (DHAT, callgrind), and by witness.c where there is none.
 *
 * Each trial has a slot, whose folder and user it uses; trials in different slots may run at once.
 */
#ifndef TRIAL_H
#define TRIAL_H

#include "bench/classroom/session.h"

enum trial_status {
    TRIAL_GRADED,
    TRIAL_UNTOUCHED, /* the naive file as it was handed out */
    TRIAL_MISSING,   /* no such file */
    TRIAL_REFUSED,   /* by its text or symbols, without having been run */
    TRIAL_NOT_BUILT, /* the compiler or the linker has something against it */
    TRIAL_CRASHED,
    TRIAL_UNSOUND,    /* by a sanitizer: bad memory access, undefined behaviour, a leak */
    TRIAL_WRONG,      /* other results than the reference */
    TRIAL_OVERSPENT,  /* time, memory, threads, output */
    TRIAL_UNCOUNTED,  /* what it does is not where it is counted: counts and witnesses differ */
    TRIAL_NOT_GRADED, /* the grader's own fault */
};

/* "graded", "wrong", ... */
const char *trial_status_name(enum trial_status status);
/* 0 to TRIAL_NOT_GRADED, or -1. */
int trial_status_from_name(const char *name);

struct trial {
    enum trial_status status;
    char reason[400];            /* a sentence without a full stop */
    struct metric_values values; /* TRIAL_GRADED and TRIAL_UNCOUNTED */
    double share;                /* 0 to 1 */
};

/* Ends it with a sentence. Always -1. For the steps of a trial. */
int trial_end(struct trial *trial, enum trial_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Which steps are taken; the references need only be counted. */
enum trial_extent { TRIAL_WHOLE, TRIAL_COUNTS };

/* Whether `folder`'s file for the problem is the naive one, to the byte. */
bool trial_is_untouched(const struct session *session, int lesson, const char *folder);

/* Tries `folder`'s file for the problem. */
void trial_run(const struct session *session, unsigned slot, int lesson, const char *folder,
               enum trial_extent extent, struct trial *trial);

#endif
