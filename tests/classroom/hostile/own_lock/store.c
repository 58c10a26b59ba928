/* A lock of its own, that nobody sees. */
#include "store.h"

#include <stdatomic.h>
#include <stdlib.h>

struct store {
    struct database *database;
    atomic_flag flag;
    struct lock lock; /* guards the whole database */
};

static void take(struct store *store)
{
    while (atomic_flag_test_and_set(&store->flag))
        ;
}

static void give(struct store *store)
{
    atomic_flag_clear(&store->flag);
}

struct store *store_new(struct database *database)
{
    struct store *store = malloc(sizeof *store);
    if (store == NULL)
        return NULL;
    store->database = database;
    atomic_flag_clear(&store->flag);
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
    take(store);
}

int store_commit(struct store *store, struct database_batch *batch, const struct row *row)
{
    database_round_trip(store->database, batch);
    int status = database_put(store->database, batch, row);
    give(store);
    return status;
}

void store_abort(struct store *store)
{
    give(store);
}

int store_sync(struct store *store, struct database_batch *batch)
{
    take(store);
    int status = database_sync(store->database, batch);
    give(store);
    return status;
}

void store_lock_stats(struct store *store, struct lock_stats *stats)
{
    *stats = (struct lock_stats){0};
    lock_stats_add(stats, &store->lock);
}
