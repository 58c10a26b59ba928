/*
 * naive.c - the four problems, proved by counting. Linked with the naive tree; fixed.c is its
 * counterpart, test by test.
 */
#include <criterion/criterion.h>

#include "common/memory.h"
#include "common/sort.h"
#include "common/thread.h"
#include "common/worker.h"
#include "common/workers.h"
#include "tests/sample.h"

enum { TAG_LENGTH = 10, RECORDS = 200 };

/* What one key of so many tags takes. */
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

Test(problem_1_key, allocates_for_each_part)
{
    for (uint32_t tag_count = 0; tag_count <= TAGS_MAX; tag_count++)
        cr_expect_eq(cost_of_key(tag_count).allocations, tag_count + 2, "the id, the name, tags");
}

/* 21 for the id, "1:name" and its NUL, and then each string is longer by a tag: a sum of n terms.
 */
Test(problem_1_key, takes_bytes_that_grow_with_the_square_of_the_tags)
{
    for (uint64_t n = 0; n <= TAGS_MAX; n++)
        cr_expect_eq(cost_of_key((uint32_t)n).allocated_bytes,
                     21 + (n + 1) * 7 + (1 + TAG_LENGTH) * n * (n + 1) / 2, "%u tags", (unsigned)n);

    double ratio =
        (double)cost_of_key(64).allocated_bytes / (double)cost_of_key(32).allocated_bytes;
    cr_expect_gt(ratio, 3.6);
    cr_expect_leq(ratio, 4);
}

Test(problem_1_key, does_not_get_cheaper_with_a_used_buffer)
{
    struct tag tags[8];
    struct key key = {0};

    for (int i = 0; i < 8; i++)
        tags[i] = tag_make("0123456789", TAG_LENGTH);
    for (int round = 0; round < 3; round++) {
        uint64_t before = thread_counts.allocations;
        cr_assert_eq(key_build(&key, 1, "name", tags, 8), 0);
        cr_expect_eq(thread_counts.allocations - before, 10);
    }
    key_free(&key);
}

Test(problem_2_sort, sorts_a_copy_whenever_it_is_asked)
{
    static const char *const texts[] = {"a", "b", "c", "d", "e", "f"};
    struct counts before = thread_counts, cost = {0};
    struct tag tags[6];
    struct tag_list list = {tags, 6, false};
    struct sort_view view;

    sample_tags(tags, texts, 6);
    for (int call = 0; call < 10; call++) {
        cr_assert_eq(sort_tags(&list, &view), 0);
        cr_expect_neq(view.tags, tags, "a copy");
        sort_release(&view);
    }
    counts_add_since(&cost, &before, &thread_counts);
    cr_expect_eq(cost.sorts, 10, "though they came in order");
    cr_expect_eq(cost.allocations, 10);
    cr_expect_eq(cost.allocated_bytes, 10 * (6 * sizeof(struct tag) + 1));
}

TestSuite(problem_2_sort, .init = arena_install_cjson_hooks);

Test(problem_2_sort, sorts_each_record_twice)
{
    struct request *request = sample_generated(1, 0, RECORDS);
    struct counts before = thread_counts, cost = {0};
    struct tally tally = sample_tally(request);

    counts_add_since(&cost, &before, &thread_counts);
    cr_expect_eq(cost.sort_calls, 2 * tally.accepted);
    cr_expect_eq(cost.sorts, 2 * tally.accepted);
    cr_expect_gt(cost.comparisons, 2 * 20 * tally.accepted, "some 20 tags a record, twice");
    request_release(request);
}

/* A request with `latency_ns` through one worker; what happened with the lock held. */
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

Test(problem_3_store, waits_for_the_database_and_works_with_the_lock_held)
{
    struct request *request = sample_generated(1, 0, RECORDS);
    struct lock_stats stats = lock_of(request, 1);
    const struct tally *tally = &request->tally;

    cr_expect_eq(stats.inside.round_trips, tally->accepted, "each wait");
    cr_expect_eq(stats.inside.sort_calls, tally->counts.sort_calls, "each sort");
    cr_expect_eq(stats.inside.comparisons, tally->counts.comparisons, "each comparison");
    cr_expect_gt(stats.inside.comparisons, 0);
    cr_expect_gt(stats.inside.allocations, tally->accepted, "the key's and the copies");
    request_release(request);
}

/* Held for each record that could be parsed, the rejected ones too, and once for the sync. */
Test(problem_3_store, takes_the_one_lock_before_it_knows_that_a_record_is_valid)
{
    struct request *request = sample_generated(1, 900, RECORDS);
    struct lock_stats stats = lock_of(request, 0);
    const struct tally *tally = &request->tally;

    cr_expect_gt(tally->rejected[REJECT_PARSE], 0);
    cr_expect_eq(stats.acquisitions, RECORDS - tally->rejected[REJECT_PARSE] + 1);
    request_release(request);
}

enum { THREADS = 5, REQUESTS = 6 };

TestSuite(problem_4_workers, .init = arena_install_cjson_hooks);

Test(problem_4_workers, keeps_threads_stacks_and_requests_of_each_request_for_ever)
{
    struct database *database = database_new(&(struct database_options){0});
    struct store *store = store_new(database);
    struct workers *workers = workers_new(&(struct workers_options){THREADS, 0, 0}, store);
    struct request *requests[REQUESTS];
    struct thread_usage usage;
    size_t stack_bytes = 0;

    cr_assert_not_null(workers);
    for (unsigned i = 0; i < REQUESTS; i++) {
        requests[i] = sample_generated(1, 10 * i, 10);
        cr_assert_eq(workers_submit(workers, requests[i], true), WORKERS_OK);
        request_wait(requests[i]);
        thread_usage(&usage);
        if (i == 0)
            stack_bytes = usage.stack_mapped_bytes;
        cr_expect_eq(usage.alive_count, THREADS * (i + 1));
        cr_expect_eq(usage.stack_mapped_bytes, stack_bytes * (i + 1));
    }
    cr_expect_geq(stack_bytes, THREADS * (size_t)PTHREAD_STACK_MIN);
    workers_delete(workers);
    thread_usage(&usage);
    cr_expect_eq(usage.alive_count, THREADS * REQUESTS, "after the end, too");
    for (unsigned i = 0; i < REQUESTS; i++)
        cr_expect_eq(requests[i]->references, 1 + THREADS, "each thread holds on to its request");
}

Test(problem_4_workers, starts_ten_threads_a_cpu)
{
    struct database *database = database_new(&(struct database_options){0});
    struct workers *workers = workers_new(&(struct workers_options){0}, store_new(database));
    struct request *request = sample_generated(1, 0, 10);
    struct thread_usage usage;

    cr_assert_eq(workers_submit(workers, request, true), WORKERS_OK);
    thread_usage(&usage);
    cr_expect_eq(usage.alive_count, 10 * thread_cpu_count());
    workers_delete(workers);
}
