/*
 * callgrind.h - reads what `valgrind --tool=callgrind` wrote: instructions by function and line.
 *
 * Reads every form that the options of Callgrind 3.19 produce: compressed names and positions or
 * not, --dump-instr, --collect-jumps, --cache-sim, --branch-sim, several objects, several parts in
 * one file. Format: https://valgrind.org/docs/manual/cl-format.html
 *
 * The costs of all lines must sum to the file's own totals, or else the file is refused: that
 * finds a file that was cut or changed, and would find a mistake of this reader.
 *
 * Not thread-safe for one result; everything in a result belongs to it.
 */
#ifndef CALLGRIND_H
#define CALLGRIND_H

#include <stddef.h>
#include <stdint.h>

#include "bench/readers/callgrind_profile.h"

/* All that the file says of one function of the source, put together. */
struct callgrind_cost {
    uint64_t self_ir;
    uint64_t inclusive_ir;   /* once for each outermost call */
    uint64_t call_count;     /* recursive calls included */
    uint32_t function_count; /* how many of functions[] it was put together from */
};

/* 0, or -1 with an error text that names file and line; then there is nothing to free. */
int callgrind_read(const char *path, struct callgrind *result, char *error, size_t error_size);
void callgrind_free(struct callgrind *result);

/*
 * Sums up the function with this name in the source, wherever it is defined, with its compiler's
 * copies ("key_build.part.0") and its recursive levels ("key_build'2"). A call from one copy to
 * another is not counted twice, nor as a call. All zero where the file has no such function, as
 * after it was inlined everywhere. With files made by --separate-recs=1, recursion of a function
 * through others is counted once for each level.
 */
void callgrind_sum_function(const struct callgrind *result, const char *function,
                            struct callgrind_cost *cost);

#endif
