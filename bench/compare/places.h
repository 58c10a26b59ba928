/*
 * places.h - whose a tool's findings are: weights of call stacks, by lesson and by place.
 *
 * A stack is a lesson's where a function of the lesson's contract is on it, or where the innermost
 * line of the program's own is in the lesson's file; and a wait for the lock is that of the lesson
 * about the lock. Each stack is one lesson's at most. Its place, as a reader of the tool's list has
 * it, is the frame that made it the lesson's, or else the innermost of the program's own.
 *
 * Texts belong to the profile that they are of, until places_finish(). Not thread-safe for the same
 * places.
 */
#ifndef PLACES_H
#define PLACES_H

#include "bench/lesson.h"

enum { PLACES_MAX = 256 };

struct place {
    const char *function, *file; /* without its folder */
    double weight;
};

struct places {
    double total, lessons[LESSON_COUNT];
    struct place list[PLACES_MAX]; /* what finds no room is in the sums alone */
    unsigned count;
    /* once it is finished: that with the most weight, "appended (key.c)", and whose file that is */
    char first[192];
    int first_lesson; /* LESSON_ALL: no lesson's */
};

/* The program's own source: no library's, and none of what profiles it. */
bool place_is_own(const char *file);

/* A stack while it is walked, frame by frame, innermost first. All zero before the first. */
struct place_walk {
    const char *function, *file; /* the place, so far */
    int lesson;
    bool is_found;
};

void place_walk_frame(struct place_walk *walk, const char *function, const char *file);
void places_add(struct places *places, const struct place_walk *walk, double weight);

/* Finds the first; from then on the profile may go. */
void places_finish(struct places *places);

#endif
