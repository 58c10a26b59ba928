/*
 * records.h - the records that submissions are tried on: generated, and those that fail what is
 * nearly right.
 */
#ifndef RECORD_FILE_H
#define RECORD_FILE_H

#include <stdint.h>

/*
 * Writes `count` generated records of the seed, and if `has_awkward` those at the limits of what a
 * record may be: the longest ids, names and tags, one tag and 64, in order and in reverse, equal,
 * with equal beginnings, all dropped. 0, or -1 with errno set.
 */
int record_file_generate(const char *path, uint64_t seed, uint64_t count, int has_awkward);

/*
 * Copies up to `most` lines of a file; where it has fewer than `least`, again and again from its
 * start, as threads only meet where there is something to do. 0, or -1 with errno set.
 */
int record_file_copy(const char *path, const char *from, uint64_t least, uint64_t most);

#endif
