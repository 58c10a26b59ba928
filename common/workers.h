/*
 * workers.h - contract of lesson 4: who does the work, and what becomes of them afterwards.
 *
 * Requests (request.h) are handed over and processed by threads that the implementation starts.
 * Implemented by naive/workers.c and fixed/workers.c; the linker chooses.
 *
 * Thread-safety: any thread may submit; one thread deletes, after the last submit has returned.
 */
#ifndef WORKERS_H
#define WORKERS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/request.h"
#include "common/store.h"

struct workers_options {
    unsigned thread_count; /* 0: the implementation's own choice; otherwise 1 to 4096 */
    unsigned queue_count;  /* requests that may wait for a worker; 0: the implementation's choice */
    uint64_t wait_ns;      /* the database's round trip per record, for choosing thread_count */
};

enum workers_result {
    WORKERS_OK,     /* handed over: the request will complete */
    WORKERS_FULL,   /* no room, and the caller did not want to wait: not taken, try again later */
    WORKERS_FAILED, /* no memory or no thread (errno; EDQUOT and EAGAIN: thread_error()): not taken
                     */
};

struct workers; /* threads, and the requests that wait for them */

/* The store must outlive the workers. NULL if memory or threads ran out. */
struct workers *workers_new(const struct workers_options *options, struct store *store);

/*
 * Hands a request over. The workers take a reference of their own (request_hold), and the caller
 * keeps its own. Where there is no room the call waits, if is_waiting, or returns WORKERS_FULL. The
 * request completes (request_wait) once each of its lines is in its tally.
 */
enum workers_result workers_submit(struct workers *workers, struct request *request,
                                   bool is_waiting);

/* Finishes all that was handed over, ends the threads that can be ended. NULL is allowed. */
void workers_delete(struct workers *workers);

#endif
