/* Grows as it goes: each piece makes sure that there is room for it. */
#include <inttypes.h>
#include <stdio.h>

#include "key.h"

static int put(struct key *key, const char *bytes, size_t count)
{
    if (key->length + count + 1 > key->capacity) {
        size_t capacity = key->capacity ? key->capacity : 64;
        while (capacity < key->length + count + 1)
            capacity *= 2;
        char *bigger = realloc(key->text, capacity);
        if (bigger == NULL)
            return -1;
        key->text = bigger;
        key->capacity = capacity;
    }
    memcpy(key->text + key->length, bytes, count);
    key->length += count;
    key->text[key->length] = 0;
    return 0;
}

int key_build(struct key *key, uint64_t id, const char *name, const struct tag *tags,
              uint32_t tag_count)
{
    char head[32];

    key->length = 0;
    if (put(key, head, (size_t)sprintf(head, "%" PRIu64 ":", id)) || put(key, name, strlen(name)))
        return -1;
    for (const struct tag *tag = tags; tag < tags + tag_count; tag++)
        if (put(key, "|", 1) || put(key, tag->text, tag->length))
            return -1;
    return 0;
}
