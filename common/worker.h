/*
 * worker.h - what one thread needs to take records through the stages.
 *
 * All stages of a record are in worker_process(), the same in both trees; what differs is behind
 * key.h, sort.h and store.h. A worker belongs to one thread. It owns its memory and keeps it from
 * record to record, so that a record costs no allocation that its stages do not ask for.
 */
#ifndef WORKER_H
#define WORKER_H

#include "common/arena.h"
#include "common/key.h"
#include "common/record.h"
#include "common/request.h"
#include "common/store.h"

struct worker {
    struct store *store;
    struct arena arena;              /* the record's parse */
    struct key key;                  /* the record's key */
    struct tag tags[TAGS_MAX];       /* the record's tags */
    struct database_batch batch;     /* writes since the last flush */
    struct tally tally;              /* since the last flush */
    struct counts flushed;           /* this thread's counts at the last flush */
    struct lock_times flushed_times; /* and its lock times */
    uint32_t lines_done;             /* since the last flush */
    int error;                       /* 0, or the first errno since the last flush */
};

/* The store must outlive the worker. Cannot fail: memory is taken when it is first needed. */
void worker_init(struct worker *worker, struct store *store);
void worker_free(struct worker *worker);

/*
 * Takes line `index` of the request through all stages, into the worker's tally. A failure (memory,
 * the database) is kept in worker->error; the record is then neither accepted nor rejected.
 */
void worker_process(struct worker *worker, const struct request *request, uint32_t index);

/* Makes the writes durable and hands the tally to the request (request_finish). */
void worker_flush(struct worker *worker, struct request *request);

#endif
