/*
 * guess.h - what somebody believed before they measured, and how far off that was.
 *
 * A guess is a ratio naive / fixed of one metric of one fix, as they stand in compare.json. The
 * file that they are kept in:
 *     {"schema": "fastenough-guesses", "schema_version": 2, "committed": "2026-11-23T05:00:00Z",
 *      "guesses": [{"lesson": "key", "metric": "time_alone", "ratio": 2}, ...]}
 * with `ratio` null for "nothing is left of it".
 */
#ifndef GUESS_H
#define GUESS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "bench/model/model.h"

enum { GUESSES_MAX = 32, GUESS_ERROR_SIZE = 256 };

/* What may be guessed of something that is no lesson of ours: a kit. */
struct guess_subject {
    const char *id;                              /* its section's */
    struct lesson_guess metrics[LESSON_GUESSES]; /* up to one without a name */
};

struct guess {
    int lesson;      /* 0 of a subject */
    char metric[64]; /* the name in compare.json */
    double ratio;    /* above 0; INFINITY: nothing is left */
};

struct guesses {
    const struct guess_subject *subject; /* in the place of the lessons; NULL: those */
    struct guess list[GUESSES_MAX];
    unsigned count;
    char committed[32]; /* UTC, or empty if there are none yet */
};

/*
 * Reads "key=2 sort=comparisons:2 store=hold:100": FIX=RATIO is about the time that the fix alone
 * saves, FIX=METRIC:RATIO about another metric, by its name or a short one. Of a subject it reads
 * "2 misses:10", the first of its metrics and another. Adds them. 0, or -1 with a sentence in
 * `error`, also if one was guessed before: a guess that is committed stays.
 */
int guesses_parse(struct guesses *guesses, const char *text, char error[GUESS_ERROR_SIZE]);

/* One of them, "2", "comparisons:2" or "bytes:all", for a fix. As above. */
int guesses_parse_one(struct guesses *guesses, int lesson, const char *text,
                      char error[GUESS_ERROR_SIZE]);

/* The short names of a fix's metrics, "time, bytes, ...". */
void guess_metric_names(const struct guesses *guesses, int lesson, char *text, size_t size);

/* A file that is not there holds no guesses. 0, or -1 with a sentence. */
int guesses_read(struct guesses *guesses, const char *path, char error[GUESS_ERROR_SIZE]);
/* Those of a subject, which has to live as long. */
int guesses_read_of(struct guesses *guesses, const struct guess_subject *subject, const char *path,
                    char error[GUESS_ERROR_SIZE]);
int guesses_write(const struct guesses *guesses, const char *path, char error[GUESS_ERROR_SIZE]);

/* Sets a guess, which has to live as long, beside what a comparison measured. */
struct judged_guess guess_judge(const struct guesses *guesses, const struct guess *guess,
                                struct model *model);

/*
 * Adds to the model how all of them came out, and what their order says: who was thought to be
 * worth most time, and who is; empty if they agree, or if there are not two of them.
 */
void guesses_judge(const struct guesses *guesses, struct model *model);

#endif
