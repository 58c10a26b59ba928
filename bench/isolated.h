/*
 * isolated.h - does a piece of work in a process of its own.
 *
 * The naive workers' threads end with their process and not before. So each turn of a benchmark
 * that uses workers gets a fresh process: it starts without threads left over from the turn before,
 * and what it retained is given back when it is over. Both trees are treated alike.
 */
#ifndef ISOLATED_H
#define ISOLATED_H

#include <stddef.h>

enum { ISOLATED_ERROR_SIZE = 256 };

/*
 * Forks, calls work(argument, result) in the child, and ends it: exit handlers don't run, and its
 * threads are gone. `result` is `size` bytes, zero at first, and comes back to the caller. Not for
 * a process that has other threads running. 0, or -1 with `error` set if there could be no process
 * or if it died.
 */
int isolated_run(void (*work)(const void *argument, void *result), const void *argument,
                 void *result, size_t size, char error[ISOLATED_ERROR_SIZE]);

#endif
