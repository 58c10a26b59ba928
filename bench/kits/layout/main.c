/*
 * main.c - makes up a list of trips, and asks again and again how many cost how much:
 * `layout TRIPS QUESTIONS`. What both sides share.
 */
#include <stdio.h>
#include <stdlib.h>

#include "trips.h"

enum { CENTS_MAX = 10000 };

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    size_t count = strtoul(argv[1], NULL, 10), questions = strtoul(argv[2], NULL, 10);
    struct trips *trips = trips_new(count);
    struct trip trip = {.from = "Chemnitz"};
    uint32_t random = 1;

    if (trips == NULL)
        return 1;
    for (size_t i = 0; i < count; i++) {
        random = random * 1664525 + 1013904223;
        trip.to[0] = (char)('A' + (random >> 24) % 26);
        trip.day = random >> 20;
        trip.cents = (random >> 8) % CENTS_MAX;
        trips_add(trips, &trip);
    }
    for (size_t i = 0; i < questions; i++) {
        uint32_t cents = (uint32_t)(i * CENTS_MAX / questions);
        printf("%zu cost %u or more\n", trips_count_from(trips, cents), cents);
    }
    trips_get(trips, count / 2, &trip);
    printf("%s to %s: %u\n", trip.from, trip.to, trip.cents);
    trips_delete(trips);
    return 0;
}
