/*
 * locks.h - the profiles mutex and block: where threads wait, and who lets them wait.
 *
 * Needs hooks/locks.c, which stands in front of the mutexes, conditions, read-write locks and
 * semaphores of the C library, for the program and its libraries. Off, a call costs one branch. On,
 * a lock is tried first, and only one that is taken reads the clock.
 *
 *   block  a wait counts for the stack that waited. Conditions and semaphores count too, a pool's
 *          idle thread among them, once the wait is over.
 *   mutex  a release of a mutex or read-write lock counts if others waited, for the stack that
 * released it: the place to mend. A wait for a condition releases its mutex.
 *
 * A wait may last over many holds, and each is charged with its own part: what all waited,
 * together, since the lock was released before that (as Go's mutex profile does, semrelease1() in
 * src/runtime/sema.go). Then the lock is free, and who waits is about to wake: that is charged to
 * the same release, but no more than the hold was, and what is beyond to the next one. All in all
 * mutex has what block has for mutexes and read-write locks.
 *
 * What is recorded is drawn, and chance weighs it by what is charged: at least R ns always, less,
 * d ns, with the probability d / R, and then it stands for R / d of its like, which keeps the sums
 * unbiased (Go's saveblockevent(), src/runtime/mprof.go). So no draw adds more than 2 R, or than
 * was truly waited, and a sum T has a standard error of about sqrt(R * T). R is not fixed: it is
 * what was waited lately, some LOCKS_WINDOW_S seconds, over LOCKS_WINDOW_SAMPLES; in block, for
 * locks and for conditions and semaphores apart. That makes for errors of a few percent whether
 * little is waited or a lot, and for as many walks of stacks in a second, some microseconds each,
 * however many threads wait.
 *
 * An unlock that a compiler made a tail call has lost its function: the stack begins at the caller
 * of that (-fno-optimize-sibling-calls keeps it). pthread_mutex_trylock() waits for nothing.
 * Locks with a time limit (pthread_mutex_timedlock() and its like) go unseen.
 */
#ifndef PPROF_LOCKS_H
#define PPROF_LOCKS_H

#include <stdbool.h>
#include <stdint.h>

#include "profile.h"

enum { LOCKS_WINDOW_S = 10, LOCKS_WINDOW_SAMPLES = 2000 };

/* False: the hooks are not linked (a build with a sanitizer), and nothing will be seen. */
bool locks_is_available(void);

/*
 * Records from now on; waits_each() (waits.h) knows who waits, too. `rate_ns` is R; 1: everything;
 * 0: as above. 0, or -1 with errno set: ENOTSUP if it is not available, EALREADY, ENOMEM.
 */
int locks_start(int64_t rate_ns);
/* Waits that have begun are still recorded; all is kept. */
void locks_stop(void);

/*
 * contentions/count, delay/nanoseconds since the start. What found no room is in it without a
 * stack, labelled "lost". The caller deletes it. NULL: no memory.
 */
struct profile *locks_block_profile(void);
struct profile *locks_mutex_profile(void);

/*
 * With less delay than that in all, a profile that ends now is inexact: by chance (its standard
 * error is above some 6%), or since waits are as short as the hooks' own work. At least
 * LOCKS_EXACT_NS; more, right after a time in which far more was waited.
 */
enum { LOCKS_EXACT_NS = 100000000 };
int64_t locks_block_exact_ns(void);
int64_t locks_mutex_exact_ns(void);

#endif
