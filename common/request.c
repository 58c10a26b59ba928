#include "common/request.h"

#include <errno.h>
#include <stdlib.h>

struct request *request_new(uint32_t limit)
{
    struct request *request = calloc(1, sizeof *request);
    if (request == NULL)
        return NULL;
    request->lines = malloc(limit * sizeof *request->lines);
    if (request->lines == NULL) {
        free(request);
        return NULL;
    }
    request->limit = limit;
    request->references = 1;
    pthread_mutex_init(&request->mutex, NULL);
    pthread_cond_init(&request->is_complete, NULL);
    return request;
}

struct request *request_hold(struct request *request)
{
    atomic_fetch_add_explicit(&request->references, 1, memory_order_relaxed);
    return request;
}

void request_release(struct request *request)
{
    if (request == NULL ||
        atomic_fetch_sub_explicit(&request->references, 1, memory_order_acq_rel) > 1)
        return;
    pthread_cond_destroy(&request->is_complete);
    pthread_mutex_destroy(&request->mutex);
    free(request->lines);
    free(request->text);
    free(request);
}

int request_reserve(struct request *request, size_t bytes)
{
    size_t needed = request->length + bytes;
    if (needed <= request->capacity)
        return 0;
    if (needed < bytes || needed >= UINT32_MAX) {
        errno = EFBIG;
        return -1;
    }
    size_t capacity = request->capacity < 64 * 1024 ? 64 * 1024 : 2 * request->capacity;
    if (capacity < needed)
        capacity = needed;
    char *text = realloc(request->text, capacity);
    if (text == NULL)
        return -1;
    request->text = text;
    request->capacity = capacity;
    return 0;
}

bool request_reuse(struct request *request)
{
    if (atomic_load_explicit(&request->references, memory_order_acquire) != 1)
        return false;
    request->length = 0;
    request->count = 0;
    request->lines_done = 0;
    request->error = 0;
    request->tally = (struct tally){0};
    return true;
}

void request_finish(struct request *request, uint32_t lines, const struct tally *tally, int error)
{
    pthread_mutex_lock(&request->mutex);
    tally_add(&request->tally, tally);
    if (request->error == 0)
        request->error = error;
    request->lines_done += lines;
    if (request->lines_done == request->count)
        pthread_cond_broadcast(&request->is_complete);
    pthread_mutex_unlock(&request->mutex);
}

bool request_is_complete(struct request *request)
{
    pthread_mutex_lock(&request->mutex);
    bool is_complete = request->lines_done == request->count;
    pthread_mutex_unlock(&request->mutex);
    return is_complete;
}

void request_wait(struct request *request)
{
    pthread_mutex_lock(&request->mutex);
    while (request->lines_done < request->count)
        pthread_cond_wait(&request->is_complete, &request->mutex);
    pthread_mutex_unlock(&request->mutex);
}
