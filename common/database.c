#include "database.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "clock.h"
#include "counts.h"
#include "table.h"

enum { DEFAULT_TABLE_BYTES = 1024 * 1024 };

struct database {
    uint64_t latency_ns;
    /* Each partition is guarded by whoever calls database_put(). */
    struct {
        _Alignas(64) struct table table; /* on cache lines of its own: no false sharing */
    } partitions[DATABASE_PARTITIONS];
};

struct database *database_new(const struct database_options *options)
{
    size_t table_bytes = options->table_bytes != 0 ? options->table_bytes : DEFAULT_TABLE_BYTES;
    void *memory;
    struct database *database;

    if (posix_memalign(&memory, 64, sizeof *database) != 0) {
        errno = ENOMEM;
        return NULL;
    }
    database = memory;
    *database = (struct database){.latency_ns = options->latency_ns};
    for (int i = 0; i < DATABASE_PARTITIONS; i++)
        if (table_init(&database->partitions[i].table, table_bytes / DATABASE_PARTITIONS) != 0) {
            database_delete(database);
            errno = ENOMEM;
            return NULL;
        }
    return database;
}

void database_delete(struct database *database)
{
    if (database == NULL)
        return;
    for (int i = 0; i < DATABASE_PARTITIONS; i++)
        table_free(&database->partitions[i].table);
    free(database);
}

void database_round_trip(struct database *database, struct database_batch *batch)
{
    if (database->latency_ns == 0)
        return;
    uint64_t start_ns = clock_ns();
    struct timespec left = {.tv_sec = (time_t)(database->latency_ns / 1000000000u),
                            .tv_nsec = (long)(database->latency_ns % 1000000000u)};
    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        ;
    batch->round_trip_ns += clock_ns() - start_ns;
    thread_counts.round_trips++;
}

int database_put(struct database *database, struct database_batch *batch, const struct row *row)
{
    (void)batch;
    return table_put(&database->partitions[database_partition(row->fingerprint)].table, row);
}

int database_sync(struct database *database, struct database_batch *batch)
{
    (void)database;
    (void)batch;
    return 0;
}

uint64_t database_row_count(const struct database *database)
{
    uint64_t sum = 0;
    for (int i = 0; i < DATABASE_PARTITIONS; i++)
        sum += database->partitions[i].table.row_count;
    return sum;
}
