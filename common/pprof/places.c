#include "places.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS_FIRST = 1024 };

struct places_entry {
    uintptr_t address;
    int object;
    unsigned frame_count;
    struct symbol_frame frames[]; /* no more than there are: a place has room for many */
};

void places_free(struct places *places)
{
    for (size_t i = 0; i < places->slot_count; i++)
        free(places->slots[i]);
    free(places->slots);
    *places = (struct places){0};
}

/* The address's slot, or the free one where it belongs. There are slots. */
static struct places_entry **find_slot(const struct places *places, uintptr_t address)
{
    size_t mask = places->slot_count - 1;

    for (size_t i = (address * UINT64_C(0x9E3779B97F4A7C15)) >> 32 & mask;; i = (i + 1) & mask) {
        struct places_entry **slot = &places->slots[i];
        if (*slot == NULL || (*slot)->address == address)
            return slot;
    }
}

bool places_find(const struct places *places, uintptr_t address, struct symbol_place *place)
{
    const struct places_entry *entry = places->slot_count > 0 ? *find_slot(places, address) : NULL;

    if (entry == NULL)
        return false;
    place->object = entry->object;
    place->frame_count = entry->frame_count;
    memcpy(place->frames, entry->frames, entry->frame_count * sizeof *entry->frames);
    return true;
}

/* At most half of the slots are taken. False: no memory. */
static bool reserve(struct places *places)
{
    struct places larger = {.slot_count = places->slot_count ? 2 * places->slot_count : SLOTS_FIRST,
                            .count = places->count};

    if (2 * (places->count + 1) <= places->slot_count)
        return true;
    larger.slots = calloc(larger.slot_count, sizeof(struct places_entry *));
    if (larger.slots == NULL)
        return false;
    for (size_t i = 0; i < places->slot_count; i++)
        if (places->slots[i] != NULL)
            *find_slot(&larger, places->slots[i]->address) = places->slots[i];
    free(places->slots);
    *places = larger;
    return true;
}

void places_add(struct places *places, uintptr_t address, const struct symbol_place *place)
{
    size_t size = place->frame_count * sizeof *place->frames;

    if (!reserve(places))
        return;
    struct places_entry *entry = malloc(sizeof *entry + size);
    if (entry == NULL)
        return;
    entry->address = address;
    entry->object = place->object;
    entry->frame_count = place->frame_count;
    memcpy(entry->frames, place->frames, size);
    struct places_entry **slot = find_slot(places, address);
    places->count += *slot == NULL;
    free(*slot);
    *slot = entry;
}
