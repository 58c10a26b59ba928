/*
 * digits.h - a number as text, for where printf() would be most of the work.
 */
#ifndef DIGITS_H
#define DIGITS_H

#include <stdint.h>
#include <string.h>

enum { DIGITS_MAX = 20 }; /* of a uint64_t */

/* Writes the digits of `number` at `to`, which has room for DIGITS_MAX, and returns their end. */
static inline char *digits_write(char *to, uint64_t number)
{
    char digits[DIGITS_MAX];
    int first = DIGITS_MAX;
    do {
        digits[--first] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    memcpy(to, digits + first, (size_t)(DIGITS_MAX - first));
    return to + (DIGITS_MAX - first);
}

#endif
