/*
 * fixed.c - that the four problems are solved, proved by counting. Linked with the fixed tree;
 * naive.c is its counterpart, test by test.
 */
#include <criterion/criterion.h>

#include "common/memory.h"
#include "common/sort.h"
#include "common/thread.h"
#include "common/worker.h"
#include "common/workers.h"
#include "tests/sample.h"

enum { TAG_LENGTH = 10, RECORDS = 200 };

/* What one key of so many tags takes, into a buffer that has not been used before. */
static struct counts cost_of_key(uint32_t tag_count)
{
    struct counts before = thread_counts, cost = {0};
    struct tag tags[TAGS_MAX];
    struct key key = {0};

    for (uint32_t i = 0; i < tag_count; i++)
        tags[i] = tag_make("0123456789", TAG_LENGTH);
    cr_assert_eq(key_build(&key, 1, "name", tags, tag_count), 0);
    counts_add_since(&cost, &before, &thread_counts);
    key_free(&key);
    return cost;
}

Test(problem_1_key, allocates_once_however_many_parts)
{
    for (uint32_t tag_count = 0; tag_count <= TAGS_MAX; tag_count++)
        cr_expect_eq(cost_of_key(tag_count).allocations, 1);
}

Test(problem_1_key, takes_bytes_that_grow_with_the_tags)
{
    uint64_t at_0 = cost_of_key(0).allocated_bytes, at_32 = cost_of_key(32).allocated_bytes,
             at_64 = cost_of_key(64).allocated_bytes;
    cr_expect_eq(at_64 - at_32, at_32 - at_0, "a straight line");
    cr_expect_leq(at_64, 2 * (64 * (1 + TAG_LENGTH) + 64), "and a gentle one");
}

Test(problem_1_key, allocates_nothing_with_a_used_buffer)
{
    struct tag tags[TAGS_MAX];
    struct key key = {0};

    for (int i = 0; i < TAGS_MAX; i++)
        tags[i] = tag_make("0123456789", TAG_LENGTH);
    cr_assert_eq(key_build(&key, UINT64_MAX, "name", tags, TAGS_MAX), 0);
    uint64_t before = thread_counts.allocations;
    for (uint32_t round = 0; round < 1000; round++)
        cr_assert_eq(key_build(&key, round, "name", tags, round % (TAGS_MAX + 1)), 0);
    cr_expect_eq(thread_counts.allocations - before, 0);
    key_free(&key);
}

Test(problem_2_sort, only_looks_at_tags_that_came_in_order)
{
    static const char *const texts[] = {"a", "b", "c", "d", "e", "f"};
    struct counts before = thread_counts, cost = {0};
    struct tag tags[6];
    struct tag_list list = {tags, 6, false};
    struct sort_view view;

    sample_tags(tags, texts, 6);
    for (int call = 0; call < 10; call++) {
        cr_assert_eq(sort_tags(&list, &view), 0);
        cr_expect_eq(view.tags, tags, "borrowed");
        sort_release(&view);
    }
    counts_add_since(&cost, &before, &thread_counts);
    cr_expect_eq(cost.sorts, 0);
    cr_expect_eq(cost.comparisons, 5, "one look, for all ten calls");
    cr_expect_eq(cost.allocations, 0);
}

Test(problem_2_sort, sorts_once_and_knows_it)
{
    static const char *const texts[] = {"f", "e", "d", "c", "b", "a"};
    struct counts before = thread_counts, cost = {0};
    struct tag tags[6];
    struct tag_list list = {tags, 6, false};
    struct sort_view view;

    sample_tags(tags, texts, 6);
    for (int call = 0; call < 10; call++) {
        cr_assert_eq(sort_tags(&list, &view), 0);
        sort_release(&view);
    }
    counts_add_since(&cost, &before, &thread_counts);
    cr_expect_eq(cost.sorts, 1);
    cr_expect_eq(cost.allocations, 0);
}

