/*
 * main.c - keeps numbers, and adds them up a hundred times: `numbers COUNT`. What both sides share.
 * What it prints is the proof that both do the same, so let it say all that the sides work out.
 */
#include <stdio.h>
#include <stdlib.h>

#include "numbers.h"

int main(int argc, char **argv)
{
    struct numbers *numbers = numbers_new();
    uint32_t random = 1;

    if (argc != 2 || numbers == NULL)
        return 2;
    for (unsigned long left = strtoul(argv[1], NULL, 10); left > 0; left--) {
        random = random * 1664525 + 1013904223; /* the same on each run */
        if (numbers_add(numbers, random >> 8) != 0)
            return 1;
    }
    for (int i = 1; i <= 100; i++)
        printf("%d %llu\n", i, (unsigned long long)numbers_sum(numbers));
    numbers_delete(numbers);
    return 0;
}
