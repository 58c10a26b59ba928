/*
 * pipeline.c - benchmark of the whole: what `fastenough run` does, from the first byte to the last.
 *
 * pipeline/records:N/manual_time
 *     an iteration is a record, of a run over N of them: read, cut into requests of 1000, handed to
 *     workers, all eight stages, a database without latency. The time is the run's own
 *     (run_result.elapsed_ns), divided by N.
 *
 * Each run has a process of its own (isolated.h), like the program, and so starts with cold memory,
 * which a short run feels: both trees do.
 *
 * Counters of the last run, a record: `allocations`, `allocated_bytes`, `sorts` and `comparisons`
 * of the workers; `lock_wait_ns` and `lock_hold_ns`; then, of the process: `threads_left` once the
 * run is over, `rss_bytes`, and `records_per_s` over all runs.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/benchmarks.h"
#include "bench/isolated.h"
#include "common/command/options.h"
#include "common/command/run.h"

/* What the process of its own is told. */
struct job {
    const struct bench_input *input;
    struct run_options options;
};

/* A file in memory with the first records of the material. Its descriptor, or -1. */
static int records_open(const struct material *material, uint32_t record_count)
{
    size_t length, written = 0;
    const char *lines = material_lines(material, 0, record_count, &length);
    int file = memfd_create("records", MFD_CLOEXEC);

    while (file >= 0 && written < length) {
        ssize_t count = write(file, lines + written, length - written);
        if (count > 0) {
            written += (size_t)count;
        } else if (errno != EINTR) {
            close(file);
            file = -1;
        }
    }
    return file;
}

/* In a process of its own. */
static void run_job(const void *argument, void *result)
{
    const struct job *job = argument;

    run(&job->options, job->input->suite->is_stopped, result);
}

static void report(struct bench_state *state, const struct run_result *result)
{
    double count = (double)(result->tally.accepted + tally_rejected(&result->tally));
    const struct {
        const char *name;
        uint64_t total;
    } counters[] = {
        {"allocations", result->work.allocations},
        {"allocated_bytes", result->work.allocated_bytes},
        {"sorts", result->work.sorts},
        {"comparisons", result->work.comparisons},
        {"lock_wait_ns", result->lock.wait_ns},
        {"lock_hold_ns", result->lock.hold_ns},
    };

    for (unsigned i = 0; i < sizeof counters / sizeof *counters && count > 0; i++)
        bench_set_counter(state, counters[i].name, (double)counters[i].total / count, BENCH_PLAIN);
    bench_set_counter(state, "threads_left", result->threads.alive_count, BENCH_PLAIN);
    bench_set_counter(state, "rss_bytes", (double)result->resident_bytes, BENCH_PLAIN);
    bench_set_counter(state, "records_per_s", (double)bench_iterations(state), BENCH_PER_SECOND);
}

/* One run in a process of its own. False if that ended the benchmark. */
static bool run_apart(struct bench_state *state, const struct job *job, uint64_t digest,
                      struct run_result *result)
{
    char error[ISOLATED_ERROR_SIZE];

    if (isolated_run(run_job, job, result, sizeof *result, error) != 0)
        bench_fail(state, error);
    else if (result->error[0] != '\0')
        bench_skip(state, result->error);
    else if (result->tally.digest != digest && !result->is_interrupted)
        bench_fail(state, "the run did not give the digest that it should");
    else
        return true;
    return false;
}

static void time_runs(struct bench_state *state, const struct job *job, uint32_t record_count)
{
    uint64_t digest = material_digest(job->input->material, 0, record_count);
    struct run_result result = {0};

    while (bench_keep_running(state, record_count))
        if (run_apart(state, job, digest, &result))
            bench_set_iteration_time(state, result.elapsed_ns);
    report(state, &result);
}

static void pipeline(struct bench_state *state, void *context)
{
    struct job job = {.input = context};
    uint32_t record_count = (uint32_t)bench_value(state, 0);
    char path[64], quiet[] = "--quiet", command[] = "run";
    char *arguments[] = {command, path, quiet, NULL};
    int file = records_open(job.input->material, record_count);

    if (file < 0) {
        bench_skip(state, "no memory for the records");
        return;
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    optind = 0; /* getopt starts over: the library calls us more than once */
    if (options_parse_run(3, arguments, &job.options) == 0)
        time_runs(state, &job, record_count);
    else
        bench_fail(state, "the command line of a run is not understood");
    close(file);
}

int bench_add_pipeline(struct bench_input *input)
{
    return bench_register(
        input->suite,
        &(struct bench){
            .name = "pipeline",
            .run = pipeline,
            .context = input,
            .arguments = {{.name = "records", .first = 1000, .last = MATERIAL_LINES, .times = 2}},
            .time = BENCH_MANUAL_TIME,
            .unit = BENCH_NS,
        });
}
