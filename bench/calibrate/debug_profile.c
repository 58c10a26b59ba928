#include "bench/calibrate/debug_profile.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* "#\t0x55d0\tkey_build+0x1f\tfile:line" */
static bool is_frame_of(const char *line, const char *function)
{
    const char *name = strncmp(line, "#\t0x", 4) == 0 ? strchr(line + 4, '\t') : NULL;
    size_t length = strlen(function);

    return name != NULL && strncmp(name + 1, function, length) == 0 &&
           strncmp(name + 1 + length, "+0x", 3) == 0;
}

/* "853 213909504 254 211812352 @ 0x...": the value, or NAN. */
static double value_at(const char *line, unsigned value)
{
    char *end;

    for (;; value--) {
        double number = strtod(line, &end);
        if (end == line)
            return NAN;
        if (value == 0)
            return number;
        line = end;
    }
}

double debug_profile_sum(const char *text, const char *function, unsigned value)
{
    double sum = 0, pending = 0; /* what the stack has that is being read, until it is counted */

    if (strncmp(text, "# ", 2) != 0)
        return NAN;
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        bool is_stack = *line != '#' && *line != '\n' && *line != '\0';
        if (is_stack)
            pending = value_at(line, value);
        if (function == NULL ? is_stack : is_frame_of(line, function)) {
            sum += pending;
            pending = 0; /* a function that calls itself */
        }
    }
    return sum;
}

long debug_profile_next(const char **text, const char *key)
{
    const char *at = strstr(*text, key);
    char *end;

    if (at == NULL)
        return -1;
    long number = strtol(at + strlen(key), &end, 10);
    *text = end;
    return number;
}
