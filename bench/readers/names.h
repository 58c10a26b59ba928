/*
 * names.h - texts kept once each, numbered 0, 1, 2... in the order of their first appearance.
 *
 * A tool's output repeats the same few thousand names of functions and files. Not thread-safe.
 */
#ifndef NAMES_H
#define NAMES_H

#include <stddef.h>
#include <stdint.h>

/* All zero is empty. */
struct names {
    char **texts; /* owned: texts[number] stays where it is until names_free() */
    uint32_t count;
    uint32_t *slots;     /* hash table of number+1; 0: free */
    uint32_t slot_count; /* 0, or a power of two that is at least twice `count` */
};

void names_free(struct names *names);

/* The number of the text, which is copied where it is new. 0, or -1 if memory ran out. */
int names_add(struct names *names, const char *text, uint32_t *number);

#endif
