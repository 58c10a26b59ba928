/*
 * The problem: the threads' counts lie side by side, 32 bytes each, and two threads share a cache
 * line, though never a count. A line is written by one core at a time: it goes back and forth
 * between them with nearly each byte that is counted.
 *
 * No count shows it. Instructions, allocations, system calls are the same; no lock is there to
 * wait for; simulated caches are those of one core. Wall time on two cores shows it.
 */
#include "tally.h"

#include <stdlib.h>

struct counts {
    uint64_t of[TALLY_KINDS];
};

struct tally {
    struct counts *threads;
};

struct tally *tally_new(unsigned thread_count)
{
    struct tally *tally = malloc(sizeof *tally);
    if (tally == NULL)
        return NULL;
    tally->threads = aligned_alloc(64, thread_count * 64);
    if (tally->threads == NULL) {
        free(tally);
        return NULL;
    }
    for (unsigned i = 0; i < thread_count; i++)
        tally->threads[i] = (struct counts){{0}};
    return tally;
}

void tally_delete(struct tally *tally)
{
    free(tally->threads);
    free(tally);
}

void tally_count(struct tally *tally, unsigned thread, const unsigned char *bytes, size_t length)
{
    uint64_t *of = tally->threads[thread].of;
    for (size_t i = 0; i < length; i++)
        of[bytes[i] % TALLY_KINDS]++;
}

const uint64_t *tally_counts(const struct tally *tally, unsigned thread)
{
    return tally->threads[thread].of;
}
