/*
 * options.h - what is said of a pair on a command line:
 *
 *     compare --before './old data.txt' --after './new data.txt' [OPTION...]
 *     compare [OPTION...] -- ./old data.txt -- ./new data.txt
 *     compare --kit FOLDER
 *
 * A text of plain words is run as they are, without a shell. One with a character in it that is a
 * shell's (a pipe, a quote, a dollar sign) is run by sh -c, and so is one whose first word is a
 * shell's own (cd, ulimit). Words after -- are run as they are, whatever is in them.
 */
#ifndef PAIR_OPTIONS_H
#define PAIR_OPTIONS_H

#include "bench/pair/pair.h"

enum { PAIR_WORDS = 128 };

struct pair_options {
    const char *results, *programs; /* where they go; where the workbench's own are */
    const char *text[PAIR_SIDES];   /* NULL: words, or a kit's */
    const char *kit, *student; /* whose files stand in the place of the kit's fixed/; or NULL */
    const char *input, *directory, *name, *proof;
    const char *base, *guesses; /* see bench/compare/settings.h */
    enum mode mode;
    uint64_t budget_ns; /* 0: the mode's */
    uint64_t seed;
    bool is_failing_if_worse;
    bool is_counting; /* no times are wanted, but what is exact */

    char words_text[PAIR_SIDES][4096]; /* of words: as a shell would take them */
    const char *words[PAIR_SIDES][PAIR_WORDS + 1];
    char split[PAIR_SIDES][8192]; /* where the words of a text are */
};

/* `text` as one word of a shell's, into `quoted`. Returns it. */
const char *pair_quote(const char *text, char *quoted, size_t size);

/* Whether the command line is about a pair. */
bool pair_is_meant(int argc, char **argv);

/* 0, or -1 after a message on stderr; 1 after --help. */
int pair_options_parse(int argc, char **argv, struct pair_options *options);

/*
 * Takes the sides, with what they read and where, into a pair: what of it cannot be is said in
 * `error`. 0, or -1. The options have to outlive the pair.
 */
int pair_set(struct pair *pair, struct pair_options *options, char *error, size_t error_size);

#endif
