/*
 * store.c - benchmark of lesson 3: writing records from several threads at once.
 *
 * store/commit/threads:T/latency_us:L/real_time
 *     an iteration is a record: store_begin(), its fingerprint and score, store_commit(). T threads
 *     of our own write a fixed number of records together, each always the same share of them, so
 *     that nothing but the store is between them. They start at a barrier and end at one. The time
 *     is that of the wall, divided by the records of all threads: T threads that are not in each
 *     other's way take a T-th of the time that one takes, as long as there are processors for it or
 *     they wait for the database.
 *
 * The work between begin and commit is the part of a record's that is the same in all sixteen
 * builds (stages 6 and 7), because the key's and the sort's own cost belong to lessons 1 and 2.
 *
 * Counters, a record: `acquisitions` and `contended` locks, `wait_ns` and `hold_ns` of them,
 * `trips_in_lock` (waits for the database with the lock held: exact), `trip_ns` (how long a wait
 * for the database really was: a sleep of 50 us takes 60 to 125); and `records_per_s`.
 *
 * What is measured is waiting, so no profile shows it: at its top stands the work between begin and
 * commit, record_fingerprint(), in both trees. In the naive one that work is inside the lock.
 */
#include "bench/benchmarks.h"
#include "common/counts.h"
#include "common/store.h"
#include "common/thread.h"

enum {
    THREADS_MAX = 16,
    ROUND_RECORDS = 8192,        /* so many that start and end of a round don't count */
    ROUND_RECORDS_WAITING = 512, /* at a tenth of a millisecond each */
    NS_PER_US = 1000,
};

struct round;

struct writer {
    struct round *round;
    pthread_t thread;
    unsigned index;
    /* of all rounds so far; main looks at them between two rounds: */
    struct database_batch batch;
    uint64_t digest;
    uint64_t failure_count;
};

/* The threads, and what they do together again and again. */
struct round {
    const struct samples *samples;
    struct database *database;
    struct store *store;
    unsigned record_count;
    unsigned writer_count; /* those that run */
    struct writer writers[THREADS_MAX];
    pthread_mutex_t gate; /* main holds it until all threads are there, and writer_count is known */
    pthread_barrier_t start, end;
    bool is_over;   /* main sets it before the gate or the start */
    uint64_t count; /* of rounds so far */
};

static void write_sample(struct writer *writer, const struct sample *sample)
{
    const struct record *record = &sample->record;
    struct store *store = writer->round->store;

    store_begin(store);
    struct row row = {
        .key = sample->key,
        .key_length = sample->key_length,
        .id = record->id,
        .fingerprint = record_fingerprint(sample->key, sample->key_length),
        .score = record_score(record, record->tags.tags),
        .ntags = record->tags.count,
        .ts = record->ts,
    };
    if (store_commit(store, &writer->batch, &row) != 0)
        writer->failure_count++;
    writer->digest += record_digest(row.fingerprint, row.id, row.score, row.ntags, row.ts);
}

static void write_share(struct writer *writer)
{
    const struct round *round = writer->round;

    for (unsigned i = writer->index; i < round->record_count; i += round->writer_count)
        write_sample(writer, &round->samples->each[i % SAMPLES_COUNT]);
    if (store_sync(round->store, &writer->batch) != 0)
        writer->failure_count++;
}

static void *write_rounds(void *argument)
{
    struct writer *writer = argument;
    struct round *round = writer->round;

    pthread_mutex_lock(&round->gate);
    bool is_over = round->is_over;
    pthread_mutex_unlock(&round->gate);
    while (!is_over) {
        pthread_barrier_wait(&round->start);
        is_over = round->is_over;
        if (!is_over) {
            write_share(writer);
            pthread_barrier_wait(&round->end);
        }
    }
    return NULL;
}

static void run_round(struct round *round)
{
    pthread_barrier_wait(&round->start);
    pthread_barrier_wait(&round->end);
    round->count++;
}

/* Starts the threads; they wait for the first round. 0, or -1 if there could not be so many. */
static int start_writers(struct round *round, unsigned wanted)
{
    pthread_mutex_init(&round->gate, NULL);
    pthread_mutex_lock(&round->gate);
    while (round->writer_count < wanted) {
        struct writer *writer = &round->writers[round->writer_count];
        *writer = (struct writer){.round = round, .index = round->writer_count};
        if (thread_start(&writer->thread, "writer", write_rounds, writer) != 0)
            break;
        round->writer_count++;
    }
    round->is_over = round->writer_count < wanted;
    pthread_barrier_init(&round->start, NULL, round->writer_count + 1);
    pthread_barrier_init(&round->end, NULL, round->writer_count + 1);
    pthread_mutex_unlock(&round->gate);
    return round->is_over ? -1 : 0;
}

