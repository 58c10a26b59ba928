/* The same idea as the reference, by somebody who has not seen it: one size, one buffer, one pass. */
#include "key.h"

#include "digits.h"

int key_build(struct key *key, uint64_t id, const char *name, const struct tag *tags,
              uint32_t tag_count)
{
    const size_t name_len = strlen(name);
    size_t total = DIGITS_MAX + name_len + 2;

    for (uint32_t t = 0; t < tag_count; ++t)
        total += tags[t].length + 1;
    if (total > key->capacity) {
        size_t room = total + total / 2;
        char *bigger = realloc(key->text, room);
        if (bigger == NULL)
            return -1;
        key->capacity = room;
        key->text = bigger;
    }
    char *out = digits_write(key->text, id);
    *out++ = ':';
    memcpy(out, name, name_len);
    out += name_len;
    for (uint32_t t = 0; t < tag_count; ++t) {
        *out++ = '|';
        memcpy(out, tags[t].text, tags[t].length);
        out += tags[t].length;
    }
    *out = '\0';
    key->length = out - key->text;
    return 0;
}
