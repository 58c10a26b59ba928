/*
 * The fix: what is asked for often lies together. The prices are an array of their own, sixteen
 * to a cache line, and one miss serves sixteen of them; all else of a trip is where it was.
 *
 * The cost: two arrays to keep in step, and two places to read where a whole trip is asked for.
 */
#include "trips.h"

#include <stdlib.h>

struct trips {
    size_t count;
    struct trip *rows;
    uint32_t *cents;
};

struct trips *trips_new(size_t capacity)
{
    struct trips *trips = malloc(sizeof *trips);
    if (trips == NULL)
        return NULL;
    trips->count = 0;
    trips->rows = malloc(capacity * sizeof *trips->rows);
    trips->cents = malloc(capacity * sizeof *trips->cents);
    if (trips->rows == NULL || trips->cents == NULL) {
        trips_delete(trips);
        return NULL;
    }
    return trips;
}

void trips_delete(struct trips *trips)
{
    free(trips->cents);
    free(trips->rows);
    free(trips);
}

void trips_add(struct trips *trips, const struct trip *trip)
{
    trips->cents[trips->count] = trip->cents;
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
        found += trips->cents[i] >= cents;
    return found;
}
