#include "common/command/run.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/ingest.h"
#include "common/input.h"
#include "common/procinfo.h"
#include "common/workers.h"

enum { REQUESTS_MAX = 1024, PROGRESS_NS = 500000000 };

struct runner {
    const struct run_options *options;
    const volatile sig_atomic_t *is_stopped;
    struct run_result *result;
    struct workers *workers;
    struct intake intake;
    struct ingest ingest;
    struct ingest_part parts[REQUESTS_MAX]; /* the ingest's */
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
    const struct tally *tally = &runner->ingest.tally;

    if (!runner->has_progress || now_ns - runner->progress_ns < PROGRESS_NS)
        return;
    runner->progress_ns = now_ns;
    uint64_t records = tally->accepted + tally_rejected(tally);
    fprintf(stderr, "\r%12llu records  %9.0f/s", (unsigned long long)records,
            (double)records * 1e9 / (double)(now_ns - runner->start_ns));
    if (input->size > 0)
        fprintf(stderr, "  %5.1f%%",
                100.0 *
                    ((double)repeat +
                     (double)runner->ingest.splitter.byte_count / (double)input->size) /
                    (double)runner->options->repeat_count);
    fprintf(stderr, "\033[K");
    fflush(stderr);
}

/* Why the ingest takes no more. Returns -1. */
static int fail_by_ingest(struct runner *runner)
{
    const struct ingest *ingest = &runner->ingest;

    if (ingest->status == INGEST_FAILED)
        return fail(runner->result, "processing failed: %s", ingest->why);
    return fail(runner->result, "stopped before request %llu: %s%s",
                (unsigned long long)ingest->request_count + 1, ingest->why,
                ingest->status == INGEST_CAP ? ". Each request starts threads, and none of them "
                                               "ever ends (lesson 4, naive/workers.c)"
                                             : "");
}

/* Reads the next bytes; like input_read(), but signals that don't mean us go unnoticed. */
static ssize_t read_bytes(struct runner *runner, struct input *input)
{
    ssize_t count;
    do
        count = input_read(input);
    while (count < 0 && errno == EINTR && !*runner->is_stopped);
    if (count < 0 && errno != EINTR)
        fail(runner->result, "cannot read %s: %s", runner->options->path, strerror(errno));
    return count;
}

/* Request by request: it may be stopped, and be seen to go on, after each. */
static int feed(struct runner *runner, const struct input *input, size_t count, uint64_t repeat)
{
    for (size_t fed = 0; fed < count && !*runner->is_stopped;) {
        ptrdiff_t used = ingest_feed_request(&runner->ingest, input->bytes + fed, count - fed);
        if (used < 0)
            return fail_by_ingest(runner);
        fed += (size_t)used;
        show_progress(runner, input, repeat);
    }
    return 0;
}

static int run_once(struct runner *runner, struct input *input, uint64_t repeat)
{
    ssize_t count = 0;
    int status = 0;

    ingest_begin_another(&runner->ingest);
    while (status == 0 && !*runner->is_stopped && (count = read_bytes(runner, input)) > 0)
        status = feed(runner, input, (size_t)count, repeat);
    runner->result->byte_count += runner->ingest.splitter.byte_count;
    if (status != 0 || *runner->is_stopped)
        return status;
    if (count < 0)
        return -1;
    return ingest_end(&runner->ingest) == 0 ? 0 : fail_by_ingest(runner);
}

static int run_all(struct runner *runner)
{
    const struct run_options *options = runner->options;
    int status = 0;

    for (uint64_t repeat = 0; repeat < options->repeat_count && status == 0 && !*runner->is_stopped;
         repeat++) {
        struct input input;
        if (input_open(&input, options->path) != 0)
            return fail(runner->result, "cannot read %s: %s", options->path, strerror(errno));
        status = run_once(runner, &input, repeat);
        input_close(&input);
    }
    return status;
}

/* Takes the answers that are still to come. */
static int finish(struct runner *runner)
{
    struct ingest *ingest = &runner->ingest;

    ingest_finish(ingest);
    runner->result->tally = ingest->tally;
    runner->result->request_count = ingest->request_count;
    return ingest->status == INGEST_OK ? 0 : fail_by_ingest(runner);
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

static void open_intake(struct runner *runner)
{
    const struct run_options *options = runner->options;

    intake_init(&runner->intake,
                &(struct intake_options){
                    .request_records = options->request_records,
                    .request_bytes = SIZE_MAX, /* see request_is_full() */
                    .line_length_max = options->line_length_max,
                    .buffers_bytes_max = SIZE_MAX, /* REQUESTS_MAX bounds them */
                    .idle_bytes_max = SIZE_MAX,
                    .wait_ns = INTAKE_WAIT_FOREVER,
                },
                runner->workers);
    ingest_init(&runner->ingest, &runner->intake, runner->parts, REQUESTS_MAX);
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
    open_intake(&runner);
    if (runner.workers != NULL) {
        status = run_all(&runner) | finish(&runner);
    } else {
        const char *why = database == NULL ? database_error() : thread_error();
        fail(result, "cannot start: %s", why[0] != '\0' ? why : "out of memory");
    }
    measure_end(&runner, cpu_start_ns);
    workers_delete(runner.workers);
    intake_free(&runner.intake);
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
