/*
 * children.h - the processes that a profiled one started and that serve profiles themselves: each
 * with its address, in memory that all of them share, so that the first one's index lists them.
 *
 * A child that was forked has the memory; one that then runs another program finds it by the number
 * of a file that it inherits. Thread-safe.
 */
#ifndef PPROF_CHILDREN_H
#define PPROF_CHILDREN_H

#include <sys/types.h>

/* Makes the table. Its file's number, or -1: there is none, and nobody is listed. */
int children_new(void);
/* Takes over the table that file is; anything else is left alone. 0 or -1. */
int children_adopt(int file);

/* The calling process serves at that address. */
void children_add(const char *url);

/* Those that live, but for the calling one. */
void children_each(void (*visit)(void *closure, pid_t process, const char *url), void *closure);

#endif
