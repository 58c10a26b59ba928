/*
 * places.h - what addresses turned out to mean, so that each is looked up once: a dump of a
 * thousand threads has the same ten addresses in each. Used by one thread at a time.
 */
#ifndef PPROF_PLACES_H
#define PPROF_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SYMBOLS_FRAMES_MAX = 16 };

/* What is NULL or 0 is not known. The texts are valid until symbols_release(). */
struct symbol_frame {
    const char *function; /* one without a name is called after where it begins: "[libc.so.6]+0x20"
                           */
    uintptr_t entry; /* where the function begins; of an inlined one: of what it was inlined into */
    const char *file;
    int line;
    int function_line; /* where the function stands in its file */
};

struct symbol_place {
    int object;                                     /* its index, -1: of no object */
    unsigned frame_count;                           /* 0: not even a name */
    struct symbol_frame frames[SYMBOLS_FRAMES_MAX]; /* innermost first; the last is a real one */
};

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
