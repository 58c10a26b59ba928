#include "common/database.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "common/counts.h"
#include "common/sqlite.h"
#include "common/table.h"

enum { DEFAULT_TABLE_BYTES = 1024 * 1024 };

struct database {
    struct sqlite *sqlite; /* NULL: simulated */
    uint64_t latency_ns;
    /* Each partition is guarded by whoever calls database_put(). */
    struct {
        _Alignas(64) struct table table; /* on cache lines of its own: no false sharing */
    } partitions[DATABASE_PARTITIONS];
};

static _Thread_local char error_text[SQLITE_ERROR_SIZE];

const char *database_error(void)
{
    return error_text;
}

int database_parse(const char *text, struct database_options *options)
{
    static const char prefix[] = "sqlite:";
    const size_t length = sizeof prefix - 1;

    if (strcmp(text, "sim") == 0) {
        options->sqlite_path = NULL;
        return 0;
    }
    if (strncmp(text, prefix, length) != 0 || text[length] == '\0')
        return -1;
    options->sqlite_path = text + length;
    return 0;
}

static struct database *out_of_memory(void)
{
    snprintf(error_text, sizeof error_text, "out of memory for the database");
    errno = ENOMEM;
    return NULL;
}

struct database *database_new(const struct database_options *options)
{
    size_t table_bytes = options->table_bytes != 0 ? options->table_bytes : DEFAULT_TABLE_BYTES;
    void *memory;
    struct database *database;

    if (posix_memalign(&memory, 64, sizeof *database) != 0)
        return out_of_memory();
    database = memory;
    *database = (struct database){0};
    if (options->sqlite_path != NULL) {
        database->sqlite = sqlite_new(options->sqlite_path, error_text);
        if (database->sqlite == NULL) {
            int problem = errno;
            free(database);
            errno = problem;
            return NULL;
        }
        return database;
    }
    database->latency_ns = options->latency_ns;
    for (int i = 0; i < DATABASE_PARTITIONS; i++)
        if (table_init(&database->partitions[i].table, table_bytes / DATABASE_PARTITIONS) != 0) {
            database_delete(database);
            return out_of_memory();
        }
    return database;
}

void database_delete(struct database *database)
{
    if (database == NULL)
        return;
    for (int i = 0; i < DATABASE_PARTITIONS; i++)
        table_free(&database->partitions[i].table);
    sqlite_delete(database->sqlite);
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
    if (database->sqlite != NULL)
        return sqlite_add(database->sqlite, &batch->rows, row);
    return table_put(&database->partitions[database_partition(row->fingerprint)].table, row);
}

int database_sync(struct database *database, struct database_batch *batch)
{
    if (database->sqlite == NULL || batch->rows == NULL)
        return 0;
    uint64_t start_ns = clock_ns();
    int status = sqlite_write(database->sqlite, &batch->rows);
    batch->round_trip_ns += clock_ns() - start_ns;
    thread_counts.round_trips++;
    return status;
}

uint64_t database_row_count(const struct database *database)
{
    uint64_t sum = 0;
    for (int i = 0; i < DATABASE_PARTITIONS; i++)
        sum += table_row_count(&database->partitions[i].table);
    return sum;
}