static void end_writers(struct round *round)
{
    if (!round->is_over) {
        round->is_over = true;
        pthread_barrier_wait(&round->start);
    }
    for (unsigned i = 0; i < round->writer_count; i++)
        pthread_join(round->writers[i].thread, NULL);
    pthread_barrier_destroy(&round->end);
    pthread_barrier_destroy(&round->start);
    pthread_mutex_destroy(&round->gate);
}

/* Whether all that was written so far is what should have been. */
static bool is_right(const struct round *round)
{
    uint64_t expected = 0, written = 0;

    for (unsigned i = 0; i < round->record_count; i++)
        expected += round->samples->each[i % SAMPLES_COUNT].digest;
    for (unsigned i = 0; i < round->writer_count; i++) {
        if (round->writers[i].failure_count > 0)
            return false;
        written += round->writers[i].digest;
    }
    return written == round->count * expected && database_row_count(round->database) > 0;
}

static void report(struct bench_state *state, const struct round *round)
{
    double record_count = (double)round->count * round->record_count;
    uint64_t trip_ns = 0;
    struct lock_stats lock;

    store_lock_stats(round->store, &lock);
    for (unsigned i = 0; i < round->writer_count; i++)
        trip_ns += round->writers[i].batch.round_trip_ns;
    bench_set_counter(state, "acquisitions", (double)lock.acquisitions / record_count, BENCH_PLAIN);
    bench_set_counter(state, "contended", (double)lock.contended / record_count, BENCH_PLAIN);
    bench_set_counter(state, "wait_ns", (double)lock.wait_ns / record_count, BENCH_PLAIN);
    bench_set_counter(state, "hold_ns", (double)lock.hold_ns / record_count, BENCH_PLAIN);
    bench_set_counter(state, "trips_in_lock", (double)lock.inside.round_trips / record_count,
                      BENCH_PLAIN);
    bench_set_counter(state, "trip_ns", (double)trip_ns / record_count, BENCH_PLAIN);
    bench_set_counter(state, "records_per_s", (double)bench_iterations(state), BENCH_PER_SECOND);
}

/* Rounds: one that is checked, those that are timed, and all of them checked again. */
static void time_rounds(struct bench_state *state, struct round *round)
{
    run_round(round);
    if (!is_right(round))
        bench_fail(state, "the store did not write what it should");
    while (bench_keep_running(state, round->record_count))
        run_round(round);
    if (!is_right(round))
        bench_fail(state, "the store did not write what it should");
}

static void commit(struct bench_state *state, void *context)
{
    const struct bench_input *input = context;
    unsigned thread_count = (unsigned)bench_value(state, 0);
    uint64_t latency_ns = (uint64_t)bench_value(state, 1) * NS_PER_US;
    struct round round = {.record_count = latency_ns > 0 ? ROUND_RECORDS_WAITING : ROUND_RECORDS};
    struct samples *samples = samples_new(input->material, 0, true);

    round.samples = samples;
    round.database = database_new(&(struct database_options){.latency_ns = latency_ns});
    if (round.database != NULL)
        round.store = store_new(round.database);
    if (samples == NULL || round.store == NULL) {
        bench_skip(state, "out of memory");
    } else {
        if (start_writers(&round, thread_count) == 0)
            time_rounds(state, &round);
        else
            bench_skip(state, thread_error());
        end_writers(&round);
        if (round.count > 0)
            report(state, &round);
    }
    store_delete(round.store);
    database_delete(round.database);
    samples_delete(samples);
}

int bench_add_store(struct bench_input *input)
{
    return bench_register(
        input->suite,
        &(struct bench){
            .name = "store/commit",
            .run = commit,
            .context = input,
            .arguments = {{.name = "threads", .first = 1, .last = THREADS_MAX, .times = 2},
                          {.name = "latency_us", .values = {0, 50}, .value_count = 2}},
            .time = BENCH_REAL_TIME,
            .unit = BENCH_US,
        });
}
