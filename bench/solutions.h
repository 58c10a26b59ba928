/*
 * solutions.h - the fixes in the words of the report. An edition for students has other words in
 * its place (classroom/handout/), so none that give a fix away stand anywhere else in what they
 * get.
 */
#ifndef SOLUTIONS_H
#define SOLUTIONS_H

#define KEY_SOLUTION "one pass into a buffer that is reused"
#define KEY_SOLVED "with keys built in one pass"
#define SORT_SOLUTION "sorted once, in place, and remembered"
#define SORT_SOLVED "with tags sorted once"
#define STORE_SOLUTION "a shard is locked to publish the row"
#define WORKERS_SOLUTION "a pool, closed and joined"
#define WORKERS_SOLVED "with a pool"
#define WORKERS_CHOSEN                                                                             \
    "threads = CPUs x (1 + wait / compute), at most 64 (Little's law; compute is a record's CPU "  \
    "time with its thread's sleep and waking)"

#endif
