#include "bench/readers/names.h"

#include <stdlib.h>
#include <string.h>

void names_free(struct names *names)
{
    for (uint32_t i = 0; i < names->count; i++)
        free(names->texts[i]);
    free(names->texts);
    free(names->slots);
    *names = (struct names){0};
}

/* FNV-1a-32 (Fowler, Noll, Vo). */
static uint32_t hash(const char *text)
{
    uint32_t value = 2166136261u;
    for (; *text != '\0'; text++)
        value = (value ^ (unsigned char)*text) * 16777619u;
    return value;
}

/* The slot that holds the text, or the free one where it belongs. There is always a free one. */
static uint32_t *find_slot(const struct names *names, const char *text)
{
    uint32_t mask = names->slot_count - 1;
    uint32_t i = hash(text) & mask;
    while (names->slots[i] != 0 && strcmp(names->texts[names->slots[i] - 1], text) != 0)
        i = (i + 1) & mask;
    return &names->slots[i];
}

static int grow(struct names *names)
{
    uint32_t slot_count = names->slot_count != 0 ? 2 * names->slot_count : 256;
    uint32_t *slots = calloc(slot_count, sizeof *slots);
    char **texts = realloc(names->texts, slot_count / 2 * sizeof *texts);

    if (texts != NULL)
        names->texts = texts;
    if (slots == NULL || texts == NULL) {
        free(slots);
        return -1;
    }
    free(names->slots);
    names->slots = slots;
    names->slot_count = slot_count;
    for (uint32_t i = 0; i < names->count; i++)
        *find_slot(names, names->texts[i]) = i + 1;
    return 0;
}

int names_add(struct names *names, const char *text, uint32_t *number)
{
    if (names->count == names->slot_count / 2 && grow(names) != 0)
        return -1;

    uint32_t *slot = find_slot(names, text);
    if (*slot == 0) {
        char *copy = strdup(text);
        if (copy == NULL)
            return -1;
        names->texts[names->count++] = copy;
        *slot = names->count;
    }
    *number = *slot - 1;
    return 0;
}