TestSuite(problem_2_sort, .init = arena_install_cjson_hooks);

/* Whether the tags of an accepted line are out of order once they are normalised, by strcmp(). */
static bool is_out_of_order(struct arena *arena, const struct request *request, uint32_t index)
{
    const struct line *line = &request->lines[index];
    struct tag tags[TAGS_MAX];
    struct reject reject;
    struct record record;
    const cJSON *json;
    bool is_found = false;

    if (record_parse(arena, request->text + line->offset, line->length, &json, &reject) != 0 ||
        record_validate(json, tags, &record) != REJECT_NONE)
        return false;
    record_normalise(&record);
    for (uint32_t i = 1; i < record.tags.count; i++)
        is_found |= strcmp(tags[i - 1].text, tags[i].text) > 0;
    return is_found;
}

Test(problem_2_sort, sorts_just_the_records_that_are_out_of_order)
{
    struct request *request = sample_generated(1, 0, 1000);
    struct counts before = thread_counts, cost = {0};
    struct tally tally = sample_tally(request);
    struct arena arena = {0};
    uint64_t expected = 0;

    counts_add_since(&cost, &before, &thread_counts);
    for (uint32_t i = 0; i < request->count; i++)
        expected += is_out_of_order(&arena, request, i);
    cr_expect_eq(cost.sort_calls, 2 * tally.accepted);
    cr_expect_eq(cost.sorts, expected);
    cr_expect_lt(cost.sorts, tally.accepted, "some come in order");
    arena_free(&arena);
    request_release(request);
}

/* A request with `latency_ns` through one worker; what happened with a lock held. */
static struct lock_stats lock_of(struct request *request, uint64_t latency_ns)
{
    struct database *database = database_new(&(struct database_options){.latency_ns = latency_ns});
    struct store *store = store_new(database);
    struct lock_stats stats;
    struct worker worker;

    cr_assert_not_null(store);
    worker_init(&worker, store);
    for (uint32_t i = 0; i < request->count; i++)
        worker_process(&worker, request, i);
    worker_flush(&worker, request);
    store_lock_stats(store, &stats);
    worker_free(&worker);
    store_delete(store);
    database_delete(database);
    return stats;
}

TestSuite(problem_3_store, .init = arena_install_cjson_hooks);

Test(problem_3_store, neither_waits_nor_works_with_a_lock_held)
{
    struct request *request = sample_generated(1, 0, RECORDS);
    struct lock_stats stats = lock_of(request, 1);

    cr_expect_eq(request->tally.counts.round_trips, request->tally.accepted);
    cr_expect_eq(stats.inside.round_trips, 0);
    cr_expect_eq(stats.inside.sort_calls, 0);
    cr_expect_eq(stats.inside.comparisons, 0);
    cr_expect_eq(stats.inside.allocations, 0);
    request_release(request);
}

Test(problem_3_store, takes_a_lock_just_for_rows)
{
    struct request *request = sample_generated(1, 900, RECORDS);
    struct lock_stats stats = lock_of(request, 0);
    cr_expect_eq(stats.acquisitions, request->tally.accepted);
    request_release(request);
}

static void *commit_one(void *argument)
{
    struct database_batch batch = {0};
    struct row row = {.key = "1:x", .key_length = 3};
    store_begin(argument);
    return store_commit(argument, &batch, &row) == 0 ? argument : NULL;
}

/* With the naive store this would wait for ever. */
Test(problem_3_store, lets_another_record_pass_while_one_is_open)
{
    struct database *database = database_new(&(struct database_options){0});
    struct store *store = store_new(database);
    pthread_t thread;
    void *result;

    cr_assert_not_null(store);
    store_begin(store);
    cr_assert_eq(pthread_create(&thread, NULL, commit_one, store), 0);
    cr_assert_eq(pthread_join(thread, &result), 0);
    cr_expect_eq(result, store);
    store_abort(store);
    cr_expect_eq(database_row_count(database), 1);
    store_delete(store);
    database_delete(database);
}

