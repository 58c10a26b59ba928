/*
 * ingest.h - bytes become records, the records requests, the requests an answer.
 *
 * The one way in: a batch run feeds what it reads from a file, the service what comes over the
 * wire. Bytes are fed as they come. As soon as they make a whole request it goes to the workers,
 * while the next one is being filled, so memory depends on the size of requests and not on that of
 * the input. Each request that was handed over is collected exactly once, whatever happens to the
 * client: what was accepted is in the tally, and nothing is in it twice.
 *
 * Not thread-safe: one thread an ingest.
 */
#ifndef INGEST_H
#define INGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/intake.h"
#include "common/splitter.h"
#include "common/tally.h"

enum ingest_status {
    INGEST_OK,
    INGEST_FULL,    /* the workers' queue stayed full */
    INGEST_CAP,     /* the workers can start no more threads: `why` says which cap */
    INGEST_BUFFERS, /* too many bodies in memory at once */
    INGEST_MEMORY,  /* memory ran out */
    INGEST_FAILED,  /* the database or a worker failed: `why` says how */
};

struct ingest_part {
    struct request *request;
    size_t charged; /* bytes, see request_pool.h */
};

struct ingest {
    struct intake *intake;
    struct splitter splitter;
    struct ingest_part filling; /* request NULL: none yet */
    struct ingest_part *parts;  /* handed over, not yet collected; in no order */
    unsigned count, count_max;
    uint64_t request_count; /* handed over so far */

    struct tally tally;    /* of what was collected */
    uint64_t failed_count; /* lines of which nobody can say what became of them */
    enum ingest_status status;
    char why[256];
};

/*
 * The intake and the room for `count_max` parts, which bounds how many requests are in the workers'
 * hands at a time, must outlive the ingest.
 */
void ingest_init(struct ingest *ingest, struct intake *intake, struct ingest_part *parts,
                 unsigned count_max);

/*
 * Takes bytes; blocks where the workers are busy. 0, or -1 once ingest->status says that the rest
 * cannot be taken.
 */
int ingest_feed(struct ingest *ingest, const char *bytes, size_t count);

/* As ingest_feed(), but comes back when a request was handed over, and returns how many bytes it
 * took until then, or -1. */
ptrdiff_t ingest_feed_request(struct ingest *ingest, const char *bytes, size_t count);

/* The input is over, and whole: its last line counts. 0 or -1, as ingest_feed(). */
int ingest_end(struct ingest *ingest);

/* What is fed from now on is another input, whose lines are numbered from 1 again. */
void ingest_begin_another(struct ingest *ingest);

/*
 * Waits for all that was handed over and gives up what was not; the tally is final then. To be
 * called in any case, once.
 */
void ingest_finish(struct ingest *ingest);

/* After a failure: the first line that was not handed over. Before ingest_finish(). */
uint64_t ingest_next_line(const struct ingest *ingest);

#endif
