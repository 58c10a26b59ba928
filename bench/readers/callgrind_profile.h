/*
 * callgrind_profile.h - what stands in a file of Callgrind: functions, their lines and their calls.
 */
#ifndef CALLGRIND_PROFILE_H
#define CALLGRIND_PROFILE_H

#include <stdint.h>

#include "bench/readers/names.h"

enum { CALLGRIND_EVENTS_MAX = 32 };

/*
 * A function of one source file in one object. Callgrind calls the second and further levels of a
 * recursion "f'2" (--separate-recs=2 is its default), and they are functions of their own here.
 */
struct callgrind_function {
    const char *name;
    const char *file; /* where the function starts; code inlined into it has lines of other files */
    const char *object; /* "" if unknown */
    uint64_t self_ir;   /* instructions of its own code, with what was inlined into it */
    /*
     * With all that it called. Exact for a function that is on the stack once at most, which with
     * --separate-recs holds for each name without a 'N. Where a function's calls lead back to
     * itself, (f'2, or any recursion over several functions without --separate-recs), a nested
     * call's instructions are counted again for each level, and this can exceed the total.
     */
    uint64_t inclusive_ir;
    uint64_t call_count; /* times that it was called; 0 if all calls were made uncollected */
    uint32_t line_first; /* its lines: lines[line_first] to lines[line_first + line_count - 1] */
    uint32_t line_count;
};

/* What one source line cost inside one function. Sorted by function, then file, then line. */
struct callgrind_line {
    uint32_t function; /* index of functions[] */
    uint32_t line;     /* from 1; 0 if unknown */
    const char *file;  /* the line's own: a header for inlined code; "???" if unknown */
    uint64_t self_ir;
    uint64_t call_ir; /* spent in the calls made from this line; levels of a recursion add up */
};

/* All calls of one function by another. Sorted by caller, then callee. */
struct callgrind_call {
    uint32_t caller, callee; /* indices of functions[] */
    uint64_t count;
    uint64_t ir; /* spent in these calls, all that they called included */
};

struct callgrind {
    const char *events[CALLGRIND_EVENTS_MAX]; /* "Ir", "Dr", ... in the file's order */
    uint64_t totals[CALLGRIND_EVENTS_MAX]; /* sums over all lines, as Callgrind says 'Collected' */
    uint32_t event_count;
    uint64_t total_ir; /* the one of totals[] that is Ir */
    struct callgrind_function *functions;
    uint32_t function_count;
    struct callgrind_line *lines;
    uint32_t line_count;
    struct callgrind_call *calls;
    uint32_t call_count;
    struct names names; /* holds all the texts above */
};

#endif
