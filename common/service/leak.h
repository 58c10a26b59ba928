/*
 * leak.h - memory that is held on purpose, so that there is something to find with a profiler.
 *
 * Not one of the four problems: the article's service has it for practice. Thread-safe.
 */
#ifndef LEAK_H
#define LEAK_H

#include <pthread.h>
#include <stddef.h>

struct leak_block;

struct leak {
    size_t bytes_max; /* the cap */

    pthread_mutex_t mutex;
    /* guarded by mutex: */
    struct leak_block *blocks;
    size_t bytes;
};

void leak_init(struct leak *leak, size_t bytes_max);
void leak_free(struct leak *leak);

/* Holds `mib` MiB more, each page of them touched. 0, or -1 with errno ENOMEM, or EDQUOT where that
 * would go over the cap: then it holds what it held. */
int leak_grow(struct leak *leak, size_t mib);

/* Gives all of it back to the system. Returns how many bytes that was. */
size_t leak_undo(struct leak *leak);

size_t leak_bytes(struct leak *leak);

#endif
