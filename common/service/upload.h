/*
 * upload.h - one body: its bytes become records, the records requests, the requests an answer.
 *
 * Bytes are fed as they come. As soon as they make a whole request it goes to the workers, while
 * the next one is being filled, so memory depends on the size of requests and not on that of
 * the body. Each request that was handed over is collected exactly once, whatever happens to the
 * client: what was accepted is in the tally, and nothing is in it twice.
 *
 * Not thread-safe: one thread an upload.
 */
#ifndef UPLOAD_H
#define UPLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/service/intake.h"
#include "common/splitter.h"
#include "common/tally.h"

enum { UPLOAD_PARTS_MAX = 64 };

enum upload_status {
    UPLOAD_OK,
    UPLOAD_FULL,    /* the workers' queue stayed full */
    UPLOAD_CAP,     /* the workers can start no more threads: `why` says which cap */
    UPLOAD_BUFFERS, /* too many bodies in memory at once */
    UPLOAD_MEMORY,  /* memory ran out */
    UPLOAD_FAILED,  /* the database or a worker failed: `why` says how */
};

struct upload_part {
    struct request *request;
    size_t charged; /* bytes, see request_pool.h */
};

struct upload {
    struct intake *intake;
    struct splitter splitter;
    struct upload_part filling;                 /* request NULL: none yet */
    struct upload_part parts[UPLOAD_PARTS_MAX]; /* a ring: handed over, not yet collected */
    unsigned first, count;
    uint64_t request_count; /* handed over so far */

    struct tally tally;    /* of what was collected */
    uint64_t failed_count; /* lines of which nobody can say what became of them */
    enum upload_status status;
    char why[256];
};

/* The intake must outlive the upload. */
void upload_init(struct upload *upload, struct intake *intake);

/*
 * Takes bytes; blocks where the workers are busy. 0, or -1 once upload->status says that the rest
 * of the body cannot be taken.
 */
int upload_feed(struct upload *upload, const char *bytes, size_t count);

/* The body is over, and whole: its last line counts. 0 or -1, as upload_feed(). */
int upload_end(struct upload *upload);

/*
 * Waits for all that was handed over and gives up what was not; the tally is final then. To be
 * called in any case, once.
 */
void upload_finish(struct upload *upload);

/* After a failure: the first line that was not handed over. Before upload_finish(). */
uint64_t upload_next_line(const struct upload *upload);

#endif
