/*
 * intake.h - the way in to the workers that all inputs share, with back-pressure.
 *
 * It borrows the workers and owns the pool of requests. Where the workers' queue is full, they
 * wait in a row: one of them tries again and again while the others sleep behind it, so that who
 * waits longest goes first, and each gives up after wait_ns. (The workers' contract has a wait of
 * its own, but it does not end.) Naive workers are never full.
 *
 * Thread-safe.
 */
#ifndef INTAKE_H
#define INTAKE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/request_pool.h"
#include "common/workers.h"

#define INTAKE_WAIT_FOREVER UINT64_MAX

struct intake_options {
    uint32_t request_records; /* lines of a request */
    size_t request_bytes;     /* at which it is handed over even if it has room for more lines */
    size_t line_length_max;   /* bytes */
    size_t buffers_bytes_max; /* of all bodies that are being worked on */
    size_t idle_bytes_max;    /* of requests that are kept to be filled again */
    uint64_t wait_ns;         /* for room in the queue; INTAKE_WAIT_FOREVER */
    const char *label;        /* names the requests in live profiles; NULL: they are not named */
};

struct intake {
    struct intake_options options;
    struct workers *workers;
    struct request_pool pool;
    atomic_uint waiting_count;     /* in the row, the one who tries included */
    atomic_ullong submitted_count; /* requests, so that each has a number */

    pthread_mutex_t mutex;
    pthread_cond_t has_moved; /* the row has */
    /* guarded by mutex: */
    bool is_trying; /* somebody is at the head of the row */
};

/* The workers must outlive the intake. */
void intake_init(struct intake *intake, const struct intake_options *options,
                 struct workers *workers);
void intake_free(struct intake *intake);

/*
 * Hands a request to the workers (see workers_submit). WORKERS_FULL after wait_ns without room.
 */
enum workers_result intake_submit(struct intake *intake, struct request *request);

#endif
