/*
 * workers.c - benchmark of lesson 4: requests, one after the other, and what is left of them.
 *
 * workers/requests/requests:R/manual_time
 *     an iteration is a request of 1000 real records, the program's default; R of them are handed
 *     to workers that are fresh. Each implementation chooses its own number of threads. The time
 *     goes from the first submit until the last request is complete, divided by R.
 *
 * Each R requests run in a process of their own (isolated.h), because the naive threads end with
 * nothing less. What that process retains is looked at once the workers have been deleted, so that
 * the fixed pool's own threads are not held against it.
 *
 * Counters, the last process's: `threads_alive` once all requests are complete, with the workers
 * still there; then, workers deleted, a request's part of `threads_left`, `stack_mapped_bytes`,
 * `stack_resident_bytes`, `heap_bytes` (malloc's, where it is glibc's: 0 under Valgrind and ASan)
 * and `retained_bytes`, the sum of the last two. Threads and mapped stacks are exact for a number
 * of processors; how much of the rest is touched depends on which threads of a crew came in time to
 * get work.
 */
#include <malloc.h>
#include <stdio.h>

#include "bench/benchmarks.h"
#include "bench/isolated.h"
#include "common/clock.h"
#include "common/splitter.h"
#include "common/thread.h"
#include "common/workers.h"

enum { REQUESTS_MAX = 16, REQUEST_RECORDS = 1000, LINE_MAX_BYTES = 1024 * 1024 };

_Static_assert(MATERIAL_LINES % REQUEST_RECORDS == 0, "requests start over with the first line");

/* What the process of its own is told. */
struct job {
    const struct bench_input *input;
    unsigned request_count;
};

/* What it tells. */
struct outcome {
    uint64_t elapsed_ns;
    struct thread_usage alive, left;
    size_t heap_bytes; /* by how much it has grown */
    bool is_stopped, is_skipped, is_wrong;
    char error[ISOLATED_ERROR_SIZE];
};

static size_t heap_bytes(void)
{
    struct mallinfo2 heap = mallinfo2();
    return heap.uordblks + heap.hblkhd;
}

static uint32_t first_line(unsigned request_index)
{
    return request_index * REQUEST_RECORDS % MATERIAL_LINES;
}

/* Request number `index`, ready to be handed over, or NULL. */
static struct request *fill_request(const struct material *material, unsigned index)
{
    struct request *request = request_new(REQUEST_RECORDS);
    struct splitter splitter;
    size_t length;
    const char *lines = material_lines(material, first_line(index), REQUEST_RECORDS, &length);

    splitter_init(&splitter, LINE_MAX_BYTES);
    if (request != NULL && splitter_feed(&splitter, lines, length, request) != (ptrdiff_t)length) {
        request_release(request);
        request = NULL;
    }
    return request;
}

/* Hands all requests over and waits for them. Returns how many were taken. */
static unsigned run_requests(struct workers *workers, struct request **requests, unsigned count,
                             const volatile sig_atomic_t *is_stopped)
{
    unsigned taken = 0;

    while (taken < count && !*is_stopped &&
           workers_submit(workers, requests[taken], true) == WORKERS_OK)
        taken++;
    for (unsigned i = 0; i < taken; i++)
        request_wait(requests[i]);
    return taken;
}

static bool is_right(const struct material *material, struct request *const *requests,
                     unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (requests[i]->error != 0 ||
            requests[i]->tally.digest != material_digest(material, first_line(i), REQUEST_RECORDS))
            return false;
    return true;
}

static void time_requests(const struct job *job, struct workers *workers, struct request **requests,
                          struct outcome *outcome)
{
    const struct bench_input *input = job->input;
    uint64_t start_ns = clock_ns();
    unsigned taken = run_requests(workers, requests, job->request_count, input->suite->is_stopped);

    outcome->elapsed_ns = clock_ns() - start_ns;
    outcome->is_stopped = *input->suite->is_stopped != 0;
    outcome->is_skipped = taken < job->request_count;
    outcome->is_wrong = !is_right(input->material, requests, taken);
    snprintf(outcome->error, sizeof outcome->error, "%s", thread_error());
    thread_usage(&outcome->alive);
}

/* In a process of its own. */
static void run_job(const void *argument, void *result)
{
    const struct job *job = argument;
    struct outcome *outcome = result;
    struct request *requests[REQUESTS_MAX] = {NULL};
    struct database *database = database_new(&(struct database_options){0});
    struct store *store = database != NULL ? store_new(database) : NULL;
    size_t heap_before = heap_bytes();
    struct workers *workers =
        store != NULL ? workers_new(&(struct workers_options){0}, store) : NULL;
    bool is_ready = workers != NULL;

    for (unsigned i = 0; i < job->request_count && is_ready; i++)
        is_ready = (requests[i] = fill_request(job->input->material, i)) != NULL;
    if (is_ready) {
        time_requests(job, workers, requests, outcome);
    } else {
        outcome->is_skipped = true;
        snprintf(outcome->error, sizeof outcome->error, "no memory or threads: %s", thread_error());
    }
    for (unsigned i = 0; i < job->request_count; i++)
        request_release(requests[i]);
    workers_delete(workers);
    thread_usage(&outcome->left);
    outcome->heap_bytes = heap_bytes() - heap_before;
    store_delete(store); /* the threads that are left wait, and touch it no more */
    database_delete(database);
}

static void report(struct bench_state *state, const struct job *job, const struct outcome *outcome)
{
    double count = job->request_count;
    double stack_bytes = (double)outcome->left.stack_resident_bytes;
    double heap_growth = (double)(ptrdiff_t)outcome->heap_bytes;

    bench_set_counter(state, "threads_alive", outcome->alive.alive_count, BENCH_PLAIN);
    bench_set_counter(state, "threads_left", outcome->left.alive_count / count, BENCH_PLAIN);
    bench_set_counter(state, "stack_mapped_bytes", (double)outcome->left.stack_mapped_bytes / count,
                      BENCH_PLAIN);
    bench_set_counter(state, "stack_resident_bytes", stack_bytes / count, BENCH_PLAIN);
    bench_set_counter(state, "heap_bytes", heap_growth / count, BENCH_PLAIN);
    bench_set_counter(state, "retained_bytes", (stack_bytes + heap_growth) / count, BENCH_PLAIN);
}

/* The job in a process of its own. False if that ended the benchmark. */
static bool run_apart(struct bench_state *state, const struct job *job, struct outcome *outcome)
{
    char error[ISOLATED_ERROR_SIZE];

    if (isolated_run(run_job, job, outcome, sizeof *outcome, error) != 0)
        bench_fail(state, error);
    else if (outcome->is_wrong)
        bench_fail(state, "the workers did not give the digest that they should");
    else if (outcome->is_skipped && !outcome->is_stopped)
        bench_skip(state, outcome->error);
    else
        return true;
    return false;
}

static void requests(struct bench_state *state, void *context)
{
    const struct job job = {.input = context, .request_count = (unsigned)bench_value(state, 0)};
    struct outcome outcome = {0};

    while (bench_keep_running(state, job.request_count))
        if (run_apart(state, &job, &outcome))
            bench_set_iteration_time(state, outcome.elapsed_ns);
    report(state, &job, &outcome);
}

int bench_add_workers(struct bench_input *input)
{
    return bench_register(
        input->suite,
        &(struct bench){
            .name = "workers/requests",
            .run = requests,
            .context = input,
            .arguments = {{.name = "requests", .first = 1, .last = REQUESTS_MAX, .times = 4}},
            .time = BENCH_MANUAL_TIME,
            .unit = BENCH_US,
        });
}
