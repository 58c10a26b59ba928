/*
 * texts.h - a set of strings, each kept once and numbered from 0 in the order in which they came.
 *
 * Used by one thread at a time. The first is always "", as profile.proto wants it.
 */
#ifndef PPROF_TEXTS_H
#define PPROF_TEXTS_H

#include <stddef.h>

struct texts {
    char **texts;
    size_t count, capacity;
    size_t *slots; /* a hash table: index + 1, 0 is free */
    size_t slot_count;
};

int texts_init(struct texts *texts); /* 0, or -1 without memory */
void texts_free(struct texts *texts);

/* The number of `text` (NULL is ""), which is copied if it is new. -1: no memory. */
long texts_add(struct texts *texts, const char *text);

#endif
