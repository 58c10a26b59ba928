/*
 * locks.h - the profiles mutex and block: where threads wait, and who lets them wait.
 *
 * Needs hooks/locks.c, which stands in front of the mutexes, conditions, read-write locks and
 * semaphores of the C library, for the program and its libraries. Off, a call costs one branch. On,
 * a lock is tried first, and only one that is taken reads the clock.
 *
 *   block  a wait counts for the stack that waited. Conditions and semaphores count too, a pool's
 *          idle thread among them, once the wait is over.
 *   mutex  a wait for a mutex or read-write lock counts, whole, for the stack that released it
 * last: the place to mend. A wait for a condition releases its mutex.
 *
 * As in Go: a wait of at least `rate_ns` is always recorded, a shorter one of d ns with the
 * probability d / rate_ns, and then stands for rate_ns / d of its like, which keeps the sums
 * unbiased (saveblockevent() in src/runtime/mprof.go). For mutex it is decided by how long the lock
 * was held while it was waited for, as that is what is known when it is released.
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

/*
 * 10 ms: each thread that waits, however often, walks its stack at most 100 times a second, some
 * microseconds each.
 */
enum { LOCKS_RATE_NS = 10000000 };

/* False: the hooks are not linked (a build with a sanitizer), and nothing will be seen. */
bool locks_is_available(void);

/*
 * Records from now on; waits_each() (waits.h) knows who waits, too. `rate_ns` 1: everything; 0:
 * LOCKS_RATE_NS. 0, or -1 with errno set: ENOTSUP if it is not available, EALREADY, ENOMEM.
 */
int locks_start(int64_t rate_ns);
/* Waits that have begun are still recorded; all is kept. */
void locks_stop(void);

/* contentions/count, delay/nanoseconds since the start. The caller deletes it. NULL: no memory. */
struct profile *locks_block_profile(void);
struct profile *locks_mutex_profile(void);

/* Waits that were dropped because there are too many different stacks. */
uint64_t locks_lost_count(void);

#endif
