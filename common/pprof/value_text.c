#include "value_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static char *scaled(double value, double step, const char *const *units, char text[VALUE_TEXT_SIZE])
{
    while (units[1] != NULL && (value >= step || value <= -step)) {
        value /= step;
        units++;
    }
    snprintf(text, VALUE_TEXT_SIZE, "%.4g%s", value, *units);
    return text;
}

char *value_text(int64_t value, const char *unit, char text[VALUE_TEXT_SIZE])
{
    static const char *const times[] = {"ns", "us", "ms", "s", NULL};
    static const char *const sizes[] = {"B", "KiB", "MiB", "GiB", "TiB", NULL};

    if (strcmp(unit, "nanoseconds") == 0)
        return scaled((double)value, 1000, times, text);
    if (strcmp(unit, "bytes") == 0)
        return scaled((double)value, 1024, sizes, text);
    snprintf(text, VALUE_TEXT_SIZE, "%" PRId64, value);
    return text;
}
