/*
 * settings.h - what `make compare` tells the program: its command line.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stddef.h>
#include <stdint.h>

#include "bench/compare/plan.h"

/* Texts belong to argv. */
struct settings {
    const char *programs, *results, *load_script; /* always there */
    const char *input;   /* the user's own records; NULL: generated from the seed */
    const char *base;    /* an earlier result (base.h), or NULL */
    const char *yours;   /* a result of somebody's own files (yours.h), or NULL */
    const char *student; /* where these files are, or NULL */
    const char *guesses; /* a file of guesses (guess.h), which need not be there; or NULL */
    enum mode mode;
    int lesson;      /* one of lesson.h, or LESSON_ALL */
    uint64_t seed;   /* 0 to 2^53 */
    unsigned rounds; /* 0: the mode's */
};

/* 0, or -1 after a message on stderr that says what makes no sense; 1 after --help. */
int settings_parse(int argc, char **argv, struct settings *settings);

/* "make compare QUICK=1 FIX=key": what to type to do this again. Returns `text`. */
char *settings_command(const struct settings *settings, char *text, size_t size);

#endif
