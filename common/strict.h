/*
 * strict.h - what cJSON lets pass and RFC 8259 does not.
 *
 * cJSON 1.7 takes control characters for white space and lets them stand in strings, hands numbers
 * to strtod ("01", "1.", "-.5"), reads a \u with four bytes that are no hex digits as U+0000, and
 * does not look at UTF-8. This is one pass over the record's bytes that finds all of these, and
 * NULs in strings, which C strings cannot hold.
 */
#ifndef STRICT_H
#define STRICT_H

#include <stdbool.h>
#include <stddef.h>

#include "reject.h"

/*
 * Checks `length` bytes of text that cJSON has parsed without error. Returns true if RFC 8259 has
 * nothing against them either; otherwise false, with reason and offset of the first offence in
 * *reject.
 */
bool strict_check(const char *text, size_t length, struct reject *reject);

#endif
