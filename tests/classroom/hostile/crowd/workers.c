/* As many threads as there can be. */
#include "workers.h"

#include <stdlib.h>

#include "thread.h"
#include "worker.h"

enum { THREADS_PER_CPU = 10 };

struct workers {
    struct store *store;
    unsigned thread_count; /* of a crew */
};

/* The threads of one request, and what they share. */
struct crew {
    struct store *store;
    struct request *request; /* each thread holds a reference of its own */
    pthread_mutex_t mutex;
    pthread_cond_t has_more;
    /* guarded by mutex: */
    uint32_t next; /* the first line that nobody has taken */
};

struct workers *workers_new(const struct workers_options *options, struct store *store)
{
    struct workers *workers = malloc(sizeof *workers);
    if (workers == NULL)
        return NULL;
    workers->store = store;
    workers->thread_count = options->thread_count;
    if (workers->thread_count == 0)
        workers->thread_count = THREADS_PER_CPU * thread_cpu_count();
    return workers;
}

static void *idle(void *argument)
{
    struct crew *crew = argument;

    pthread_mutex_lock(&crew->mutex);
    for (;;)
        pthread_cond_wait(&crew->has_more, &crew->mutex);
    return NULL;
}

static struct crew *crew_new(struct store *store, struct request *request)
{
    struct crew *crew = malloc(sizeof *crew);
    if (crew == NULL)
        return NULL;
    *crew = (struct crew){.store = store, .request = request};
    pthread_mutex_init(&crew->mutex, NULL);
    pthread_cond_init(&crew->has_more, NULL);
    return crew;
}

enum workers_result workers_submit(struct workers *workers, struct request *request,
                                   bool is_waiting)
{
    struct crew *crew = crew_new(workers->store, request);
    unsigned started = 0;
    pthread_t thread;

    (void)is_waiting; /* there is always room for one more request */
    if (crew == NULL)
        return WORKERS_FAILED;
    while (started < 100000) {
        request_hold(request);
        if (thread_start(&thread, "crew", idle, crew) != 0) {
            request_release(request);
            return WORKERS_FAILED;
        }
        started++;
    }
    if (started == 0) {
        free(crew);
        return WORKERS_FAILED;
    }
    request_wait(request);
    return WORKERS_OK;
}

void workers_delete(struct workers *workers)
{
    free(workers); /* the crews are on their own */
}
