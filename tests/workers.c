/*
 * workers.c - the contract of lesson 4, for whichever tree is linked.
 *
 * A tree's threads may never end. So there is one store a test, and one test a process: the store
 * is freed after the test only if no thread is left that works with it.
 */
#include "common/workers.h"

#include <criterion/criterion.h>

#include "common/arena.h"
#include "common/memory.h"
#include "common/thread.h"
#include "tests/sample.h"

static const struct workers_options few_threads = {.thread_count = 3};

static struct database *database;
static struct store *store;

static void open_store(void)
{
    arena_install_cjson_hooks();
    database = database_new(&(struct database_options){0});
    cr_assert_not_null(database);
    store = store_new(database);
    cr_assert_not_null(store);
}

static void close_store(void)
{
    struct thread_usage usage;
    thread_usage(&usage);
    if (usage.alive_count > 0)
        return;
    store_delete(store);
    database_delete(database);
}

static struct workers *new_workers(const struct workers_options *options)
{
    struct workers *workers = workers_new(options, store);
    cr_assert_not_null(workers, "%s", thread_error());
    return workers;
}

/* All but the counts of work, which is what the trees differ in. */
static void expect_same(const struct tally *actual, const struct tally *expected)
{
    cr_expect_eq(actual->accepted, expected->accepted);
    cr_expect_eq(actual->digest, expected->digest);
    cr_expect_eq(actual->score_sum, expected->score_sum);
    cr_expect_arr_eq(actual->rejected, expected->rejected, sizeof expected->rejected);
    cr_expect_arr_eq(actual->first, expected->first, sizeof expected->first);
}

static void expect_answer(struct request *request)
{
    struct tally alone = sample_tally(request);
    request_wait(request);
    cr_expect(request_is_complete(request));
    cr_expect_eq(request->error, 0);
    cr_expect_eq(request->lines_done, request->count);
    expect_same(&request->tally, &alone);
}

TestSuite(workers, .init = open_store, .fini = close_store);

Test(workers, complete_a_request_with_the_answer_of_one_thread)
{
    struct request *request = sample_generated(1, 0, 1500);
    struct workers *workers = new_workers(&few_threads);
    cr_assert_eq(workers_submit(workers, request, true), WORKERS_OK);
    expect_answer(request);
    cr_expect_eq(request->tally.accepted + tally_rejected(&request->tally), 1500);
    cr_expect_gt(tally_rejected(&request->tally), 0, "line 1000 is cut in half");
    workers_delete(workers);
    request_release(request);
}

Test(workers, give_the_same_answer_with_any_number_of_threads)
{
    static const unsigned counts[] = {1, 2, 7, 33};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct workers *workers = new_workers(&(struct workers_options){counts[i], 0, 0});
        for (uint32_t size = 1; size <= 100; size += 33) {
            struct request *request = sample_generated(2, 900 + size, size);
            cr_assert_eq(workers_submit(workers, request, true), WORKERS_OK);
            expect_answer(request);
            request_release(request);
        }
        workers_delete(workers);
    }
}

Test(workers, choose_their_number_themselves)
{
    struct workers *workers = new_workers(&(struct workers_options){0});
    struct request *request = sample_generated(3, 0, 200);
    cr_assert_eq(workers_submit(workers, request, true), WORKERS_OK);
    expect_answer(request);
    workers_delete(workers);
    request_release(request);
}

Test(workers, complete_a_request_without_lines)
{
    struct workers *workers = new_workers(&few_threads);
    struct request *request = sample_request(NULL, 0);
    cr_assert_eq(workers_submit(workers, request, true), WORKERS_OK);
    request_wait(request);
    cr_expect_eq(request->tally.accepted, 0);
    cr_expect_eq(request->error, 0);
    workers_delete(workers);
    request_release(request);
}

Test(workers, leave_the_callers_reference_alone)
{
    struct workers *workers = new_workers(&few_threads);
    struct request *request = sample_generated(1, 0, 50);
    request_hold(request);
    cr_assert_eq(workers_submit(workers, request, true), WORKERS_OK);
    request_wait(request);
    request_release(request);
    workers_delete(workers);
    cr_expect_eq(request->count, 50, "one reference is still ours");
    cr_expect_geq(request->references, 1);
    request_release(request);
}

enum { SUBMITTERS = 4, REQUESTS = 12, RECORDS = 40 };

struct submitter {
    pthread_t thread;
    struct workers *workers;
    struct request *requests[REQUESTS];
    unsigned taken_count;
};

static void *submit_all(void *argument)
{
    struct submitter *submitter = argument;
    for (int i = 0; i < REQUESTS; i++)
        submitter->taken_count +=
            workers_submit(submitter->workers, submitter->requests[i], true) == WORKERS_OK;
    return NULL;
}

