/*
 * trips.h - a list of trips, of which much is known and mostly one thing is asked. Both sides keep
 * the same; they lay it out differently.
 */
#ifndef TRIPS_H
#define TRIPS_H

#include <stddef.h>
#include <stdint.h>

enum { TRIP_PLACE_SIZE = 24 };

struct trip {
    char from[TRIP_PLACE_SIZE], to[TRIP_PLACE_SIZE];
    uint32_t day, cents;
};

struct trips;

/* Room for so many; NULL if memory ran out. */
struct trips *trips_new(size_t capacity);
void trips_delete(struct trips *trips);

void trips_add(struct trips *trips, const struct trip *trip);
void trips_get(const struct trips *trips, size_t index, struct trip *trip);

/* How many cost that much or more. */
size_t trips_count_from(const struct trips *trips, uint32_t cents);

#endif
