/* Workers that lose a line for good: the request that it was in never completes. */
#include "worker.h"
#include "workers.h"

static void worker_process_wrong(struct worker *worker, const struct request *request,
                                 uint32_t index)
{
    if (request->lines[index].number != 1500)
        worker_process(worker, request, index);
}
#define worker_process worker_process_wrong
#include "right.c"
#undef worker_process