Test(workers, take_requests_from_many_threads)
{
    struct workers *workers = new_workers(&(struct workers_options){3, 2, 0});
    struct submitter submitters[SUBMITTERS];

    for (uint64_t s = 0; s < SUBMITTERS; s++) {
        submitters[s] = (struct submitter){.workers = workers};
        for (int i = 0; i < REQUESTS; i++)
            submitters[s].requests[i] = sample_generated(s, RECORDS * (uint64_t)i, RECORDS);
        cr_assert_eq(pthread_create(&submitters[s].thread, NULL, submit_all, &submitters[s]), 0);
    }
    for (int s = 0; s < SUBMITTERS; s++) {
        pthread_join(submitters[s].thread, NULL);
        cr_expect_eq(submitters[s].taken_count, REQUESTS);
        for (int i = 0; i < REQUESTS; i++) {
            expect_answer(submitters[s].requests[i]);
            request_release(submitters[s].requests[i]);
        }
    }
    workers_delete(workers);
}

Test(workers, finish_what_was_handed_over_before_they_are_gone)
{
    struct workers *workers = new_workers(&(struct workers_options){1, REQUESTS, 0});
    struct request *requests[REQUESTS];

    for (int i = 0; i < REQUESTS; i++) {
        requests[i] = sample_generated(1, 100 * (uint64_t)i, 100);
        cr_assert_eq(workers_submit(workers, requests[i], true), WORKERS_OK);
    }
    workers_delete(workers);
    for (int i = 0; i < REQUESTS; i++) {
        cr_expect(request_is_complete(requests[i]));
        expect_answer(requests[i]);
        request_release(requests[i]);
    }
}

Test(workers, can_be_deleted_unused)
{
    workers_delete(new_workers(&few_threads));
    workers_delete(NULL);
}

/* Whether the threads are started early or late, the guard's refusal comes back as a failure. */
Test(workers, fail_cleanly_where_the_guard_allows_no_thread)
{
    struct request *request = sample_generated(1, 0, 10);
    struct thread_usage usage;

    thread_set_limits(&(struct thread_limits){.threads_max = 0, .bytes_max = SIZE_MAX});
    struct workers *workers = workers_new(&few_threads, store);
    if (workers != NULL)
        cr_expect_eq(workers_submit(workers, request, true), WORKERS_FAILED);
    cr_expect(strstr(thread_error(), "--max-threads") != NULL, "%s", thread_error());
    cr_expect_eq(request->references, 1, "it was not taken");
    workers_delete(workers);
    thread_usage(&usage);
    cr_expect_eq(usage.alive_count, 0);
    request_release(request);
}

Test(workers, fail_cleanly_where_the_guard_allows_no_more_memory)
{
    struct request *request = sample_generated(1, 0, 10);

    thread_set_limits(&(struct thread_limits){.threads_max = 100, .bytes_max = 1});
    struct workers *workers = workers_new(&few_threads, store);
    if (workers != NULL)
        cr_expect_eq(workers_submit(workers, request, true), WORKERS_FAILED);
    cr_expect(strstr(thread_error(), "--max-memory") != NULL, "%s", thread_error());
    cr_expect_eq(request->references, 1);
    workers_delete(workers);
    request_release(request);
}

/* Some threads, but not all that were wanted: either none is left, or the request is answered. */
Test(workers, are_all_or_enough_where_the_guard_allows_some_threads)
{
    struct request *request = sample_generated(1, 0, 10);
    struct thread_usage usage;

    thread_set_limits(&(struct thread_limits){.threads_max = 2, .bytes_max = SIZE_MAX});
    struct workers *workers = workers_new(&few_threads, store);
    if (workers == NULL) {
        thread_usage(&usage);
        cr_expect_eq(usage.alive_count, 0);
        cr_expect(strstr(thread_error(), "--max-threads") != NULL, "%s", thread_error());
    } else {
        cr_assert_eq(workers_submit(workers, request, true), WORKERS_OK);
        expect_answer(request);
    }
    workers_delete(workers);
    request_release(request);
}

/* At each allocation of this thread in turn: no request is lost, none is taken and not answered. */
Test(workers, survive_memory_that_runs_out)
{
    bool is_through = false;

    for (uint64_t nth = 1; !is_through; nth++) {
        struct request *request = sample_generated(1, 0, 10);
        cr_assert_lt(nth, 100, "an end of allocations");
        memory_fail_at(nth);
        struct workers *workers = workers_new(&few_threads, store);
        enum workers_result result =
            workers != NULL ? workers_submit(workers, request, true) : WORKERS_FAILED;
        memory_fail_at(0);
        if (result == WORKERS_OK)
            expect_answer(request);
        else
            cr_expect_eq(request->references, 1);
        is_through = result == WORKERS_OK && nth > 2 + few_threads.thread_count;
        workers_delete(workers);
        request_release(request);
    }
}
