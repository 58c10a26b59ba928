/*
 * tally.h - bytes counted by kind, by several threads at once: each has counts of its own, so that
 * none has to wait for another. Both sides have the same counts; they put them elsewhere.
 */
#ifndef TALLY_H
#define TALLY_H

#include <stddef.h>
#include <stdint.h>

enum { TALLY_KINDS = 4 };

struct tally;

/* For so many threads; NULL if memory ran out. */
struct tally *tally_new(unsigned thread_count);
void tally_delete(struct tally *tally);

/* Counts bytes for a thread, 0 to thread_count - 1. No two threads may be the same one at a time. */
void tally_count(struct tally *tally, unsigned thread, const unsigned char *bytes, size_t length);

/* The counts of a thread. */
const uint64_t *tally_counts(const struct tally *tally, unsigned thread);

#endif
