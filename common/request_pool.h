/*
 * request_pool.h - requests to be filled again, and how much memory those in use take.
 *
 * Large blocks go back to the kernel when they are freed, so a request is used again rather than
 * made anew. The pool also knows three things that only it can know: how many bytes the bodies that
 * are being worked on take (bounded, so that many half-sent bodies cannot eat the memory); and,
 * after a request's answer is given, whether somebody still holds on to the request. That is what
 * the naive workers do for ever (lesson 4), and the pool's `retained` counts it.
 *
 * All functions are thread-safe.
 */
#ifndef REQUEST_POOL_H
#define REQUEST_POOL_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "common/request.h"

struct request_pool {
    uint32_t request_limit; /* lines of a request */
    size_t used_bytes_max;  /* of the requests that are out */
    size_t idle_bytes_max;  /* of those that are kept */

    pthread_mutex_t mutex;
    /* guarded by mutex: */
    size_t used_bytes;
    struct request **idle; /* nobody else's */
    size_t idle_count, idle_capacity, idle_bytes;
    struct request **retained; /* answered, and still held by somebody */
    size_t retained_count, retained_capacity;
    size_t swept; /* where the last look at the retained ones ended */
};

struct request_pool_usage {
    size_t used_bytes;     /* taken by requests that are being filled or worked on */
    size_t retained_bytes; /* taken by requests that are answered and still held */
    size_t retained_count;
};

void request_pool_init(struct request_pool *pool, uint32_t request_limit, size_t used_bytes_max,
                       size_t idle_bytes_max);
/* No request may be out. Those that are retained stay with whoever holds them. */
void request_pool_free(struct request_pool *pool);

/* An empty request, or NULL with errno ENOMEM, or ENOBUFS where used_bytes_max is reached. Its
 * bytes count as used: *charged is how many. */
struct request *request_pool_take(struct request_pool *pool, size_t *charged);

/* Counts what a request has grown by since. 0, or -1 with errno ENOBUFS: give it back. */
int request_pool_charge(struct request_pool *pool, const struct request *request, size_t *charged);

/* Takes back a request that is complete or was never handed over. */
void request_pool_give(struct request_pool *pool, struct request *request, size_t charged);

/* Looks at each retained request. */
void request_pool_usage(struct request_pool *pool, struct request_pool_usage *usage);

#endif
