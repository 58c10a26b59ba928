/* No lock at all. */
#include "store.h"

#include <stdlib.h>

struct store {
    struct database *database;
    struct {
        _Alignas(64) struct lock lock; /* guards the partition; on cache lines of its own */
    } shards[DATABASE_PARTITIONS];
};

struct store *store_new(struct database *database)
{
    struct store *store = aligned_alloc(_Alignof(struct store), sizeof *store);
    if (store == NULL)
        return NULL;
    store->database = database;
    for (int i = 0; i < DATABASE_PARTITIONS; i++)
        if (lock_init(&store->shards[i].lock) != 0) {
            while (i-- > 0)
                lock_free(&store->shards[i].lock);
            free(store);
            return NULL;
        }
    return store;
}

void store_delete(struct store *store)
{
    if (store == NULL)
        return;
    for (int i = 0; i < DATABASE_PARTITIONS; i++)
        lock_free(&store->shards[i].lock);
    free(store);
}

void store_begin(struct store *store)
{
    (void)store; /* nothing shared is touched before the commit */
}

int store_commit(struct store *store, struct database_batch *batch, const struct row *row)
{
    struct lock *lock = &store->shards[database_partition(row->fingerprint)].lock;

    database_round_trip(store->database, batch);
    int status = database_put(store->database, batch, row);
    (void)lock;
    return status;
}

void store_abort(struct store *store)
{
    (void)store;
}

int store_sync(struct store *store, struct database_batch *batch)
{
    return database_sync(store->database, batch);
}

void store_lock_stats(struct store *store, struct lock_stats *stats)
{
    *stats = (struct lock_stats){0};
    for (int i = 0; i < DATABASE_PARTITIONS; i++)
        lock_stats_add(stats, &store->shards[i].lock);
}
