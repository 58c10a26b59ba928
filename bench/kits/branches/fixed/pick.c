/*
 * The fix: no branch to guess. Each reading is stored, and only one that counts moves the place of
 * the next: a comparison becomes a number to add.
 *
 * The cost: a store for each reading, wanted or not. Where a branch nearly always goes one way, it
 * is guessed well, and this is slower.
 */
#include "pick.h"

size_t pick_below(const uint32_t *readings, size_t count, uint32_t limit, uint32_t *picked)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        picked[found] = readings[i];
        found += readings[i] < limit;
    }
    return found;
}
