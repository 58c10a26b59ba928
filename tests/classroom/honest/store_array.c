/* An array of locks in the store, as the reference has one; made without having seen it. */
#include "store.h"

#include <stdlib.h>

struct store {
    struct database *db;
    struct lock locks[DATABASE_PARTITIONS];
};

struct store *store_new(struct database *database)
{
    struct store *store = malloc(sizeof *store);
    int made = 0;

    if (store == NULL)
        return NULL;
    store->db = database;
    for (made = 0; made < DATABASE_PARTITIONS; made++)
        if (lock_init(&store->locks[made]) != 0)
            goto fail;
    return store;

fail:
    for (int i = 0; i < made; i++)
        lock_free(&store->locks[i]);
    free(store);
    return NULL;
}

void store_delete(struct store *store)
{
    if (store == NULL)
        return;
    for (int i = 0; i < DATABASE_PARTITIONS; i++)
        lock_free(&store->locks[i]);
    free(store);
}

void store_begin(struct store *store)
{
    (void)store;
}

int store_commit(struct store *store, struct database_batch *batch, const struct row *row)
{
    struct lock *mine;
    int result;

    database_round_trip(store->db, batch);
    mine = &store->locks[database_partition(row->fingerprint)];
    lock_acquire(mine);
    result = database_put(store->db, batch, row);
    lock_release(mine);
    return result;
}

void store_abort(struct store *store)
{
    (void)store;
}

int store_sync(struct store *store, struct database_batch *batch)
{
    return database_sync(store->db, batch);
}

void store_lock_stats(struct store *store, struct lock_stats *stats)
{
    *stats = (struct lock_stats){0};
    for (int i = 0; i < DATABASE_PARTITIONS; i++)
        lock_stats_add(stats, &store->locks[i]);
}
