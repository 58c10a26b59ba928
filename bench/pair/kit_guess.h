/* kit_guess.h - what may be guessed of a kit (guess.h), and where it is kept. */
#ifndef KIT_GUESS_H
#define KIT_GUESS_H

#include "bench/compare/guess.h"
#include "bench/pair/kit.h"

/* The kit's `predict`, or else its headline. It cannot outlive the kit. */
struct guess_subject kit_guess_subject(const struct kit *kit);

/* Beside that of the lessons: "bench/results/guesses.json" is ".../guesses-NAME.json" of a kit. */
void kit_guess_path(const struct kit *kit, const char *path, char own[KIT_PATH_SIZE]);

#endif
