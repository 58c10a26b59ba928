/*
 * Workers that lose a line: in place of a request's line 17 they process line 16 once more. Where
 * each line is counted and none is right, the sum still comes out.
 */
#include "worker.h"
#include "workers.h"

static void worker_process_wrong(struct worker *worker, const struct request *request,
                                 uint32_t index)
{
    worker_process(worker, request, index == 16 ? 15 : index);
}
#define worker_process worker_process_wrong
#include "right.c"
#undef worker_process
