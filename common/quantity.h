/*
 * quantity.h - numbers, durations and sizes as people type them: 1000, 50us, 64KiB.
 */
#ifndef QUANTITY_H
#define QUANTITY_H

#include <stdint.h>

enum quantity {
    QUANTITY_NUMBER,   /* whole and decimal, without a unit */
    QUANTITY_DURATION, /* in nanoseconds: ns, us, ms, s; 0 may stand alone */
    QUANTITY_SIZE,     /* in bytes: no unit, KiB, MiB, GiB */
};

enum { QUANTITY_TEXT_SIZE = 32 };

/* 0, or -1 if the text is no such quantity or not from low to high. */
int quantity_read(enum quantity kind, const char *text, uint64_t low, uint64_t high,
                  uint64_t *value);

/* In its largest unit that divides it: 64KiB rather than 65536. Returns `text`. */
const char *quantity_write(enum quantity kind, uint64_t value, char text[QUANTITY_TEXT_SIZE]);

#endif
