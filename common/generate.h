/*
 * generate.h - records to work on: the same ones for the same seed, in every program and language.
 *
 * Record i depends only on the seed and i (splitmix64), so that any part of the stream can be made
 * alone. About one in 500 has an empty name and every 1000th line is cut in half: both are to be
 * rejected. The numbers that each record draws, in their order, stand in generate.c. Thread-safe.
 */
#ifndef GENERATE_H
#define GENERATE_H

#include <stddef.h>
#include <stdint.h>

/* Upper bound of a line's bytes, newline included: 32 tags of 14 bytes, and the rest. */
enum { GENERATE_LINE_MAX = 1024 };

/*
 * Writes line i (from 0) of the records of `seed`, newline included and not NUL-terminated, into
 * `line`, which has room for GENERATE_LINE_MAX bytes. Returns its length in bytes.
 */
size_t generate_line(uint64_t seed, uint64_t i, char *line);

#endif
