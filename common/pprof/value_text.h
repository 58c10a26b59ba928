/* value_text.h - a profile's value as people read it. */
#ifndef PPROF_VALUE_TEXT_H
#define PPROF_VALUE_TEXT_H

#include <stdint.h>

enum { VALUE_TEXT_SIZE = 32 };

/* `value` in its unit: "1.25s", "3.5MiB", "12". Returns `text`. */
char *value_text(int64_t value, const char *unit, char text[VALUE_TEXT_SIZE]);

#endif
