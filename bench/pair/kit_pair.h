/*
 * kit_pair.h - a kit as a pair: both sides built, their commands, and the section that the report
 * begins with.
 */
#ifndef KIT_PAIR_H
#define KIT_PAIR_H

#include "bench/model/model.h"
#include "bench/pair/kit.h"

struct kit_pair {
    struct kit kit;
    const char *sides[2]; /* "naive" and "fixed", or "yours" */
    char programs[2][KIT_PATH_SIZE], commands[2][KIT_COMMAND_SIZE];
    char files[2][512];            /* "naive/tally.c" */
    char input[2 * KIT_PATH_SIZE]; /* empty: none */
};

/*
 * Reads the kit and builds both sides below `work`. `student`: a folder whose files stand in the
 * place of fixed/; NULL: fixed/. 0, with kit_pair_close() to be called; or -1 with a sentence.
 */
int kit_pair_open(struct kit_pair *pair, const char *folder, const char *work, const char *student,
                  char error[KIT_ERROR_SIZE]);
void kit_pair_close(struct kit_pair *pair);

/* What the kit is about, which comes first in the report. It cannot outlive the pair. */
struct section kit_pair_section(const struct kit_pair *pair);

/*
 * Moves what the kit is about, its headline first and what may be guessed and is graded, from the
 * sections of the witnesses into the first one: before the model is judged. 0; or -1 if nothing
 * measured the headline.
 */
int kit_pair_lead(const struct kit_pair *pair, struct model *model);

#endif
