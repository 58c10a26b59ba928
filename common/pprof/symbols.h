/*
 * symbols.h - what an address in this process means: function, file and line, inlined frames.
 *
 * Reads the ELF files of this process, with their debug information, by libdw. Remembers libraries
 * that were unloaded since symbols_refresh() saw them, so that what was collected before still has
 * its names. Never goes to the network: DEBUGINFOD_URLS is ignored. Used by one thread at a time.
 */
#ifndef PPROF_SYMBOLS_H
#define PPROF_SYMBOLS_H

#include <stdbool.h>
#include <stdint.h>

#include "loader.h"
#include "places.h"

enum { SYMBOLS_BUILD_ID_SIZE = LOADER_BUILD_ID_SIZE };

struct symbols;

/* A loaded object: the program, a library, the kernel's vdso. */
struct symbol_object {
    uintptr_t start, limit; /* of its code */
    uint64_t offset;        /* of `start` in the file */
    const char *path;
    char build_id[SYMBOLS_BUILD_ID_SIZE]; /* in hexadecimal; "" if it has none */
    bool is_loaded;                       /* still */
};

/* NULL: no memory. */
struct symbols *symbols_new(void);
void symbols_delete(struct symbols *symbols); /* NULL is allowed */

/* Takes note of what is loaded now. 0, or -1 without memory. */
int symbols_refresh(struct symbols *symbols);

/*
 * Gives back what was read of the files, tens of megabytes; it is read again when it is needed.
 * What was loaded and unloaded stays known.
 */
void symbols_release(struct symbols *symbols);

/* `address` is within an instruction (profile_sample_address()). Always fills `place`. */
void symbols_find(struct symbols *symbols, uintptr_t address, struct symbol_place *place);

enum { SYMBOLS_NAME_SIZE = 80 };

/* The function's name; where there is none, its object and the address within, or the address. */
const char *symbols_name(const struct symbols *symbols, uintptr_t address,
                         const struct symbol_place *place, const struct symbol_frame *frame,
                         char text[SYMBOLS_NAME_SIZE]);

unsigned symbols_object_count(const struct symbols *symbols);
/* Valid until the next symbols_refresh(). */
const struct symbol_object *symbols_object(const struct symbols *symbols, unsigned index);

#endif
