/*
 * memcheck.h - reads the log of `valgrind --tool=memcheck --log-file=F`: what is definitely lost.
 *
 * The text log, and not the XML: only the text has the summary that everybody knows ("definitely
 * lost: 0 bytes in 0 blocks"), and it counts all blocks whatever --show-leak-kinds says.
 * Thread-safe.
 */
#ifndef MEMCHECK_H
#define MEMCHECK_H

#include <stddef.h>
#include <stdint.h>

/* Blocks that nothing points at any more, at the program's end. */
struct memcheck {
    uint64_t lost_bytes, lost_blocks;
};

/* 0, or -1 with an error text that names file and line. A result holds no memory. */
int memcheck_read(const char *path, struct memcheck *result, char *error, size_t error_size);

#endif
