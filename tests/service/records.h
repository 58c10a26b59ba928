/* records.h - bodies for the service's tests. */
#ifndef RECORDS_H
#define RECORDS_H

#include <stddef.h>
#include <stdint.h>

/* The spec's records first, first+1, ... of a seed, as NDJSON; to be freed. */
char *records_make(uint64_t seed, uint64_t first, uint64_t count, size_t *size);

/* The same as one JSON array, without the lines that are no JSON. */
char *records_make_array(uint64_t seed, uint64_t count, size_t *size);

/* The bytes as one gzip member; to be freed. */
char *records_gzip(const char *bytes, size_t count, size_t *size);

/* What the spec says of 2,000 records of seed 1. */
#define RECORDS_2000_DIGEST "0c78b2d43dfeb1f5"
enum { RECORDS_2000_ACCEPTED = 1991, RECORDS_2000_REJECTED = 9, RECORDS_2000_SCORE = 974592756 };

#endif
