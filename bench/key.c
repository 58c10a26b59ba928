/*
 * key.c - benchmark of lesson 1: building a record's key, over the number of tags.
 *
 * key/build/tags:N   an iteration is one key_build() of a real record with N sorted tags, into the
 *                    buffer of one worker
 *
 * Counters, a key: `allocations` and `allocated_bytes` (exact), and `key_bytes`, what the finished
 * key is long. Naive asks for O(N^2) bytes; see the exponent of allocated_bytes over N rather than
 * that of the time, which for keys this short is malloc's and snprintf's, N times.
 *
 * The top of its profile (perf record -e cpu-clock): what is below key_build() in the naive tree,
 * vfprintf and strlen first; key_build() itself in the fixed one.
 */
#include "bench/benchmarks.h"
#include "common/counts.h"
#include "common/key.h"

/* Whether the tree builds what the key has to be, for each record. Also warms the buffer up. */
static bool is_right(const struct samples *samples, struct key *key)
{
    for (unsigned i = 0; i < SAMPLES_COUNT; i++) {
        const struct sample *sample = &samples->each[i];
        const struct record *record = &sample->record;
        if (key_build(key, record->id, record->name, record->tags.tags, record->tags.count) != 0 ||
            key->length != sample->key_length || memcmp(key->text, sample->key, key->length) != 0)
            return false;
    }
    return true;
}

static void build_all(const struct samples *samples, struct key *key)
{
    for (unsigned i = 0; i < SAMPLES_COUNT; i++) {
        const struct record *record = &samples->each[i].record;
        key_build(key, record->id, record->name, record->tags.tags, record->tags.count);
        bench_sink(key->text);
    }
}

static void report(struct bench_state *state, const struct samples *samples,
                   const struct counts *before)
{
    struct counts counts = {0};
    uint64_t key_bytes = 0;

    counts_add_since(&counts, before, &thread_counts);
    for (unsigned i = 0; i < SAMPLES_COUNT; i++)
        key_bytes += samples->each[i].key_length;
    bench_set_counter(state, "allocations", (double)counts.allocations, BENCH_PER_ITERATION);
    bench_set_counter(state, "allocated_bytes", (double)counts.allocated_bytes,
                      BENCH_PER_ITERATION);
    bench_set_counter(state, "key_bytes", (double)key_bytes / SAMPLES_COUNT, BENCH_PLAIN);
}

static void build(struct bench_state *state, void *context)
{
    const struct bench_input *input = context;
    struct samples *samples = samples_new(input->material, (uint32_t)bench_value(state, 0), true);
    struct key key = {0};

    bench_set_complexity(state, bench_value(state, 0));
    if (samples == NULL)
        bench_skip(state, "out of memory");
    else if (!is_right(samples, &key))
        bench_fail(state, "key_build() did not build the key that it should");
    const struct samples *records = bench_opaque(samples);
    const struct counts before = thread_counts;
    while (bench_keep_running(state, SAMPLES_COUNT))
        build_all(records, &key);
    if (samples != NULL)
        report(state, samples, &before);
    key_free(&key);
    samples_delete(samples);
}

int bench_add_key(struct bench_input *input)
{
    return bench_register(input->suite,
                          &(struct bench){
                              .name = "key/build",
                              .run = build,
                              .context = input,
                              .arguments = {{.name = "tags", .first = 1, .last = 64, .times = 2}},
                              .complexity = BENCH_O_AUTO,
                          });
}
