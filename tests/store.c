/* store.c - the contract of lesson 3, for whichever tree is linked. */
#include "common/store.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>

#include "common/memory.h"
#include "tests/sample.h"

enum { WRITERS = 8, RECORDS = 600, TABLE_BYTES = 16 << 20 };

struct fixture {
    struct database *database;
    struct store *store;
};

static struct fixture open_store(uint64_t latency_ns)
{
    const struct database_options options = {.latency_ns = latency_ns, .table_bytes = TABLE_BYTES};
    struct fixture fixture = {.database = database_new(&options)};
    cr_assert_not_null(fixture.database);
    fixture.store = store_new(fixture.database);
    cr_assert_not_null(fixture.store);
    return fixture;
}

static void close_store(struct fixture *fixture)
{
    store_delete(fixture->store);
    database_delete(fixture->database);
}

static struct row row_of(const char *key, uint64_t fingerprint)
{
    return (struct row){.key = key, .key_length = strlen(key), .fingerprint = fingerprint};
}

static void commit(struct store *store, struct database_batch *batch, uint64_t fingerprint)
{
    struct row row = row_of("1:x|a", fingerprint);
    store_begin(store);
    cr_assert_eq(store_commit(store, batch, &row), 0);
}

Test(store, writes_what_is_committed_and_nothing_else)
{
    struct fixture fixture = open_store(0);
    struct database_batch batch = {0};

    for (uint64_t i = 0; i < 100; i++) {
        commit(fixture.store, &batch, i << 58);
        store_begin(fixture.store);
        store_abort(fixture.store);
    }
    cr_expect_eq(store_sync(fixture.store, &batch), 0);
    cr_expect_eq(database_row_count(fixture.database), 100);
    close_store(&fixture);
}

Test(store, can_abort_first_and_commit_later)
{
    struct fixture fixture = open_store(0);
    struct database_batch batch = {0};
    store_begin(fixture.store);
    store_abort(fixture.store);
    cr_expect_eq(database_row_count(fixture.database), 0);
    cr_expect_eq(store_sync(fixture.store, &batch), 0, "an empty batch");
    commit(fixture.store, &batch, 1);
    cr_expect_eq(store_sync(fixture.store, &batch), 0);
    cr_expect_eq(store_sync(fixture.store, &batch), 0, "an empty batch again");
    cr_expect_eq(database_row_count(fixture.database), 1);
    close_store(&fixture);
}

struct writer {
    pthread_t thread;
    struct store *store;
    uint64_t seed, committed, aborted;
};

static void *write_records(void *argument)
{
    struct writer *writer = argument;
    struct database_batch batch = {0};
    uint64_t state = writer->seed;

    for (int i = 0; i < RECORDS; i++) {
        uint64_t chance = sample_random(&state);
        store_begin(writer->store);
        if (chance % 3 == 0) {
            store_abort(writer->store);
            writer->aborted++;
        } else {
            struct row row = row_of("123:sensor|a:1|b:2", chance);
            if (store_commit(writer->store, &batch, &row) == 0)
                writer->committed++;
        }
        if (i % 100 == 0)
            store_sync(writer->store, &batch);
    }
    store_sync(writer->store, &batch);
    return NULL;
}

Test(store, takes_writes_from_many_threads_at_once)
{
    struct fixture fixture = open_store(0);
    struct writer writers[WRITERS];
    struct lock_stats stats;
    uint64_t committed = 0, aborted = 0;

    for (uint64_t i = 0; i < WRITERS; i++) {
        writers[i] = (struct writer){.store = fixture.store, .seed = i + 1};
        cr_assert_eq(pthread_create(&writers[i].thread, NULL, write_records, &writers[i]), 0);
    }
    for (int i = 0; i < WRITERS; i++) {
        cr_assert_eq(pthread_join(writers[i].thread, NULL), 0);
        committed += writers[i].committed;
        aborted += writers[i].aborted;
    }
    cr_expect_eq(committed + aborted, WRITERS * RECORDS);
    cr_expect_eq(database_row_count(fixture.database), committed);
    store_lock_stats(fixture.store, &stats);
    cr_expect_geq(stats.acquisitions, committed);
    cr_expect_leq(stats.contended, stats.acquisitions);
    cr_expect(stats.contended > 0 || stats.wait_ns == 0);
    cr_expect_leq(stats.hold_ns_max, stats.hold_ns);
    close_store(&fixture);
}

Test(store, sees_no_contention_with_one_thread)
{
    struct fixture fixture = open_store(0);
    struct database_batch batch = {0};
    struct lock_stats stats;

    for (uint64_t i = 0; i < 64; i++)
        commit(fixture.store, &batch, i << 58);
    store_lock_stats(fixture.store, &stats);
    cr_expect_eq(stats.acquisitions, 64, "one a record");
    cr_expect_eq(stats.contended, 0);
    cr_expect_eq(stats.wait_ns, 0);
    cr_expect_leq(stats.hold_ns_max, stats.hold_ns);
    close_store(&fixture);
}

Test(store, starts_the_statistics_it_is_asked_for_at_zero)
{
    struct fixture fixture = open_store(0);
    struct lock_stats stats = {.acquisitions = 99, .inside.sorts = 99, .hold_ns_max = UINT64_MAX};
    store_lock_stats(fixture.store, &stats);
    cr_expect_eq(stats.acquisitions, 0);
    cr_expect_eq(stats.inside.sorts, 0);
    cr_expect_eq(stats.hold_ns_max, 0);
    close_store(&fixture);
}

Test(store, makes_one_round_trip_a_commit)
{
    enum { LATENCY_NS = 1000, COMMITS = 20 };
    struct fixture fixture = open_store(LATENCY_NS);
    struct database_batch batch = {0};
    uint64_t before = thread_counts.round_trips;

    for (uint64_t i = 0; i < COMMITS; i++) {
        commit(fixture.store, &batch, i << 58);
        store_begin(fixture.store);
        store_abort(fixture.store);
    }
    cr_expect_eq(thread_counts.round_trips - before, COMMITS);
    cr_expect_geq(batch.round_trip_ns, COMMITS * LATENCY_NS, "no sleep ends early");
    close_store(&fixture);
}

/* The row is larger than its partition's ring, and there is no memory to make that grow. */
Test(store, says_that_a_row_could_not_be_taken_and_goes_on)
{
    struct fixture fixture = open_store(0);
    struct database_batch batch = {0};
    char *key = sample_long('k', TABLE_BYTES);
    struct row row = row_of(key, 0);

    for (int i = 0; i < 3; i++) {
        errno = 0;
        store_begin(fixture.store);
        memory_fail_at(1);
        int status = store_commit(fixture.store, &batch, &row);
        memory_fail_at(0);
        cr_expect_eq(status, -1);
        cr_expect_eq(errno, ENOMEM);
    }
    cr_expect_eq(database_row_count(fixture.database), 0);
    commit(fixture.store, &batch, 0);
    cr_expect_eq(database_row_count(fixture.database), 1);
    free(key);
    close_store(&fixture);
}

Test(store, may_not_come_to_be)
{
    struct database *database = database_new(&(struct database_options){0});
    cr_assert_not_null(database);
    memory_fail_at(1); /* only what is allocated with malloc() fails */
    struct store *store = store_new(database);
    memory_fail_at(0);
    store_delete(store);
    store_delete(NULL);
    database_delete(database);
    database_delete(NULL);
}
