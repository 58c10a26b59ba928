/*
 * sample.c - a program that is run under the tools to make the test data of their readers.
 *
 * It has what the readers must cope with: an inlined function from a header, recursion of one
 * function and of two, qsort() calling back, memory that is kept, freed, lost and reachable.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/harness/data/sample.h"

char *volatile kept; /* still reachable at the end */

__attribute__((noinline)) unsigned fibonacci(unsigned n)
{
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

unsigned is_odd(unsigned n);

__attribute__((noinline)) unsigned is_even(unsigned n)
{
    return n == 0 ? 1 : is_odd(n - 1) ^ (n > 1000);
}

__attribute__((noinline)) unsigned is_odd(unsigned n)
{
    return n == 0 ? 0 : is_even(n - 1) ^ (n > 1000);
}

static int compare(const void *a, const void *b)
{
    unsigned left = *(const unsigned *)a, right = *(const unsigned *)b;
    return (left > right) - (left < right);
}

__attribute__((noinline)) unsigned sort_numbers(unsigned *numbers, unsigned count)
{
    unsigned state = 1;
    for (unsigned i = 0; i < count; i++) {
        state = sample_mix(state);
        numbers[i] = state;
    }
    qsort(numbers, count, sizeof *numbers, compare);
    return numbers[count / 2];
}

/* Grows by one byte a step, as a hurried programmer would write it. */
__attribute__((noinline)) char *key_build(unsigned length)
{
    char *key = calloc(1, 1);
    for (unsigned i = 0; i < length; i++) {
        char *longer = malloc(i + 2);
        memcpy(longer, key, i + 1);
        longer[i] = (char)('a' + i % 26);
        longer[i + 1] = '\0';
        free(key);
        key = longer;
    }
    return key;
}

__attribute__((noinline)) void lose(unsigned size)
{
    char *volatile lost = malloc(size);
    lost[0] = 1;
    lost = NULL;
}

/* The first block is lost, and with it the second, which only the first points at. */
__attribute__((noinline)) void lose_chain(void)
{
    char *volatile *volatile chain = malloc(sizeof *chain);
    *chain = malloc(100);
    chain = NULL;
}

int main(void)
{
    unsigned *numbers = malloc(100 * sizeof *numbers);
    unsigned sum = fibonacci(10) + is_even(20) + sort_numbers(numbers, 100);

    for (unsigned length = 1; length <= 20; length++) {
        char *key = key_build(length);
        sum += (unsigned)strlen(key);
        free(key);
    }
    free(numbers);
    kept = key_build(40);
    lose(24);
    lose(1000);
    lose_chain();
    printf("%u %s\n", sum, kept);
    return 0;
}
