/* sample_tree.c - the part of sample.h that takes one of the two trees to work. */
#include <criterion/criterion.h>

#include "common/worker.h"
#include "tests/sample.h"

struct tally sample_tally(struct request *request)
{
    struct database *database = database_new(&(struct database_options){0});
    struct store *store = store_new(database);
    struct worker worker;

    cr_assert_not_null(store);
    worker_init(&worker, store);
    for (uint32_t i = 0; i < request->count; i++)
        worker_process(&worker, request, i);
    cr_assert_eq(worker.error, 0);
    struct tally tally = worker.tally;
    worker_free(&worker);
    store_delete(store);
    database_delete(database);
    return tally;
}
