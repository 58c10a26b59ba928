/*
 * count.h - what can be counted of a file, and the share of the way from naive to fixed.
 *
 * A lesson's row says by its ids which of these the points are for. Some are held against others
 * that are taken from outside of the program: these are counted with them, and give no points.
 */
#ifndef COUNT_H
#define COUNT_H

#include <stdbool.h>

#include "bench/lesson.h"

enum count {
    COUNT_NONE, /* ends a list */
    COUNT_ALLOCATIONS,
    COUNT_ALLOCATED_BYTES,
    COUNT_HEAP_BLOCKS,
    COUNT_HEAP_BYTES,
    COUNT_COMPARISONS,
    COUNT_INSTRUCTIONS,
    COUNT_INSTRUCTIONS_SORTING,
    COUNT_CALLS_OF_COMPARE,
    COUNT_WAITS_INSIDE,
    COUNT_COMPARISONS_INSIDE,
    COUNT_THREADS_ALIVE,
    COUNT_BYTES_RETAINED,
    COUNT_KINDS,
};

/* Who counts it. */
enum count_tool {
    COUNT_BY_PROGRAM, /* its counters, which are in its result whatever it runs under */
    COUNT_BY_PROCESS, /* what the kernel says of it: in its result, too */
    COUNT_BY_DHAT,
    COUNT_BY_CALLGRIND,
    COUNT_BY_MONITOR, /* kit/monitor.c */
};

struct count_kind {
    const char *id, *label, *unit;
    enum count_tool tool;
    enum count held_against[4]; /* COUNT_NONE ends it */
};

const struct count_kind *count_kind(enum count count);
/* "DHAT" */
const char *count_tool_name(enum count_tool tool);
/* COUNT_NONE for a text that is none of them. */
enum count count_from_id(const char *id);

/* A lesson's counts: those that points are given for, and then those that they are held against. */
struct count_list {
    enum count counts[COUNT_KINDS];
    unsigned length, graded_length;
};

struct count_list count_list(int lesson);
/* Whether any of the lesson's is by this tool. */
bool count_needs(int lesson, enum count_tool tool);

/* Of those that were not counted: 0. */
struct count_values {
    double of[COUNT_KINDS];
};

/*
 * The share of the gap that is closed: 0 at `naive` or above, 1 at `fixed` or below, and 1 within
 * a hundredth of the gap of it. 0 where there is no gap.
 */
double count_share(double naive, double yours, double fixed);

/* The mean of the shares of those that the lesson gives points for. */
double count_score(int lesson, const struct count_values *naive, const struct count_values *yours,
                   const struct count_values *fixed);

#endif