enum { THREADS = 5, REQUESTS = 6 };

TestSuite(problem_4_workers, .init = arena_install_cjson_hooks);

Test(problem_4_workers, keeps_neither_threads_nor_requests)
{
    struct database *database = database_new(&(struct database_options){0});
    struct store *store = store_new(database);
    struct workers *workers = workers_new(&(struct workers_options){THREADS, 0, 0}, store);
    struct request *requests[REQUESTS];
    struct thread_usage usage;

    cr_assert_not_null(workers);
    for (unsigned i = 0; i < REQUESTS; i++) {
        requests[i] = sample_generated(1, 10 * i, 10);
        cr_assert_eq(workers_submit(workers, requests[i], true), WORKERS_OK);
        request_wait(requests[i]);
        thread_usage(&usage);
        cr_expect_eq(usage.alive_count, THREADS, "the same ones");
        cr_expect_eq(usage.started_count, THREADS);
    }
    workers_delete(workers);
    thread_usage(&usage);
    cr_expect_eq(usage.alive_count, 0);
    cr_expect_eq(usage.stack_mapped_bytes, 0);
    cr_expect_eq(usage.stack_resident_bytes, 0);
    for (unsigned i = 0; i < REQUESTS; i++) {
        cr_expect_eq(requests[i]->references, 1);
        request_release(requests[i]);
    }
    store_delete(store);
    database_delete(database);
}

Test(problem_4_workers, starts_one_thread_a_cpu_and_more_if_they_wait)
{
    static const uint64_t waits_ns[] = {0, 50000, 10000000000u};
    struct database *database = database_new(&(struct database_options){0});
    struct store *store = store_new(database);
    struct thread_usage usage;
    unsigned before = 0;

    for (int i = 0; i < 3; i++) {
        struct workers *workers =
            workers_new(&(struct workers_options){.wait_ns = waits_ns[i]}, store);
        cr_assert_not_null(workers);
        thread_usage(&usage);
        if (i == 0)
            cr_expect_eq(usage.alive_count, thread_cpu_count());
        cr_expect_geq(usage.alive_count, before);
        cr_expect_leq(usage.alive_count, 64 + thread_cpu_count(), "there is a cap");
        before = usage.alive_count;
        workers_delete(workers);
    }
    cr_expect_gt(before, thread_cpu_count());
    store_delete(store);
    database_delete(database);
}

/*
 * The only worker is kept from finishing the first request, whose mutex is ours; the second one
 * fills the queue of one. A third one has no room until the first is done.
 */
Test(problem_4_workers, say_when_there_is_no_room)
{
    struct database *database = database_new(&(struct database_options){0});
    struct store *store = store_new(database);
    struct workers *workers = workers_new(&(struct workers_options){1, 1, 0}, store);
    struct request *requests[3];

    cr_assert_not_null(workers);
    for (int i = 0; i < 3; i++)
        requests[i] = sample_generated(1, 0, 5);
    pthread_mutex_lock(&requests[0]->mutex);
    cr_assert_eq(workers_submit(workers, requests[0], true), WORKERS_OK);
    cr_assert_eq(workers_submit(workers, requests[1], true), WORKERS_OK);
    for (int i = 0; i < 10; i++)
        cr_expect_eq(workers_submit(workers, requests[2], false), WORKERS_FULL);
    cr_expect_eq(requests[2]->references, 1, "it was not taken");
    pthread_mutex_unlock(&requests[0]->mutex);
    cr_expect_eq(workers_submit(workers, requests[2], true), WORKERS_OK);
    for (int i = 0; i < 3; i++) {
        request_wait(requests[i]);
        cr_expect_eq(requests[i]->tally.accepted, 5);
    }
    workers_delete(workers);
    for (int i = 0; i < 3; i++)
        request_release(requests[i]);
    store_delete(store);
    database_delete(database);
}
