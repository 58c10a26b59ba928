/*
 * Problem 4, fixed: a pool. So many threads as are useful, started once, ended and joined.
 *
 * Requests wait in a queue of fixed size; where it is full the caller waits or is told so
 * (back-pressure), instead of threads piling up. A worker takes a request, finishes it, and gives
 * its reference back, so that nothing is retained. On delete the queue is closed, the workers
 * run it empty and end, and their stacks are given back by the join.
 *
 * Seen by: threads and retained bytes, flat over requests.
 */
#include "workers.h"

#include <stdlib.h>

#include "thread.h"
#include "worker.h"

/*
 * The size of the pool, by Little's law: to keep the CPUs busy while records wait for the database,
 * threads = CPUs x (1 + wait / compute). Compute is 3.5 to 7 us, by machine: half of it is the
 * record's own, and half goes into putting its thread to sleep and waking it. A sleep takes some
 * 60 us longer than was asked for. It need not be exact; the report's sweep shows other sizes.
 */
enum { COMPUTE_NS = 5000, SLEEP_EXTRA_NS = 60000, THREADS_MAX = 64 };

/* Requests that wait, beside one a worker. More would only lie in memory, and leave the cache. */
enum { QUEUE_COUNT = 2 };

struct workers {
    struct store *store;
    pthread_t *threads;
    unsigned thread_count;

    pthread_mutex_t mutex;
    pthread_cond_t has_request, has_room;
    /* guarded by mutex: */
    struct request **queue; /* a ring; each holds a reference */
    unsigned queue_capacity, queue_first, queue_count;
    bool is_closed;
};

static unsigned choose_thread_count(uint64_t wait_ns)
{
    unsigned cpu_count = thread_cpu_count();
    if (wait_ns == 0)
        return cpu_count;
    uint64_t count = cpu_count * (1 + (wait_ns + SLEEP_EXTRA_NS) / COMPUTE_NS);
    return count < THREADS_MAX ? (unsigned)count : THREADS_MAX;
}

/* Waits for the next request; NULL once the queue is closed and empty. */
static struct request *take_request(struct workers *workers)
{
    struct request *request = NULL;

    pthread_mutex_lock(&workers->mutex);
    while (workers->queue_count == 0 && !workers->is_closed)
        pthread_cond_wait(&workers->has_request, &workers->mutex);
    if (workers->queue_count > 0) {
        request = workers->queue[workers->queue_first];
        workers->queue_first = (workers->queue_first + 1) % workers->queue_capacity;
        workers->queue_count--;
        pthread_cond_signal(&workers->has_room);
    }
    pthread_mutex_unlock(&workers->mutex);
    return request;
}

static void *work(void *argument)
{
    struct workers *workers = argument;
    struct request *request;
    struct worker worker;

    worker_init(&worker, workers->store);
    while ((request = take_request(workers)) != NULL) {
        for (uint32_t line = 0; line < request->count; line++)
            worker_process(&worker, request, line);
        worker_flush(&worker, request);
        request_release(request);
    }
    worker_free(&worker);
    return NULL;
}

struct workers *workers_new(const struct workers_options *options, struct store *store)
{
    struct workers *workers = calloc(1, sizeof *workers);
    unsigned wanted = options->thread_count;

    if (workers == NULL)
        return NULL;
    if (wanted == 0)
        wanted = choose_thread_count(options->wait_ns);
    workers->store = store;
    workers->queue_capacity =
        options->queue_count != 0 ? options->queue_count : wanted + QUEUE_COUNT;
    pthread_mutex_init(&workers->mutex, NULL);
    pthread_cond_init(&workers->has_request, NULL);
    pthread_cond_init(&workers->has_room, NULL);
    workers->queue = calloc(workers->queue_capacity, sizeof(struct request *));
    workers->threads = calloc(wanted, sizeof *workers->threads);
    if (workers->queue == NULL || workers->threads == NULL)
        goto fail;
    while (workers->thread_count < wanted) {
        if (thread_start(&workers->threads[workers->thread_count], "worker", work, workers) != 0)
            goto fail;
        workers->thread_count++;
    }
    return workers;

fail:
    workers_delete(workers);
    return NULL;
}

enum workers_result workers_submit(struct workers *workers, struct request *request,
                                   bool is_waiting)
{
    pthread_mutex_lock(&workers->mutex);
    while (is_waiting && workers->queue_count == workers->queue_capacity)
        pthread_cond_wait(&workers->has_room, &workers->mutex);
    bool has_room = workers->queue_count < workers->queue_capacity;
    if (has_room) {
        unsigned last = (workers->queue_first + workers->queue_count) % workers->queue_capacity;
        workers->queue[last] = request_hold(request);
        workers->queue_count++;
        pthread_cond_signal(&workers->has_request);
    }
    pthread_mutex_unlock(&workers->mutex);
    return has_room ? WORKERS_OK : WORKERS_FULL;
}

void workers_delete(struct workers *workers)
{
    if (workers == NULL)
        return;
    pthread_mutex_lock(&workers->mutex);
    workers->is_closed = true;
    pthread_cond_broadcast(&workers->has_request);
    pthread_mutex_unlock(&workers->mutex);
    for (unsigned i = 0; i < workers->thread_count; i++)
        pthread_join(workers->threads[i], NULL);
    pthread_cond_destroy(&workers->has_room);
    pthread_cond_destroy(&workers->has_request);
    pthread_mutex_destroy(&workers->mutex);
    free(workers->threads);
    free(workers->queue);
    free(workers);
}
