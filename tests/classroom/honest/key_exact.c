/* The length is known first; a buffer that is too small is replaced. */
#include <inttypes.h>
#include <stdio.h>

#include "key.h"

int key_build(struct key *key, uint64_t id, const char *name, const struct tag *tags,
              uint32_t tag_count)
{
    char number[24];
    int digits = snprintf(number, sizeof number, "%" PRIu64, id);
    size_t needed = (size_t)digits + 1 + strlen(name) + 1;
    uint32_t i;

    for (i = 0; i < tag_count; i++)
        needed += tags[i].length + 1u;
    if (key->capacity < needed) {
        key_free(key);
        key->text = malloc(needed);
        if (!key->text)
            return -1;
        key->capacity = needed;
    }
    char *p = key->text;
    memcpy(p, number, (size_t)digits);
    p += digits;
    *p++ = ':';
    p = stpcpy(p, name);
    for (i = 0; i < tag_count; i++) {
        *p++ = '|';
        p = stpcpy(p, tags[i].text);
    }
    key->length = (size_t)(p - key->text);
    return 0;
}
