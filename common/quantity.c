#include "common/quantity.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct unit {
    const char *name;
    uint64_t factor;
};

/* of each kind, from the smallest; a NULL name ends them */
static const struct unit units_of[][5] = {
    [QUANTITY_NUMBER] = {{"", 1}},
    [QUANTITY_DURATION] = {{"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", 1000000000}},
    [QUANTITY_SIZE] = {{"", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}},
};

int quantity_read(enum quantity kind, const char *text, uint64_t low, uint64_t high,
                  uint64_t *value)
{
    const struct unit *unit = units_of[kind];
    char *end;

    if (text[0] < '0' || text[0] > '9') /* strtoull takes signs and white space */
        return -1;
    errno = 0;
    uint64_t number = strtoull(text, &end, 10);
    if (errno != 0)
        return -1;
    while (unit->name != NULL && strcmp(end, unit->name) != 0)
        unit++;
    bool is_bare_zero = number == 0 && *end == '\0';
    if (unit->name == NULL && !is_bare_zero)
        return -1;
    if (__builtin_mul_overflow(number, is_bare_zero ? 1 : unit->factor, value))
        return -1;
    return *value >= low && *value <= high ? 0 : -1;
}

const char *quantity_write(enum quantity kind, uint64_t value, char text[QUANTITY_TEXT_SIZE])
{
    const struct unit *largest = units_of[kind];

    for (const struct unit *unit = largest; unit->name != NULL; unit++)
        if (value % unit->factor == 0)
            largest = unit;
    if (value == UINT64_MAX)
        return strcpy(text, "2^64-1");
    if (value == 0)
        return strcpy(text, "0");
    if (kind == QUANTITY_NUMBER && value > UINT32_MAX && (value & (value - 1)) == 0)
        snprintf(text, QUANTITY_TEXT_SIZE, "2^%d", __builtin_ctzll(value));
    else
        snprintf(text, QUANTITY_TEXT_SIZE, "%" PRIu64 "%s", value / largest->factor, largest->name);
    return text;
}
