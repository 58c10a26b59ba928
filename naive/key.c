/*
 * Problem 1: string building. Each part of the key makes a new, longer string.
 *
 * It reads well, and each step is correct. But a string of n tags is copied n times on the way, and
 * each step looks for the end of what it wrote in the step before: O(n^2) bytes, and an allocation
 * a part.
 *
 * Seen by: DHAT (blocks and bytes of `appended`), callgrind (strlen, vfprintf, malloc and free
 * below key_build), the benchmark's exponent over the number of tags. Not seen by: lock statistics.
 */
#include "key.h"

#include <inttypes.h>
#include <stdio.h>

#include "digits.h"

/* Returns a new string, `text` and `tail` with a separator between them, in place of `text`. */
static char *appended(char *text, char separator, const char *tail)
{
    size_t size = strlen(text) + 1 + strlen(tail) + 1;
    char *longer = malloc(size);
    if (longer != NULL)
        snprintf(longer, size, "%s%c%s", text, separator, tail);
    free(text);
    return longer;
}

int key_build(struct key *key, uint64_t id, const char *name, const struct tag *tags,
              uint32_t tag_count)
{
    char *text = malloc(DIGITS_MAX + 1);

    key_free(key);
    if (text != NULL) {
        snprintf(text, DIGITS_MAX + 1, "%" PRIu64, id);
        text = appended(text, ':', name);
    }
    for (uint32_t i = 0; text != NULL && i < tag_count; i++)
        text = appended(text, '|', tags[i].text);
    if (text == NULL)
        return -1;
    key->text = text;
    key->length = strlen(text);
    key->capacity = key->length + 1;
    return 0;
}
