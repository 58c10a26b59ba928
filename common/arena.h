/*
 * arena.h - memory for one record at a time: taken from a block in a row, given back all at once.
 *
 * cJSON makes some fifty small allocations a record. While an arena is bound to a thread
 * (arena_bind), cJSON's allocation hooks take them from it, and its frees do nothing. A worker owns
 * one arena and resets it before each record. Not thread-safe: one thread an arena.
 */
#ifndef ARENA_H
#define ARENA_H

#include <stdbool.h>
#include <stddef.h>

enum { ARENA_ALIGNMENT = 16 };

struct arena_block; /* a header, and the bytes behind it */

struct arena {
    char *next;                 /* the first free byte of the newest block */
    char *limit;                /* its end */
    struct arena_block *blocks; /* newest first; the oldest is kept on reset */
    bool is_failed;             /* an allocation failed since the last reset */
};

/* All zero is an empty arena: the first block comes with the first arena_take(). */
void arena_free(struct arena *arena);

/* All that was taken is gone. What a large record needed beyond the first block is given back. */
void arena_reset(struct arena *arena);

/*
 * `size` bytes, not cleared; NULL (and is_failed) if memory ran out. They start at a multiple of
 * ARENA_ALIGNMENT. They may be written up to the next multiple behind their end, and read up to
 * ARENA_ALIGNMENT bytes behind that: so a vector may be loaded from any of their bytes.
 */
void *arena_take(struct arena *arena, size_t size);

/* Makes cJSON in this thread allocate from `arena`, or with NULL from malloc again. */
void arena_bind(struct arena *arena);

/*
 * Whether an allocation of cJSON's in this thread failed outside of arenas since this was last
 * asked: cJSON_Add...() says so one by one, and a document that lacks a part must not be printed.
 */
bool arena_cjson_has_failed(void);

/* Once per process, before any thread uses cJSON. */
void arena_install_cjson_hooks(void);

#endif
