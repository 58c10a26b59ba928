#include "common/request_pool.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

enum { IDLE_MAX = 1024, SWEEP_COUNT = 4 };

static size_t bytes_of(const struct request *request)
{
    return sizeof *request + request->capacity + request->limit * sizeof *request->lines;
}

void request_pool_init(struct request_pool *pool, uint32_t request_limit, size_t used_bytes_max,
                       size_t idle_bytes_max)
{
    *pool = (struct request_pool){.request_limit = request_limit,
                                  .used_bytes_max = used_bytes_max,
                                  .idle_bytes_max = idle_bytes_max};
    pthread_mutex_init(&pool->mutex, NULL);
}

void request_pool_free(struct request_pool *pool)
{
    while (pool->idle_count > 0)
        request_release(pool->idle[--pool->idle_count]);
    while (pool->retained_count > 0)
        request_release(pool->retained[--pool->retained_count]);
    free(pool->idle);
    free(pool->retained);
    pthread_mutex_destroy(&pool->mutex);
}

/* Appends to a list that grows. Returns false if memory ran out. */
static bool append(struct request ***list, size_t *count, size_t *capacity, struct request *request)
{
    if (*count == *capacity) {
        size_t wanted = *capacity == 0 ? 64 : 2 * *capacity;
        struct request **larger = realloc(*list, wanted * sizeof(struct request *));
        if (larger == NULL)
            return false;
        *list = larger;
        *capacity = wanted;
    }
    (*list)[(*count)++] = request;
    return true;
}

/* Keeps an empty request for the next taker, or frees it where there are plenty. */
static void keep_idle(struct request_pool *pool, struct request *request)
{
    size_t bytes = bytes_of(request);

    if (pool->idle_count < IDLE_MAX && pool->idle_bytes + bytes <= pool->idle_bytes_max &&
        append(&pool->idle, &pool->idle_count, &pool->idle_capacity, request))
        pool->idle_bytes += bytes;
    else
        request_release(request);
}

/* Takes the retained request at `index` back if it was let go of meanwhile. */
static bool reclaim(struct request_pool *pool, size_t index)
{
    struct request *request = pool->retained[index];

    if (!request_reuse(request))
        return false;
    pool->retained[index] = pool->retained[--pool->retained_count];
    keep_idle(pool, request);
    return true;
}

/* A worker lets go a moment after it has answered, so some are looked at again each time. */
static void sweep(struct request_pool *pool)
{
    for (int i = 0; i < SWEEP_COUNT && pool->retained_count > 0; i++) {
        if (pool->swept >= pool->retained_count)
            pool->swept = 0;
        if (!reclaim(pool, pool->swept))
            pool->swept++;
    }
}

struct request *request_pool_take(struct request_pool *pool, size_t *charged)
{
    struct request *request = NULL;
    bool is_full;

    pthread_mutex_lock(&pool->mutex);
    is_full = pool->used_bytes >= pool->used_bytes_max;
    if (!is_full) {
        sweep(pool);
        if (pool->idle_count > 0) {
            request = pool->idle[--pool->idle_count];
            pool->idle_bytes -= bytes_of(request);
        }
    }
    pthread_mutex_unlock(&pool->mutex);
    if (is_full) {
        errno = ENOBUFS;
        return NULL;
    }
    if (request == NULL)
        request = request_new(pool->request_limit);
    /* with text from the start, so that a record of no bytes stands somewhere */
    if (request == NULL || request_reserve(request, 1) != 0) {
        request_release(request);
        errno = ENOMEM;
        return NULL;
    }
    *charged = 0;
    request_pool_charge(pool, request, charged); /* may go over the limit by this one */
    return request;
}

int request_pool_charge(struct request_pool *pool, const struct request *request, size_t *charged)
{
    size_t bytes = bytes_of(request);
    bool is_full = false;

    if (bytes == *charged)
        return 0;
    pthread_mutex_lock(&pool->mutex);
    pool->used_bytes += bytes - *charged;
    is_full = pool->used_bytes > pool->used_bytes_max;
    pthread_mutex_unlock(&pool->mutex);
    *charged = bytes;
    if (is_full)
        errno = ENOBUFS;
    return is_full ? -1 : 0;
}

void request_pool_give(struct request_pool *pool, struct request *request, size_t charged)
{
    pthread_mutex_lock(&pool->mutex);
    pool->used_bytes -= charged;
    if (request_reuse(request))
        keep_idle(pool, request);
    else if (!append(&pool->retained, &pool->retained_count, &pool->retained_capacity, request))
        request_release(request);
    sweep(pool);
    pthread_mutex_unlock(&pool->mutex);
}

void request_pool_usage(struct request_pool *pool, struct request_pool_usage *usage)
{
    pthread_mutex_lock(&pool->mutex);
    for (size_t i = 0; i < pool->retained_count;)
        if (!reclaim(pool, i))
            i++;
    *usage = (struct request_pool_usage){.used_bytes = pool->used_bytes,
                                         .retained_count = pool->retained_count};
    for (size_t i = 0; i < pool->retained_count; i++)
        usage->retained_bytes += bytes_of(pool->retained[i]);
    pthread_mutex_unlock(&pool->mutex);
}
