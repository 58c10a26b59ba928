/*
 * The contract of workers.h for the fuzz targets: whoever submits does the work, in his own thread,
 * so that a crash is at the input that caused it and each run of an input is the same.
 */
#include "common/workers.h"

#include <stdlib.h>

#include "common/worker.h"

struct workers {
    struct worker worker;
};

struct workers *workers_new(const struct workers_options *options, struct store *store)
{
    struct workers *workers = malloc(sizeof *workers);

    (void)options;
    if (workers != NULL)
        worker_init(&workers->worker, store);
    return workers;
}

enum workers_result workers_submit(struct workers *workers, struct request *request,
                                   bool is_waiting)
{
    (void)is_waiting;
    for (uint32_t line = 0; line < request->count; line++)
        worker_process(&workers->worker, request, line);
    worker_flush(&workers->worker, request);
    return WORKERS_OK;
}

void workers_delete(struct workers *workers)
{
    if (workers == NULL)
        return;
    worker_free(&workers->worker);
    free(workers);
}
