/*
 * main.c - makes up readings, and picks those below their middle, again and again: `branches
 * READINGS PASSES`. What both sides share.
 */
#include <stdio.h>
#include <stdlib.h>

#include "pick.h"

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    size_t count = strtoul(argv[1], NULL, 10), passes = strtoul(argv[2], NULL, 10), found = 0;
    uint32_t *readings = malloc(count * sizeof *readings);
    uint32_t *picked = malloc(count * sizeof *picked);
    uint32_t random = 1, sum = 0;

    if (readings == NULL || picked == NULL)
        return 1;
    for (size_t i = 0; i < count; i++)
        readings[i] = (random = random * 1664525 + 1013904223) >> 8;
    for (size_t i = 0; i < passes; i++)
        found = pick_below(readings, count, 1u << 23, picked);
    for (size_t i = 0; i < found; i++)
        sum = sum * 31 + picked[i];
    printf("%zu of %zu are below: %08x\n", found, count, sum);
    free(picked);
    free(readings);
    return 0;
}
