/* A pool with a list of requests, each in a node, and a last node that tells the threads to end. */
#include "workers.h"

#include <stdlib.h>

#include "thread.h"
#include "worker.h"

struct node {
    struct request *request;
    struct node *next;
};

struct workers {
    struct store *store;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct node *first, **end;
    unsigned waiting, most;
    bool stop;
    unsigned count;
    pthread_t threads[];
};

static struct node *pop(struct workers *w)
{
    struct node *node;

    pthread_mutex_lock(&w->mutex);
    while ((node = w->first) == NULL && !w->stop)
        pthread_cond_wait(&w->changed, &w->mutex);
    if (node != NULL) {
        w->first = node->next;
        if (w->first == NULL)
            w->end = &w->first;
        w->waiting--;
        pthread_cond_broadcast(&w->changed);
    }
    pthread_mutex_unlock(&w->mutex);
    return node;
}

static void *run(void *argument)
{
    struct workers *w = argument;
    struct worker worker;
    struct node *node;

    worker_init(&worker, w->store);
    while ((node = pop(w)) != NULL) {
        for (uint32_t i = 0; i < node->request->count; i++)
            worker_process(&worker, node->request, i);
        worker_flush(&worker, node->request);
        request_release(node->request);
        free(node);
    }
    worker_free(&worker);
    return NULL;
}

struct workers *workers_new(const struct workers_options *options, struct store *store)
{
    unsigned count = options->thread_count ? options->thread_count : thread_cpu_count();
    struct workers *w = calloc(1, sizeof *w + count * sizeof w->threads[0]);

    if (w == NULL)
        return NULL;
    w->store = store;
    w->end = &w->first;
    w->most = options->queue_count ? options->queue_count : 2 * count;
    pthread_mutex_init(&w->mutex, NULL);
    pthread_cond_init(&w->changed, NULL);
    for (; w->count < count; w->count++)
        if (thread_start(&w->threads[w->count], "mine", run, w) != 0) {
            workers_delete(w);
            return NULL;
        }
    return w;
}

enum workers_result workers_submit(struct workers *w, struct request *request, bool is_waiting)
{
    struct node *node = malloc(sizeof *node);
    enum workers_result result = WORKERS_OK;

    if (node == NULL)
        return WORKERS_FAILED;
    pthread_mutex_lock(&w->mutex);
    while (w->waiting >= w->most && is_waiting)
        pthread_cond_wait(&w->changed, &w->mutex);
    if (w->waiting >= w->most) {
        free(node);
        result = WORKERS_FULL;
    } else {
        *node = (struct node){.request = request_hold(request)};
        *w->end = node;
        w->end = &node->next;
        w->waiting++;
        pthread_cond_broadcast(&w->changed);
    }
    pthread_mutex_unlock(&w->mutex);
    return result;
}

void workers_delete(struct workers *w)
{
    if (w == NULL)
        return;
    pthread_mutex_lock(&w->mutex);
    w->stop = true;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->mutex);
    while (w->count > 0)
        pthread_join(w->threads[--w->count], NULL);
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->mutex);
    free(w);
}
