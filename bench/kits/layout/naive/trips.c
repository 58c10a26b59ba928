/*
 * The problem: an array of structures, as one writes it down. Who asks for the price of each
 * reads four bytes of 56, and the memory hands out cache lines of 64: nearly each price is a miss.
 *
 * Seen by: the simulated data cache (callgrind with --cache-sim=yes: D1 and last-level read misses
 * of trips_count_from), and by time. Not seen by: instructions, which hardly move; allocations.
 */
#include "trips.h"

#include <stdlib.h>

struct trips {
    size_t count;
    struct trip *rows;
};

struct trips *trips_new(size_t capacity)
{
    struct trips *trips = malloc(sizeof *trips);
    if (trips == NULL)
        return NULL;
    trips->count = 0;
    trips->rows = malloc(capacity * sizeof *trips->rows);
    if (trips->rows == NULL) {
        free(trips);
        return NULL;
    }
    return trips;
}

void trips_delete(struct trips *trips)
{
    free(trips->rows);
    free(trips);
}

void trips_add(struct trips *trips, const struct trip *trip)
{
    trips->rows[trips->count++] = *trip;
}

void trips_get(const struct trips *trips, size_t index, struct trip *trip)
{
    *trip = trips->rows[index];
}

size_t trips_count_from(const struct trips *trips, uint32_t cents)
{
    size_t found = 0;
    for (size_t i = 0; i < trips->count; i++)
        found += trips->rows[i].cents >= cents;
    return found;
}
