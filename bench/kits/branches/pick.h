/*
 * pick.h - the readings that are below a limit, in their order. Both sides pick the same; one asks
 * before it stores, the other stores and then asks.
 */
#ifndef PICK_H
#define PICK_H

#include <stddef.h>
#include <stdint.h>

/* Stores those of `count` readings that are below the limit, and returns how many there were.
 * `picked` has room for all of them. */
size_t pick_below(const uint32_t *readings, size_t count, uint32_t limit, uint32_t *picked);

#endif
