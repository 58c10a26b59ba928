/*
 * strict.h - what cJSON lets pass and RFC 8259 does not, or one version of cJSON and another not.
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

#include "common/reject.h"

/*
 * The most bytes of a number. cJSON up to 1.7.18 reads no more and takes the rest for a fault;
 * later ones, and Debian's, read any number. The same records have to be accepted with each.
 */
enum { STRICT_NUMBER_MAX = 63 };

/*
 * To be asked before cJSON is. Returns true if no number in `length` bytes, which need not be JSON,
 * is longer than STRICT_NUMBER_MAX; otherwise false, with the first one that is in *reject.
 */
bool strict_check_numbers(const char *text, size_t length, struct reject *reject);

/*
 * Checks `length` bytes of text that cJSON has parsed without error. Returns true if RFC 8259 has
 * nothing against them either; otherwise false, with reason and offset of the first offence in
 * *reject.
 */
bool strict_check(const char *text, size_t length, struct reject *reject);

#endif
