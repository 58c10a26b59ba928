/*
 * callgrind_costs.h - collects the costs of a Callgrind file while it is read, and adds up those
 * that belong together. Part of callgrind.c; used by nothing else. Not thread-safe.
 */
#ifndef CALLGRIND_COSTS_H
#define CALLGRIND_COSTS_H

#include <stdint.h>

#include "bench/readers/callgrind_profile.h"
#include "bench/readers/names.h"

struct callgrind_costs_line {
    uint32_t function, file, line;
    uint64_t self_ir, call_ir;
};

/* The object, file and name of a function, as numbers of names. */
struct callgrind_costs_key {
    uint32_t object, file, name;
};

/* All zero is empty. */
struct callgrind_costs {
    struct names keys; /* "object file name" in numbers of names: the function's number */
    struct callgrind_costs_key *functions;
    uint32_t function_count, function_capacity;
    struct callgrind_costs_line *lines;
    uint32_t line_count, line_capacity;
    struct callgrind_call *calls;
    uint32_t call_count, call_capacity;
};

void callgrind_costs_free(struct callgrind_costs *costs);

/* Each: 0, or -1 if memory ran out. */

/* The number of the function, a new one where it is new. */
int callgrind_costs_function(struct callgrind_costs *costs, uint32_t object, uint32_t file,
                             uint32_t name, uint32_t *function);
int callgrind_costs_add_line(struct callgrind_costs *costs, uint32_t function, uint32_t file,
                             uint32_t line, uint64_t self_ir, uint64_t call_ir);
int callgrind_costs_add_call(struct callgrind_costs *costs, uint32_t caller, uint32_t callee,
                             uint64_t count, uint64_t ir);

/* Fills in functions, lines and calls of the result, whose names are complete. */
int callgrind_costs_finish(struct callgrind_costs *costs, struct callgrind *result);

#endif
