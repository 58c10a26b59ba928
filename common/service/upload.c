#include "common/service/upload.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/pprof/waits.h"
#include "common/thread.h"

void upload_init(struct upload *upload, struct intake *intake)
{
    *upload = (struct upload){.intake = intake};
    splitter_init(&upload->splitter, intake->options.line_length_max);
}

static int stop(struct upload *upload, enum upload_status status, const char *why)
{
    if (upload->status == UPLOAD_OK) {
        upload->status = status;
        snprintf(upload->why, sizeof upload->why, "%s", why);
    }
    return -1;
}

static int stop_by_errno(struct upload *upload)
{
    return errno == ENOBUFS ? stop(upload, UPLOAD_BUFFERS, "too many bodies are in memory at once")
                            : stop(upload, UPLOAD_MEMORY, "out of memory");
}

/* Takes the oldest request's answer, waiting until it is complete. */
static void collect(struct upload *upload)
{
    struct upload_part part = upload->parts[upload->first];
    struct request *request = part.request;

    request_wait(request);
    upload->first = (upload->first + 1) % UPLOAD_PARTS_MAX;
    upload->count--;
    if (request->error == 0) {
        tally_add(&upload->tally, &request->tally);
    } else {
        upload->failed_count += request->count;
        stop(upload, UPLOAD_FAILED, strerror(request->error));
    }
    request_pool_give(&upload->intake->pool, request, part.charged);
}

static void collect_complete(struct upload *upload)
{
    while (upload->count > 0 && request_is_complete(upload->parts[upload->first].request))
        collect(upload);
}

static int take_empty(struct upload *upload, struct upload_part *part)
{
    part->request = request_pool_take(&upload->intake->pool, &part->charged);
    return part->request != NULL ? 0 : stop_by_errno(upload);
}

/*
 * Threads that are started meanwhile say in live profiles which request it was for, and what they
 * keep of it.
 */
static enum workers_result submit_labelled(struct intake *intake, const struct upload_part *part)
{
    uint64_t number = atomic_fetch_add(&intake->submitted_count, 1) + 1;

    pprof_started_for(number, "/process", part->charged);
    enum workers_result result = intake_submit(intake, part->request);
    pprof_started_for(0, NULL, 0);
    return result;
}

/* Hands the request over that is being filled. Where it cannot be, it stays. */
static int submit(struct upload *upload)
{
    if (upload->count == UPLOAD_PARTS_MAX)
        collect(upload);
    if (upload->status != UPLOAD_OK)
        return -1;
    switch (submit_labelled(upload->intake, &upload->filling)) {
    case WORKERS_OK:
        break;
    case WORKERS_FULL:
        return stop(upload, UPLOAD_FULL, "the workers' queue is full");
    default:
        return stop(upload, UPLOAD_CAP, thread_error());
    }
    upload->parts[(upload->first + upload->count++) % UPLOAD_PARTS_MAX] = upload->filling;
    upload->filling.request = NULL;
    upload->request_count++;
    collect_complete(upload);
    return upload->status == UPLOAD_OK ? 0 : -1;
}

/*
 * Hands over a request that has room for more lines, but much text. The unfinished record at its
 * end moves on to the next request.
 */
static int submit_early(struct upload *upload)
{
    struct request *full = upload->filling.request;
    size_t pending = upload->splitter.pending;
    struct upload_part next;

    if (take_empty(upload, &next) != 0)
        return -1;
    int status = request_reserve(next.request, pending) == 0 ? 0 : stop_by_errno(upload);
    if (status == 0) {
        full->length -= pending;
        memcpy(next.request->text, full->text + full->length, pending);
        next.request->length = pending;
        status = submit(upload);
    }
    if (status == 0 || upload->filling.request == NULL)
        upload->filling = next;
    else
        request_pool_give(&upload->intake->pool, next.request, next.charged);
    return status;
}

int upload_feed(struct upload *upload, const char *bytes, size_t count)
{
    struct upload_part *filling = &upload->filling;

    while (count > 0 && upload->status == UPLOAD_OK) {
        if (filling->request == NULL && take_empty(upload, filling) != 0)
            break;
        ptrdiff_t used = splitter_feed(&upload->splitter, bytes, count, filling->request);
        if (used < 0) {
            stop_by_errno(upload);
            break;
        }
        bytes += used;
        count -= (size_t)used;
        if (request_pool_charge(&upload->intake->pool, filling->request, &filling->charged) != 0)
            stop_by_errno(upload);
        else if (request_is_full(filling->request, upload->splitter.pending))
            submit(upload);
        else if (filling->request->count > 0 &&
                 filling->request->length >= upload->intake->options.request_bytes)
            submit_early(upload);
    }
    return upload->status == UPLOAD_OK ? 0 : -1;
}

int upload_end(struct upload *upload)
{
    struct upload_part *filling = &upload->filling;

    if (upload->status != UPLOAD_OK ||
        (filling->request == NULL && take_empty(upload, filling) != 0))
        return -1;
    if (splitter_end(&upload->splitter, filling->request) != 0)
        return stop_by_errno(upload);
    return filling->request->count > 0 ? submit(upload) : 0;
}

void upload_finish(struct upload *upload)
{
    while (upload->count > 0)
        collect(upload);
    if (upload->filling.request != NULL) {
        upload->filling.request->count = 0; /* nobody works on it */
        request_pool_give(&upload->intake->pool, upload->filling.request, upload->filling.charged);
        upload->filling.request = NULL;
    }
}

uint64_t upload_next_line(const struct upload *upload)
{
    const struct request *filling = upload->filling.request;
    const struct splitter *splitter = &upload->splitter;

    if (filling != NULL && filling->count > 0)
        return filling->lines[0].number;
    return splitter->format == SPLITTER_ARRAY && splitter->place == SPLITTER_IN_ELEMENT
               ? splitter->start_line
               : splitter->line_number;
}
