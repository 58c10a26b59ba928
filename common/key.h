/*
 * key.h - contract of lesson 1: the key of a record, `id:name|tag|tag...`.
 *
 * The buffer belongs to the caller, who reuses it for the next record. Implemented by naive/key.c
 * and fixed/key.c; the linker chooses. Thread-safe for different buffers.
 */
#ifndef KEY_H
#define KEY_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "common/tag.h"

/* All zero is an empty buffer. `text` comes from malloc and is NUL-terminated once built. */
struct key {
    char *text;
    size_t length;   /* bytes, without the NUL */
    size_t capacity; /* bytes that `text` has room for, the NUL included */
};

/*
 * Builds the key of (id, name, tags) into `key`, replacing what it held. `tags` are joined in the
 * order given: hand them over sorted. Returns 0, or -1 if memory ran out; then `key` holds nothing
 * that may be read, and can be used again or freed.
 */
int key_build(struct key *key, uint64_t id, const char *name, const struct tag *tags,
              uint32_t tag_count);

/* Gives the buffer's memory back; the key is then empty and may be used again. */
static inline void key_free(struct key *key)
{
    free(key->text);
    *key = (struct key){0};
}

#endif
