/*
 * memory.h - the allocator that counts, and that can be told to fail.
 *
 * The code of the project calls malloc, calloc and realloc like any C program; the linker
 * (--wrap, see the Makefile) routes those calls through memory.c, which counts them in `counts` and
 * goes on to the C library. It leaves by a tail call, so that profilers see the caller directly
 * above malloc. Calls from inside libraries are not routed and not counted.
 */
#ifndef MEMORY_H
#define MEMORY_H

#include <stdint.h>

/*
 * Makes the nth allocation from now in the calling thread return NULL with errno ENOMEM, and each
 * one after it too, until called again; 0 means never (the default). For tests.
 */
void memory_fail_at(uint64_t nth);

#endif
