/* database.c - the simulated database: round trips that really wait, and partitions. */
#include "common/database.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "common/counts.h"
#include "common/memory.h"
#include "tests/sample.h"

static struct database *new_database(uint64_t latency_ns, size_t table_bytes)
{
    struct database *database = database_new(
        &(struct database_options){.latency_ns = latency_ns, .table_bytes = table_bytes});
    cr_assert_not_null(database);
    return database;
}

static void put(struct database *database, uint64_t fingerprint, size_t key_length)
{
    static const char key[1000] = {'k'};
    struct database_batch batch = {0};
    struct row row = {.key = key, .key_length = key_length, .fingerprint = fingerprint};
    cr_assert_eq(database_put(database, &batch, &row), 0);
}

Test(database, deals_rows_out_by_their_fingerprint)
{
    unsigned counts[DATABASE_PARTITIONS] = {0};
    uint64_t state = 1;
    for (int i = 0; i < 16000; i++) {
        unsigned partition = database_partition(sample_random(&state));
        cr_assert_lt(partition, (unsigned)DATABASE_PARTITIONS);
        counts[partition]++;
    }
    for (int i = 0; i < DATABASE_PARTITIONS; i++)
        cr_expect(counts[i] > 800 && counts[i] < 1200, "%u of 16000 in one of 16", counts[i]);
}

Test(database, counts_the_rows_of_all_partitions)
{
    struct database *database = new_database(0, 1 << 20);
    for (uint64_t i = 0; i < 160; i++)
        put(database, i << 60, 100);
    cr_expect_eq(database_row_count(database), 160);
    database_delete(database);
}

Test(database, keeps_its_size)
{
    struct database *database = new_database(0, 0);
    struct counts before = thread_counts;
    for (uint64_t i = 0; i < 100000; i++)
        put(database, i << 57, 900);
    cr_expect_eq(thread_counts.allocations, before.allocations);
    cr_expect_leq(database_row_count(database) * 900, 1 << 20, "the default is 1 MiB");
    cr_expect_gt(database_row_count(database) * 1100, 1 << 19);
    database_delete(database);
}

Test(database, waits_for_its_latency)
{
    enum { LATENCY_NS = 100000 };
    struct database *database = new_database(LATENCY_NS, 0);
    struct database_batch batch = {0};
    uint64_t before = thread_counts.round_trips;

    for (unsigned i = 1; i <= 5; i++) {
        database_round_trip(database, &batch);
        cr_expect_geq(batch.round_trip_ns, i * LATENCY_NS, "no sleep ends early");
    }
    cr_expect_eq(thread_counts.round_trips - before, 5);
    cr_expect_eq(database_sync(database, &batch), 0);
    database_delete(database);
}

Test(database, makes_no_round_trip_without_latency)
{
    struct database *database = new_database(0, 0);
    struct database_batch batch = {0};
    uint64_t before = thread_counts.round_trips;

    database_round_trip(database, &batch);
    cr_expect_eq(thread_counts.round_trips - before, 0);
    cr_expect_eq(batch.round_trip_ns, 0);
    database_delete(database);
}

Test(database, may_not_come_to_be)
{
    for (uint64_t nth = 1; nth <= DATABASE_PARTITIONS; nth++) {
        memory_fail_at(nth);
        errno = 0;
        struct database *database = database_new(&(struct database_options){0});
        int error = errno;
        memory_fail_at(0);
        cr_expect_null(database, "at %u", (unsigned)nth);
        cr_expect_eq(error, ENOMEM);
        database_delete(database);
    }
}
