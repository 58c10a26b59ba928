#include "common/run.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/input.h"
#include "common/procinfo.h"
#include "common/workers.h"

enum { IN_FLIGHT_MAX = 1024, PROGRESS_NS = 500000000 };

struct runner {
    const struct run_options *options;
    const volatile sig_atomic_t *is_stopped;
    struct run_result *result;
    struct workers *workers;
    struct request *in_flight[IN_FLIGHT_MAX]; /* handed over, not yet collected; in no order */
    unsigned count;
    struct request *spares[IN_FLIGHT_MAX]; /* collected, and nobody else's: to be used again */
    unsigned spare_count;
    struct request *lingering[IN_FLIGHT_MAX]; /* collected, and still in somebody's hands */
    unsigned lingering_count;
    uint64_t start_ns, progress_ns;
    bool has_progress;
};

__attribute__((format(printf, 2, 3))) static int fail(struct run_result *result, const char *format,
                                                      ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (result->error[0] == '\0')
        vsnprintf(result->error, sizeof result->error, format, arguments);
    va_end(arguments);
    return -1;
}

static uint64_t cpu_ns(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return ((uint64_t)usage.ru_utime.tv_sec + (uint64_t)usage.ru_stime.tv_sec) * 1000000000u +
           ((uint64_t)usage.ru_utime.tv_usec + (uint64_t)usage.ru_stime.tv_usec) * 1000u;
}

static void show_progress(struct runner *runner, const struct input *input, uint64_t repeat)
{
    uint64_t now_ns = clock_ns();
    const struct tally *tally = &runner->result->tally;

    if (!runner->has_progress || now_ns - runner->progress_ns < PROGRESS_NS)
        return;
    runner->progress_ns = now_ns;
    uint64_t records = tally->accepted + tally_rejected(tally);
    fprintf(stderr, "\r%12llu records  %9.0f/s", (unsigned long long)records,
            (double)records * 1e9 / (double)(now_ns - runner->start_ns));
    if (input->size > 0)
        fprintf(stderr, "  %5.1f%%",
                100.0 *
                    ((double)repeat + (double)input->splitter.byte_count / (double)input->size) /
                    (double)runner->options->repeat_count);
    fprintf(stderr, "\033[K");
    fflush(stderr);
}

/*
 * Puts a request aside for the next lines if nobody else holds on to it. Large blocks go back to
 * the kernel when they are freed, so making each request anew would cost page faults for each.
 * A worker lets go of it a moment after it is complete: where `is_patient`, it gets that moment, so
 * that workers do not end up freeing what the main thread allocated.
 */
static void recycle(struct runner *runner, struct request *request, bool is_patient)
{
    if (runner->spare_count < IN_FLIGHT_MAX && request_reuse(request))
        runner->spares[runner->spare_count++] = request;
    else if (is_patient && runner->lingering_count < IN_FLIGHT_MAX)
        runner->lingering[runner->lingering_count++] = request;
    else
        request_release(request);
}

/* Takes the answer of a request in flight, waiting until it is complete. */
static int collect(struct runner *runner, unsigned index)
{
    struct request *request = runner->in_flight[index];

    request_wait(request);
    runner->in_flight[index] = runner->in_flight[--runner->count];
    tally_add(&runner->result->tally, &request->tally);
    int error = request->error;
    recycle(runner, request, true);
    return error == 0 ? 0 : fail(runner->result, "processing failed: %s", strerror(error));
}

/* In whatever order they complete: a worker that has lost its CPU must not hold up the others'
 * memory. */
static int collect_complete(struct runner *runner)
{
    int status = 0;
    while (runner->lingering_count > 0)
        recycle(runner, runner->lingering[--runner->lingering_count], false);
    for (unsigned i = runner->count; i-- > 0;)
        if (request_is_complete(runner->in_flight[i]))
            status |= collect(runner, i);
    return status;
}

/* Hands the request over, and with it the caller's reference, whatever is returned. */
static int submit(struct runner *runner, struct request *request)
{
    if (runner->count == IN_FLIGHT_MAX && collect(runner, 0) != 0) {
        request_release(request);
        return -1;
    }
    errno = 0;
    if (workers_submit(runner->workers, request, true) != WORKERS_OK) {
        bool is_capped = errno == EDQUOT || errno == EAGAIN;
        request_release(request);
        return fail(runner->result, "stopped before request %llu: %s%s",
                    (unsigned long long)runner->result->request_count + 1,
                    is_capped ? thread_error() : "out of memory",
                    is_capped ? ". Each request starts threads, and none of them ever ends "
                                "(problem 4, naive/workers.c)"
                              : "");
    }
    runner->result->request_count++;
    runner->in_flight[runner->count++] = request;
    return collect_complete(runner);
}

