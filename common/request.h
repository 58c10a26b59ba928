/*
 * request.h - a request: a batch of lines that is handed to the workers together, and its answer.
 *
 * Owned by whoever holds a reference; the last request_release() frees it. Workers may process its
 * lines in any number of threads; each adds what it found with request_finish(), and the request
 * is complete when every line is accounted for.
 *
 * Lock order of the project, outermost first: a store's lock (lock.h), the workers' queue, a
 * request's mutex. A thread that holds one takes none that stands before it.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/tally.h"

enum { LINE_TOO_LONG = UINT32_MAX }; /* in place of a length: the line was not kept */

struct line {
    uint64_t number; /* in the input, from 1 */
    uint32_t offset; /* into the request's text */
    uint32_t length; /* bytes, or LINE_TOO_LONG */
};

struct request {
    /* filled in before it is handed over, read-only from then on: */
    char *text;
    size_t length, capacity; /* bytes of text */
    struct line *lines;
    uint32_t count, limit; /* lines, and how many there may be */

    atomic_uint references;

    pthread_mutex_t mutex;
    pthread_cond_t is_complete;
    /* guarded by mutex: */
    uint32_t lines_done;
    int error; /* 0, or the errno of the first failure: then the tally is not the whole answer */
    struct tally tally;
};

/*
 * Whether it takes no more: it has all its lines, or so much text that long records must not pile
 * up. `pending`: bytes at its end of a record that is not whole yet, which has to stay in this
 * request.
 */
enum { REQUEST_TEXT_MAX = 4 << 20 };
static inline bool request_is_full(const struct request *request, size_t pending)
{
    return request->count == request->limit ||
           (pending == 0 && request->length >= REQUEST_TEXT_MAX);
}

/* An empty request for up to `limit` lines, with one reference, or NULL. */
struct request *request_new(uint32_t limit);

struct request *request_hold(struct request *request);
void request_release(struct request *request); /* NULL is allowed */

/* Room for `bytes` more bytes of text. 0, or -1 with errno set if it ran out (or 4 GiB are full).
 */
int request_reserve(struct request *request, size_t bytes);

/* Empties it for new lines and returns true if the caller holds the only reference. */
bool request_reuse(struct request *request);

/* Accounts for `lines` lines with what became of them. error: 0 or an errno. Thread-safe. */
void request_finish(struct request *request, uint32_t lines, const struct tally *tally, int error);

/* Thread-safe; after either says that it is complete, tally and error may be read freely. */
bool request_is_complete(struct request *request);
void request_wait(struct request *request);

#endif
