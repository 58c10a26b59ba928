/*
 * memcheck.h - reads the log of `valgrind --tool=memcheck --log-file=F`: leaks by kind, and errors.
 *
 * The text log, and not the XML: only the text has the summary that everybody knows ("definitely
 * lost: 0 bytes in 0 blocks"), and it counts all blocks whatever --show-leak-kinds says. With
 * --leak-check=full each record of lost blocks counts as an error as well; the default,
 * --leak-check=summary, counts invalid reads and writes and the like only. Thread-safe.
 */
#ifndef MEMCHECK_H
#define MEMCHECK_H

#include <stddef.h>
#include <stdint.h>

struct memcheck_blocks {
    uint64_t bytes, blocks;
};

struct memcheck {
    struct memcheck_blocks definitely_lost; /* nothing points at them any more */
    struct memcheck_blocks indirectly_lost; /* only lost blocks point at them */
    struct memcheck_blocks possibly_lost;   /* only pointers into their middle are left */
    struct memcheck_blocks still_reachable; /* could have been freed, and were not */
    struct memcheck_blocks suppressed;
    struct memcheck_blocks in_use; /* at exit: the sum of the above */
    uint64_t allocation_count, free_count;
    uint64_t allocated_bytes;
    uint64_t error_count;   /* occurrences */
    uint64_t context_count; /* different ones */
};

/* 0, or -1 with an error text that names file and line. A result holds no memory. */
int memcheck_read(const char *path, struct memcheck *result, char *error, size_t error_size);

#endif
