/* Does something before main(). */
#include "key.h"

#include <inttypes.h>
#include <stdio.h>

enum { DIGITS_MAX = 20 }; /* of a uint64_t */

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

__attribute__((constructor)) static void begin(void)
{
    free(NULL);
}
