/*
 * places.h - what addresses turned out to mean, so that each is looked up once: a dump of a
 * thousand threads has the same ten addresses in each. Used by one thread at a time.
 */
#ifndef PPROF_PLACES_H
#define PPROF_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "symbols.h"

struct places_entry;

struct places {                  /* all zero: empty */
    struct places_entry **slots; /* a hash table by the address; a power of two of them */
    size_t slot_count, count;
};

void places_free(struct places *places); /* empties it */

/* Copies what is known of the address. False: nothing is. */
bool places_find(const struct places *places, uintptr_t address, struct symbol_place *place);

/* Keeps it, unless memory runs out; then it has to be looked up again, and that is all. */
void places_add(struct places *places, uintptr_t address, const struct symbol_place *place);

#endif
