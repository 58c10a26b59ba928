/* digits.c - numbers as text. */
#include "common/digits.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* In a block of just DIGITS_MAX bytes: ASan would see one more. */
Test(digits, are_those_of_printf)
{
    static const uint64_t numbers[] = {0, 1, 9, 10, 99, 100, 9007199254740991, UINT64_MAX};

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char expected[DIGITS_MAX + 1];
        int length = snprintf(expected, sizeof expected, "%" PRIu64, numbers[i]);
        char *to = malloc(DIGITS_MAX);
        cr_expect_eq(digits_write(to, numbers[i]), to + length);
        cr_expect_arr_eq(to, expected, (size_t)length);
        free(to);
    }
}
