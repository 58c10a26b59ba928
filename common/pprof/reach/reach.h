/*
 * reach.h - which threads wait for something that nobody can ever signal again.
 *
 * Who wakes a thread has to reach what it waits for: from data of the program or its libraries, or
 * from the registers and stack of a thread that can run. So memory is searched as a garbage
 * collector does it, conservatively: whatever looks like an address is one. A thread that waits on
 * a futex without a time limit, as pthread_cond_wait() and pthread_mutex_lock() do, is a candidate:
 * its own registers and stack do not count, until what it waits for was reached otherwise. What is
 * never reached, so that nobody but such threads has it, is never signalled.
 *
 * It looks at a snapshot: a child, forked while all threads stand still (halt.h), which calls
 * nothing that locks or allocates. Whatever is in doubt counts as reached: an object outside of
 * malloc's blocks, memory that is not understood, a child that takes too long. Not seen: addresses
 * that are kept in another process, in encoded form, by the kernel alone (but for epoll's), or in a
 * register of a thread that blocks the signal.
 */
#ifndef PPROF_REACH_H
#define PPROF_REACH_H

#include "../halt.h"
#include "reach_heap.h"

enum { REACH_DOUBT_SIZE = 256 };

struct reach {
    pid_t child;                  /* 0: there is none, and everything counts as reached */
    int answer;                   /* the end of a pipe */
    int problem;                  /* errno, where there is no child */
    char doubt[REACH_DOUBT_SIZE]; /* why it is not known, as a part of a sentence; "": it is */
};

/* Whether this build can do it; else reach_end() returns -1. */
bool reach_is_available(void);

/* While all threads stand still. `probe` was taken before. */
void reach_begin(struct reach *reach, const struct halt *halt, const struct reach_probe *probe);

/*
 * When the threads run again: sets is_stuck[i] for halt->threads[i]. Waits for the child, at most
 * so long. -1 if it is not known, and reach->doubt says why: then none is stuck.
 */
int reach_end(struct reach *reach, const struct halt *halt, bool *is_stuck, unsigned milliseconds);

#endif
