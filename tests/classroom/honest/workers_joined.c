/* No pool: each request still has a crew of its own, and waits for it to end. */
#include "workers.h"

#include <stdlib.h>

#include "thread.h"
#include "worker.h"

struct workers {
    struct store *store;
    unsigned thread_count;
};

struct crew {
    struct store *store;
    struct request *request;
    pthread_mutex_t mutex;
    uint32_t next;
};

struct workers *workers_new(const struct workers_options *options, struct store *store)
{
    struct workers *workers = malloc(sizeof *workers);
    if (workers == NULL)
        return NULL;
    workers->store = store;
    workers->thread_count =
        options->thread_count != 0 ? options->thread_count : 2 * thread_cpu_count();
    return workers;
}

static void *work(void *argument)
{
    struct crew *crew = argument;
    struct worker worker;

    worker_init(&worker, crew->store);
    for (;;) {
        pthread_mutex_lock(&crew->mutex);
        uint32_t line = crew->next < crew->request->count ? crew->next++ : UINT32_MAX;
        pthread_mutex_unlock(&crew->mutex);
        if (line == UINT32_MAX)
            break;
        worker_process(&worker, crew->request, line);
    }
    worker_flush(&worker, crew->request);
    worker_free(&worker);
    return NULL;
}

enum workers_result workers_submit(struct workers *workers, struct request *request,
                                   bool is_waiting)
{
    struct crew crew = {.store = workers->store, .request = request};
    pthread_t *threads = calloc(workers->thread_count, sizeof *threads);
    unsigned started = 0;

    (void)is_waiting;
    if (threads == NULL)
        return WORKERS_FAILED;
    pthread_mutex_init(&crew.mutex, NULL);
    while (started < workers->thread_count &&
           thread_start(&threads[started], "crew", work, &crew) == 0)
        started++;
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    pthread_mutex_destroy(&crew.mutex);
    free(threads);
    return started > 0 ? WORKERS_OK : WORKERS_FAILED;
}

void workers_delete(struct workers *workers)
{
    free(workers);
}
