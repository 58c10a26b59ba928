/*
 * tally.h - counts by name on both sides of a pair: of functions, of places in the source, of
 * system calls; and those rows of them that differ most.
 *
 * A name that one side lacks is 0 there. All zero is empty. Not thread-safe for one tally.
 */
#ifndef TALLY_H
#define TALLY_H

#include "bench/pair/pair.h"
#include "bench/readers/names.h"

enum { TALLY_TURNS = 2 }; /* every count is taken twice */

struct tally_row {
    double value[PAIR_SIDES][TALLY_TURNS];
};

struct tally {
    struct names names;
    struct tally_row *rows; /* by number of the name */
    uint32_t room;
};

/* Adds to what is known of the name, which is copied. 0, or -1 if memory ran out. */
int tally_add(struct tally *tally, const char *name, unsigned side, unsigned turn, double value);
void tally_free(struct tally *tally);

/*
 * Adds up to `most` rows to the report: those with the largest difference, if that is at least
 * `least`. `what->label` is in front of the name ("instructions in") and `behind` behind it.
 */
void tally_report(struct tally *tally, struct pair *pair, enum pair_section section,
                  const struct quantity *what, const char *behind, double least, unsigned most);

#endif
