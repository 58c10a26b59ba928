/*
 * maps.h - what memory this process has: /proc/self/maps, read without allocating.
 *
 * Async-signal-safe, for a forked child that must not call malloc.
 */
#ifndef PPROF_MAPS_H
#define PPROF_MAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mapping {
    uintptr_t low, high;
    bool is_readable, is_writable, is_shared;
    bool is_anonymous; /* of no file, and without a name */
    bool is_heap;      /* what brk() gives */
    bool is_stack;     /* the main thread's */
    bool is_libc;      /* the C library's file */
    bool is_device;    /* not to be read: that might do something */
};

struct maps {
    struct mapping *mappings; /* by address */
    size_t count, capacity;
    size_t bytes; /* of the memory that they are in */
};

/* 0, or -1: no memory, or no /proc. */
int maps_read(struct maps *maps);
void maps_free(struct maps *maps);

/* The mapping with that address, or NULL. */
const struct mapping *maps_find(const struct maps *maps, uintptr_t address);

#endif
