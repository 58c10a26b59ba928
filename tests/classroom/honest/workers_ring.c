/* The textbook's: a ring, not_empty and not_full, a flag for the end. As near as one comes unseen. */
#include "workers.h"

#include <stdlib.h>

#include "thread.h"
#include "worker.h"

enum { SLOTS = 16 };

struct workers {
    struct store *store;
    pthread_mutex_t lock;
    pthread_cond_t not_empty;
    pthread_cond_t not_full;
    struct request *slots[SLOTS];
    unsigned head, tail, used;
    bool closing;
    unsigned size;
    pthread_t *pool;
};

static void *worker_main(void *arg)
{
    struct workers *self = arg;
    struct worker worker;

    worker_init(&worker, self->store);
    for (;;) {
        pthread_mutex_lock(&self->lock);
        while (self->used == 0 && !self->closing)
            pthread_cond_wait(&self->not_empty, &self->lock);
        if (self->used == 0) {
            pthread_mutex_unlock(&self->lock);
            break;
        }
        struct request *request = self->slots[self->head];
        self->head = (self->head + 1) % SLOTS;
        self->used--;
        pthread_cond_signal(&self->not_full);
        pthread_mutex_unlock(&self->lock);
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
    struct workers *self = calloc(1, sizeof *self);
    unsigned wanted = options->thread_count;

    if (self == NULL)
        return NULL;
    if (wanted == 0)
        wanted = 2 * thread_cpu_count();
    self->store = store;
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->not_empty, NULL);
    pthread_cond_init(&self->not_full, NULL);
    self->pool = calloc(wanted, sizeof(pthread_t));
    if (self->pool == NULL) {
        free(self);
        return NULL;
    }
    for (unsigned i = 0; i < wanted; i++) {
        if (thread_start(&self->pool[i], "pool", worker_main, self) != 0) {
            workers_delete(self);
            return NULL;
        }
        self->size++;
    }
    return self;
}

enum workers_result workers_submit(struct workers *self, struct request *request, bool is_waiting)
{
    pthread_mutex_lock(&self->lock);
    while (self->used == SLOTS) {
        if (!is_waiting) {
            pthread_mutex_unlock(&self->lock);
            return WORKERS_FULL;
        }
        pthread_cond_wait(&self->not_full, &self->lock);
    }
    self->slots[self->tail] = request_hold(request);
    self->tail = (self->tail + 1) % SLOTS;
    self->used++;
    pthread_cond_signal(&self->not_empty);
    pthread_mutex_unlock(&self->lock);
    return WORKERS_OK;
}

void workers_delete(struct workers *self)
{
    if (self == NULL)
        return;
    pthread_mutex_lock(&self->lock);
    self->closing = true;
    pthread_cond_broadcast(&self->not_empty);
    pthread_mutex_unlock(&self->lock);
    for (unsigned i = 0; i < self->size; i++)
        pthread_join(self->pool[i], NULL);
    pthread_mutex_destroy(&self->lock);
    pthread_cond_destroy(&self->not_empty);
    pthread_cond_destroy(&self->not_full);
    free(self->pool);
    free(self);
}
