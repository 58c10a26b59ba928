/* A lock for each partition, allocated apart. */
#include "store.h"

#include <stdlib.h>

struct store {
    struct database *database;
    unsigned count;
    struct lock *locks;
};

void store_delete(struct store *store)
{
    if (store != NULL) {
        while (store->count > 0)
            lock_free(&store->locks[--store->count]);
        free(store->locks);
        free(store);
    }
}

struct store *store_new(struct database *database)
{
    struct store *store = calloc(1, sizeof *store);

    if (store == NULL)
        return NULL;
    store->database = database;
    store->locks = calloc(DATABASE_PARTITIONS, sizeof *store->locks);
    while (store->locks != NULL && store->count < DATABASE_PARTITIONS) {
        if (lock_init(&store->locks[store->count]) != 0)
            break;
        store->count++;
    }
    if (store->count < DATABASE_PARTITIONS) {
        store_delete(store);
        return NULL;
    }
    return store;
}

void store_begin(struct store *store)
{
    (void)store;
}

int store_commit(struct store *store, struct database_batch *batch, const struct row *row)
{
    unsigned which = database_partition(row->fingerprint);

    database_round_trip(store->database, batch);
    lock_acquire(&store->locks[which]);
    int status = database_put(store->database, batch, row);
    lock_release(&store->locks[which]);
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
    for (unsigned i = 0; i < store->count; i++)
        lock_stats_add(stats, &store->locks[i]);
}
