/*
 * strace.h - reads the table of `strace -c -o F`: how often each system call was made.
 *
 * With -f the calls of all threads and children are in the one table. Its times are strace's own
 * doing for the most part, and are passed over. Everything in a result belongs to it. Not
 * thread-safe for one result.
 */
#ifndef STRACE_H
#define STRACE_H

#include <stddef.h>
#include <stdint.h>

#include "bench/readers/text.h"

struct strace_call {
    const char *name;       /* "read" */
    uint64_t calls, errors; /* errors: those that failed */
};

struct strace {
    struct strace_call *calls; /* in the table's order, each name once */
    uint32_t call_count;
    uint64_t total;   /* of all calls */
    struct text text; /* holds the names */
};

/*
 * 0, or -1 with an error text that names file and line; then there is nothing to free. A table
 * whose rows do not come to its own total is refused.
 */
int strace_read(const char *path, struct strace *result, char *error, size_t error_size);
void strace_free(struct strace *result);

/* How often a call was made; 0 where it is not in the table. */
uint64_t strace_calls(const struct strace *result, const char *name);

#endif
