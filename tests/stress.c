/*
 * stress.c - a program of its own for the tools that look for races, which Criterion's forked
 * processes do not go with. It exits 0 if the sums come out right; a race is the tool's to see.
 *
 * Many threads at once: begin, commit, abort and sync of a store; requests handed to workers by
 * several threads, with and without waiting; threads that start and end while they are counted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/generate.h"
#include "common/thread.h"
#include "common/variant.h"
#include "common/workers.h"

enum {
    WRITERS = 8,
    WRITES = 400,
    SUBMITTERS = 4,
    REQUESTS = 5,
    RECORDS = 20,
    WORKERS = 3,
    THREADS = SUBMITTERS * REQUESTS * WORKERS + WRITERS + 100
};

static void *must(void *pointer)
{
    if (pointer == NULL) {
        fprintf(stderr, "stress: no memory\n");
        exit(1);
    }
    return pointer;
}

static void start(pthread_t *thread, void *(*run)(void *), void *argument)
{
    if (thread_start(thread, "stress", run, argument) != 0) {
        fprintf(stderr, "stress: %s\n", thread_error());
        exit(1);
    }
}

static void expect(const char *what, uint64_t actual, uint64_t expected)
{
    if (actual == expected)
        return;
    fprintf(stderr, "stress: %s: %llu instead of %llu\n", what, (unsigned long long)actual,
            (unsigned long long)expected);
    exit(1);
}

struct writer {
    pthread_t thread;
    struct store *store;
    uint64_t number, committed;
};

static void *write_rows(void *argument)
{
    struct writer *writer = argument;
    struct database_batch batch = {0};
    char key[32];

    for (uint64_t i = 0; i < WRITES; i++) {
        uint64_t fingerprint = (writer->number * WRITES + i) * 0x9E3779B97F4A7C15u;
        store_begin(writer->store);
        if (i % 3 == 0) {
            store_abort(writer->store);
        } else {
            int length = snprintf(key, sizeof key, "%llu:x", (unsigned long long)fingerprint);
            struct row row = {.key = key, .key_length = (size_t)length, .fingerprint = fingerprint};
            writer->committed += store_commit(writer->store, &batch, &row) == 0;
        }
        if (i % 50 == 0)
            store_sync(writer->store, &batch);
    }
    store_sync(writer->store, &batch);
    return NULL;
}

static void stress_store(void)
{
    const struct database_options options = {.latency_ns = 1000, .table_bytes = 4 << 20};
    struct database *database = must(database_new(&options));
    struct store *store = must(store_new(database));
    struct writer writers[WRITERS];
    struct lock_stats stats;
    uint64_t committed = 0;

    for (uint64_t i = 0; i < WRITERS; i++) {
        writers[i] = (struct writer){.store = store, .number = i};
        start(&writers[i].thread, write_rows, &writers[i]);
    }
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(writers[i].thread, NULL);
        committed += writers[i].committed;
    }
    store_lock_stats(store, &stats);
    expect("rows", database_row_count(database), committed);
    expect("commits", committed, WRITERS * (WRITES - (WRITES + 2) / 3));
    store_delete(store);
    database_delete(database);
}

static struct request *generate_request(uint64_t first)
{
    struct request *request = must(request_new(RECORDS));
    for (uint32_t i = 0; i < RECORDS; i++) {
        if (request_reserve(request, GENERATE_LINE_MAX) != 0)
            must(NULL);
        size_t length = generate_line(1, first + i, request->text + request->length);
        request->lines[request->count++] =
            (struct line){first + i + 1, (uint32_t)request->length, (uint32_t)length};
        request->length += length;
    }
    return request;
}

struct submitter {
    pthread_t thread;
    struct workers *workers;
    uint64_t number;
    struct tally tally;
};

static void *submit_requests(void *argument)
{
    struct submitter *submitter = argument;
    struct request *requests[REQUESTS];

    for (uint64_t i = 0; i < REQUESTS; i++) {
        requests[i] = generate_request((submitter->number * REQUESTS + i) * RECORDS);
        bool is_waiting = i % 2 == 0;
        while (workers_submit(submitter->workers, requests[i], is_waiting) == WORKERS_FULL)
            is_waiting = true;
    }
    for (int i = 0; i < REQUESTS; i++) {
        if (i % 2 == 0)
            request_wait(requests[i]);
        while (!request_is_complete(requests[i]))
            ;
        tally_add(&submitter->tally, &requests[i]->tally);
        request_release(requests[i]);
    }
    return NULL;
}

static void *watch_threads(void *argument)
{
    struct thread_usage usage;
    (void)argument;
    for (int i = 0; i < 20; i++)
        thread_usage(&usage);
    return NULL;
}

/* The naive crews outlive their requests: what they work with cannot be freed before they end. */
static void stress_workers(void)
{
    struct database *database = must(database_new(&(struct database_options){0}));
    struct store *store = must(store_new(database));
    struct workers *workers = must(workers_new(&(struct workers_options){WORKERS, 2, 0}, store));
    struct submitter submitters[SUBMITTERS];
    struct tally sum = {0};
    pthread_t watcher;

    start(&watcher, watch_threads, NULL);
    for (uint64_t i = 0; i < SUBMITTERS; i++) {
        submitters[i] = (struct submitter){.workers = workers, .number = i};
        start(&submitters[i].thread, submit_requests, &submitters[i]);
    }
    for (int i = 0; i < SUBMITTERS; i++) {
        pthread_join(submitters[i].thread, NULL);
        tally_add(&sum, &submitters[i].tally);
    }
    pthread_join(watcher, NULL);
    workers_delete(workers);
    expect("records", sum.accepted + tally_rejected(&sum), SUBMITTERS * REQUESTS * RECORDS);
    expect("sorted views", sum.counts.sort_calls, 2 * sum.accepted);
    store_delete(store);
    database_delete(database);
}

int main(void)
{
    arena_install_cjson_hooks();
    thread_set_limits(&(struct thread_limits){THREADS, SIZE_MAX});
    stress_store();
    stress_workers();
    printf("stress-%s: all sums are right\n", variant_code);
    return 0;
}
