#include "common/ingest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/pprof/waits.h"
#include "common/thread.h"

void ingest_init(struct ingest *ingest, struct intake *intake, struct ingest_part *parts,
                 unsigned count_max)
{
    *ingest = (struct ingest){.intake = intake, .parts = parts, .count_max = count_max};
    ingest_begin_another(ingest);
}

static int stop(struct ingest *ingest, enum ingest_status status, const char *why)
{
    if (ingest->status == INGEST_OK) {
        ingest->status = status;
        snprintf(ingest->why, sizeof ingest->why, "%s", why);
    }
    return -1;
}

static int stop_by_errno(struct ingest *ingest)
{
    return errno == ENOBUFS ? stop(ingest, INGEST_BUFFERS, "too many bodies are in memory at once")
                            : stop(ingest, INGEST_MEMORY, "out of memory");
}

/* Takes the answer of a request that was handed over, waiting until it is complete. */
static void collect(struct ingest *ingest, unsigned index)
{
    struct ingest_part part = ingest->parts[index];
    struct request *request = part.request;

    request_wait(request);
    ingest->parts[index] = ingest->parts[--ingest->count];
    if (request->error == 0) {
        tally_add(&ingest->tally, &request->tally);
    } else {
        ingest->failed_count += request->count;
        stop(ingest, INGEST_FAILED, strerror(request->error));
    }
    request_pool_give(&ingest->intake->pool, request, part.charged);
}

/* In whatever order they complete: a worker that has lost its CPU must not hold up the others'
 * memory. */
static void collect_complete(struct ingest *ingest)
{
    for (unsigned i = ingest->count; i-- > 0;)
        if (request_is_complete(ingest->parts[i].request))
            collect(ingest, i);
}

static int take_empty(struct ingest *ingest, struct ingest_part *part)
{
    part->request = request_pool_take(&ingest->intake->pool, &part->charged);
    return part->request != NULL ? 0 : stop_by_errno(ingest);
}

/*
 * Threads that are started meanwhile say in live profiles which request it was for, and what they
 * keep of it.
 */
static enum workers_result submit_labelled(struct intake *intake, const struct ingest_part *part)
{
    uint64_t number = atomic_fetch_add(&intake->submitted_count, 1) + 1;

    if (intake->options.label == NULL)
        return intake_submit(intake, part->request);
    pprof_started_for(number, intake->options.label, part->charged);
    enum workers_result result = intake_submit(intake, part->request);
    pprof_started_for(0, NULL, 0);
    return result;
}

/* Hands the request over that is being filled. Where it cannot be, it stays. */
static int submit(struct ingest *ingest)
{
    if (ingest->count == ingest->count_max)
        collect(ingest, 0);
    if (ingest->status != INGEST_OK)
        return -1;
    errno = 0;
    switch (submit_labelled(ingest->intake, &ingest->filling)) {
    case WORKERS_OK:
        break;
    case WORKERS_FULL:
        return stop(ingest, INGEST_FULL, "the workers' queue is full");
    default:
        return errno == EDQUOT || errno == EAGAIN ? stop(ingest, INGEST_CAP, thread_error())
                                                  : stop(ingest, INGEST_MEMORY, "out of memory");
    }
    ingest->parts[ingest->count++] = ingest->filling;
    ingest->filling.request = NULL;
    ingest->request_count++;
    collect_complete(ingest);
    return ingest->status == INGEST_OK ? 0 : -1;
}

/*
 * Hands over a request that has room for more lines, but much text. The unfinished record at its
 * end moves on to the next request.
 */
static int submit_early(struct ingest *ingest)
{
    struct request *full = ingest->filling.request;
    size_t pending = ingest->splitter.pending;
    struct ingest_part next;

    if (take_empty(ingest, &next) != 0)
        return -1;
    int status = request_reserve(next.request, pending) == 0 ? 0 : stop_by_errno(ingest);
    if (status == 0) {
        full->length -= pending;
        memcpy(next.request->text, full->text + full->length, pending);
        next.request->length = pending;
        status = submit(ingest);
    }
    if (status == 0 || ingest->filling.request == NULL)
        ingest->filling = next;
    else
        request_pool_give(&ingest->intake->pool, next.request, next.charged);
    return status;
}

ptrdiff_t ingest_feed_request(struct ingest *ingest, const char *bytes, size_t count)
{
    struct ingest_part *filling = &ingest->filling;
    const uint64_t request_count = ingest->request_count;
    size_t taken = 0;

    while (taken < count && ingest->status == INGEST_OK && ingest->request_count == request_count) {
        if (filling->request == NULL && take_empty(ingest, filling) != 0)
            break;
        ptrdiff_t used =
            splitter_feed(&ingest->splitter, bytes + taken, count - taken, filling->request);
        if (used < 0) {
            stop_by_errno(ingest);
            break;
        }
        taken += (size_t)used;
        if (request_pool_charge(&ingest->intake->pool, filling->request, &filling->charged) != 0)
            stop_by_errno(ingest);
        else if (request_is_full(filling->request, ingest->splitter.pending))
            submit(ingest);
        else if (filling->request->count > 0 &&
                 filling->request->length >= ingest->intake->options.request_bytes)
            submit_early(ingest);
    }
    return ingest->status == INGEST_OK ? (ptrdiff_t)taken : -1;
}

int ingest_feed(struct ingest *ingest, const char *bytes, size_t count)
{
    while (count > 0 && ingest->status == INGEST_OK) {
        ptrdiff_t used = ingest_feed_request(ingest, bytes, count);
        if (used < 0)
            break;
        bytes += used;
        count -= (size_t)used;
    }
    return ingest->status == INGEST_OK ? 0 : -1;
}

int ingest_end(struct ingest *ingest)
{
    struct ingest_part *filling = &ingest->filling;

    if (ingest->status != INGEST_OK)
        return -1;
    if (filling->request == NULL && splitter_is_whole(&ingest->splitter))
        return 0; /* no request is made for nothing: whether one is idle is a race */
    if (filling->request == NULL && take_empty(ingest, filling) != 0)
        return -1;
    if (splitter_end(&ingest->splitter, filling->request) != 0)
        return stop_by_errno(ingest);
    return filling->request->count > 0 ? submit(ingest) : 0;
}

void ingest_begin_another(struct ingest *ingest)
{
    splitter_init(&ingest->splitter, ingest->intake->options.line_length_max);
}

void ingest_finish(struct ingest *ingest)
{
    while (ingest->count > 0)
        collect(ingest, ingest->count - 1);
    if (ingest->filling.request != NULL) {
        ingest->filling.request->count = 0; /* nobody works on it */
        request_pool_give(&ingest->intake->pool, ingest->filling.request, ingest->filling.charged);
        ingest->filling.request = NULL;
    }
}

uint64_t ingest_next_line(const struct ingest *ingest)
{
    const struct request *filling = ingest->filling.request;
    const struct splitter *splitter = &ingest->splitter;

    if (filling != NULL && filling->count > 0)
        return filling->lines[0].number;
    return splitter->format == SPLITTER_ARRAY && splitter->place == SPLITTER_IN_ELEMENT
               ? splitter->start_line
               : splitter->line_number;
}
