/*
 * Workers that lose a line, but only of requests of 50 lines, which the proof never makes: those
 * come with the runs that are timed with a database.
 */
#include "worker.h"
#include "workers.h"

static void worker_process_wrong(struct worker *worker, const struct request *request,
                                 uint32_t index)
{
    worker_process(worker, request, index == 16 && request->count == 50 ? 15 : index);
}
#define worker_process worker_process_wrong
#include "right.c"
#undef worker_process
