/*
 * log.c - benchmark of the lesson "log": what a record's line costs while nobody wants it.
 *
 * log/unwanted   an iteration is one log_row() of a real record, below the level that it needs
 */
#include "common/log.h"

#include "bench/benchmarks.h"
#include "common/counts.h"

static void unwanted(struct bench_state *state, void *context)
{
    const struct bench_input *input = context;
    struct samples *samples = samples_new(input->material, 0, true);

    if (samples == NULL)
        bench_skip(state, "out of memory");
    const struct samples *records = bench_opaque(samples);
    const struct counts before = thread_counts;
    while (bench_keep_running(state, SAMPLES_COUNT))
        for (unsigned i = 0; i < SAMPLES_COUNT; i++) {
            const struct sample *sample = &records->each[i];
            const struct row row = {.key = sample->key,
                                    .key_length = sample->key_length,
                                    .id = sample->record.id,
                                    .fingerprint = sample->fingerprint};
            log_row(LOG_WARNINGS, &row);
        }
    if (samples != NULL) {
        struct counts counts = {0};
        counts_add_since(&counts, &before, &thread_counts);
        bench_set_counter(state, "allocations", (double)counts.allocations, BENCH_PER_ITERATION);
    }
    samples_delete(samples);
}

int bench_add_log(struct bench_input *input)
{
    return bench_register(
        input->suite, &(struct bench){.name = "log/unwanted", .run = unwanted, .context = input});
}