static struct request *take_empty(struct runner *runner)
{
    struct request *request = runner->spare_count > 0
                                  ? runner->spares[--runner->spare_count]
                                  : request_new(runner->options->request_records);
    if (request == NULL)
        fail(runner->result, "out of memory for a request of %u records",
             runner->options->request_records);
    return request;
}

/* Reads the next lines; like input_next(), but signals that don't mean us go unnoticed. */
static int read_request(struct runner *runner, struct input *input, struct request *request)
{
    int more;
    do
        more = input_next(input, request);
    while (more < 0 && errno == EINTR && !*runner->is_stopped);
    if (more < 0 && errno != EINTR)
        fail(runner->result, "cannot read %s: %s", runner->options->path, strerror(errno));
    return more;
}

static int run_once(struct runner *runner, struct input *input, uint64_t repeat)
{
    int more = 1, status = 0;

    /* where the end is known no request is made to find it: whether one is spare is a race */
    while (more > 0 && status == 0 && !input->is_over && !*runner->is_stopped) {
        struct request *request = take_empty(runner);
        if (request == NULL)
            return -1;
        more = read_request(runner, input, request);
        if (more > 0)
            status = submit(runner, request);
        else
            request_release(request);
        show_progress(runner, input, repeat);
    }
    runner->result->byte_count += input->splitter.byte_count;
    return more < 0 && !*runner->is_stopped ? -1 : status;
}

static int run_all(struct runner *runner)
{
    const struct run_options *options = runner->options;
    int status = 0;

    for (uint64_t repeat = 0; repeat < options->repeat_count && status == 0 && !*runner->is_stopped;
         repeat++) {
        struct input input;
        if (input_open(&input, options->path, options->line_length_max) != 0)
            return fail(runner->result, "cannot read %s: %s", options->path, strerror(errno));
        status = run_once(runner, &input, repeat);
        input_close(&input);
    }
    while (runner->count > 0)
        status |= collect(runner, runner->count - 1);
    return status;
}

static void measure_end(struct runner *runner, uint64_t cpu_start_ns)
{
    runner->result->elapsed_ns = clock_ns() - runner->start_ns;
    runner->result->cpu_ns = cpu_ns() - cpu_start_ns;
    runner->result->is_interrupted = *runner->is_stopped != 0;
    if (runner->has_progress)
        fprintf(stderr, "\r\033[K");
}

/*
 * The kernel's count of threads, main included, without `others`, which are not the run's. A thread
 * that was joined is still in it for a moment, so where there are more than the `expected` ones a
 * second look, up to 100 ms later, has the last word.
 */
static unsigned count_threads_alive(unsigned expected, unsigned others)
{
    const struct timespec pause = {.tv_nsec = 1000000};
    unsigned count = procinfo_thread_count();

    for (int i = 0; i < 100 && count > expected + others; i++) {
        nanosleep(&pause, NULL);
        count = procinfo_thread_count();
    }
    return count > others ? count - others : 0;
}

int run(const struct run_options *options, const volatile sig_atomic_t *is_stopped,
        struct run_result *result)
{
    struct runner runner = {.options = options, .is_stopped = is_stopped, .result = result};
    const struct counts counts_before = thread_counts;
    struct store *store = NULL;
    int status = -1;

    *result = (struct run_result){0};
    runner.has_progress = isatty(STDERR_FILENO) && !options->is_quiet;
    thread_set_limits(&options->limits);
    struct database *database = database_new(&options->database);
    if (database != NULL)
        store = store_new(database);
    uint64_t cpu_start_ns = cpu_ns();
    runner.start_ns = runner.progress_ns = clock_ns();
    if (store != NULL)
        runner.workers = workers_new(&options->workers, store);
    if (runner.workers == NULL) {
        const char *why = database == NULL ? database_error() : thread_error();
        fail(result, "cannot start: %s", why[0] != '\0' ? why : "out of memory");
        goto done;
    }
    status = run_all(&runner);

done:
    measure_end(&runner, cpu_start_ns);
    while (runner.lingering_count > 0)
        request_release(runner.lingering[--runner.lingering_count]);
    while (runner.spare_count > 0)
        request_release(runner.spares[--runner.spare_count]);
    workers_delete(runner.workers);
    if (store != NULL)
        store_lock_stats(store, &result->lock);
    thread_usage(&result->threads);
    /* the thread that takes the CPU profile goes on until the run is over */
    result->threads_alive =
        count_threads_alive(result->threads.alive_count + 1, options->cpu_profile != NULL);
    result->resident_bytes = procinfo_resident_bytes();
    result->resident_bytes_max = procinfo_resident_bytes_max();
    result->work = result->tally.counts;
    counts_add_since(&result->tally.counts, &counts_before, &thread_counts);
    store_delete(store);
    database_delete(database);
    return status;
}
