#define _DEFAULT_SOURCE /* strdup */
#include "texts.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS_FIRST = 256 };

/* FNV-1a, 64 bits. */
static uint64_t hash(const char *text)
{
    uint64_t value = UINT64_C(14695981039346656037);

    for (; *text != '\0'; text++)
        value = (value ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return value;
}

/* The slot of `text`, or the free one where it belongs. */
static size_t *find_slot(const struct texts *texts, const char *text)
{
    size_t mask = texts->slot_count - 1;

    for (size_t i = hash(text) & mask;; i = (i + 1) & mask) {
        size_t *slot = &texts->slots[i];
        if (*slot == 0 || strcmp(texts->texts[*slot - 1], text) == 0)
            return slot;
    }
}

/* Room for one more, with at most half of the slots taken. */
static int reserve(struct texts *texts)
{
    if (texts->count < texts->capacity)
        return 0;
    size_t slot_count = texts->slot_count ? 2 * texts->slot_count : SLOTS_FIRST;
    char **larger = realloc(texts->texts, slot_count / 2 * sizeof *larger);
    if (larger == NULL)
        return -1;
    texts->texts = larger;
    size_t *slots = calloc(slot_count, sizeof *slots);
    if (slots == NULL)
        return -1;
    free(texts->slots);
    texts->slots = slots;
    texts->slot_count = slot_count;
    texts->capacity = slot_count / 2;
    for (size_t i = 0; i < texts->count; i++)
        *find_slot(texts, texts->texts[i]) = i + 1;
    return 0;
}

int texts_init(struct texts *texts)
{
    *texts = (struct texts){0};
    if (texts_add(texts, "") == 0)
        return 0;
    texts_free(texts);
    return -1;
}

void texts_free(struct texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        free(texts->texts[i]);
    free(texts->texts);
    free(texts->slots);
    *texts = (struct texts){0};
}

long texts_add(struct texts *texts, const char *text)
{
    if (text == NULL)
        text = "";
    if (reserve(texts) != 0)
        return -1;
    size_t *slot = find_slot(texts, text);
    if (*slot == 0) {
        char *copy = strdup(text);
        if (copy == NULL)
            return -1;
        texts->texts[texts->count++] = copy;
        *slot = texts->count;
    }
    return (long)*slot - 1;
}
