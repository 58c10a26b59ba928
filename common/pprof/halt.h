/*
 * halt.h - stops all other threads of the process for a moment, to look at them.
 *
 * Each thread gets a real-time signal. Its handler copies registers and the top of the stack, and
 * waits there until it is let go. So while threads are stopped they may hold any lock: the calling
 * thread must not allocate, print, or take a lock between halt_begin() and halt_end(). One halt at
 * a time. What the program notices: calls that SA_RESTART does not restart, poll(), epoll_wait()
 * and nanosleep() above all, return EINTR.
 */
#ifndef PPROF_HALT_H
#define PPROF_HALT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

#include "stack_copy.h"

struct halted {
    pid_t thread_id;
    _Atomic bool is_stopped; /* else it blocks the signal, has ended, or did not answer in time */
    /* It did not stop, but sleeps within the kernel: where its stack is, is known; of its registers
     * only those are that the system call was made with. */
    bool is_asleep;
    bool is_caller;
    struct stack_copy copy;
    uintptr_t tls;   /* the thread's pthread_t: its stack ends a little above */
    uintptr_t futex; /* the word that it waits for without a limit in time; 0: it does not */
};

/* All in one mapping, which is no part of the program's own memory. */
struct halt {
    size_t bytes; /* of the mapping */
    unsigned count, capacity;
    /* NULL: each thread is stopped, or asleep, or has ended. Else why not; halt_end() looks again
     */
    const char *doubt;
    _Atomic size_t used_bytes;
    size_t room_bytes;
    unsigned char *room; /* for copies of stacks */
    struct halted threads[];
};

/*
 * Stops the threads; those that do not answer within `milliseconds` go on as they were. NULL with
 * errno set: EBUSY (another thread does so), ENOMEM, ENOTSUP (not on this machine, or no real-time
 * signal is free). To be ended within a second: threads go on by themselves in the end.
 */
struct halt *halt_begin(unsigned milliseconds);

/* Copies these `count` threads, 1 or more, of which the calling one is none, without holding them:
 * each goes on at once. A halt of all that comes meanwhile waits until this is over, instead of
 * EBUSY. */
struct halt *halt_begin_some(const pid_t *threads, unsigned count, unsigned milliseconds);

/* Lets them go; what was copied stays. */
void halt_end(struct halt *halt);

/* Wipes the copies and gives them back. After halt_end(). NULL is allowed. */
void halt_delete(struct halt *halt);

#endif
