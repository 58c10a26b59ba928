/* One lock still, but only while the row is put into the table. */
#include "store.h"

#include <stdlib.h>

struct store {
    struct database *database;
    struct lock lock;
};

struct store *store_new(struct database *database)
{
    struct store *store = malloc(sizeof *store);
    if (store == NULL)
        return NULL;
    store->database = database;
    if (lock_init(&store->lock) != 0) {
        free(store);
        return NULL;
    }
    return store;
}

void store_delete(struct store *store)
{
    if (store == NULL)
        return;
    lock_free(&store->lock);
    free(store);
}

void store_begin(struct store *store)
{
    (void)store;
}

int store_commit(struct store *store, struct database_batch *batch, const struct row *row)
{
    database_round_trip(store->database, batch);
    lock_acquire(&store->lock);
    int status = database_put(store->database, batch, row);
    lock_release(&store->lock);
    return status;
}

void store_abort(struct store *store)
{
    (void)store;
}

int store_sync(struct store *store, struct database_batch *batch)
{
    lock_acquire(&store->lock);
    int status = database_sync(store->database, batch);
    lock_release(&store->lock);
    return status;
}

void store_lock_stats(struct store *store, struct lock_stats *stats)
{
    *stats = (struct lock_stats){0};
    lock_stats_add(stats, &store->lock);
}
