#include "common/worker.h"

#include <errno.h>

#include "common/sort.h"

void worker_init(struct worker *worker, struct store *store)
{
    *worker = (struct worker){
        .store = store, .flushed = thread_counts, .flushed_times = thread_lock_times};
}

void worker_free(struct worker *worker)
{
    arena_free(&worker->arena);
    key_free(&worker->key);
}

/* Stages 4 to 6: the key over the sorted tags, and its fingerprint. */
static int build_key(struct worker *worker, struct record *record, uint64_t *fingerprint)
{
    struct sort_view sorted;

    if (sort_tags(&record->tags, &sorted) != 0)
        return -1;
    int status = key_build(&worker->key, record->id, record->name, sorted.tags, sorted.count);
    sort_release(&sorted);
    if (status == 0)
        *fingerprint = record_fingerprint(worker->key.text, worker->key.length);
    return status;
}

/* Stages 4 and 7: the score, which needs the sorted tags too and asks for them itself. */
static int compute_score(struct record *record, int64_t *score)
{
    struct sort_view sorted;

    if (sort_tags(&record->tags, &sorted) != 0)
        return -1;
    *score = record_score(record, sorted.tags);
    sort_release(&sorted);
    return 0;
}

/* Stages 3 to 8, between the store's begin and its commit or abort. */
static int write_record(struct worker *worker, struct record *record)
{
    uint64_t fingerprint = 0;
    int64_t score = 0;

    record_normalise(record);
    if (build_key(worker, record, &fingerprint) != 0 || compute_score(record, &score) != 0) {
        store_abort(worker->store);
        return -1;
    }
    struct row row = {
        .key = worker->key.text,
        .key_length = worker->key.length,
        .id = record->id,
        .fingerprint = fingerprint,
        .score = score,
        .ntags = record->tags.count,
        .ts = record->ts,
    };
    if (store_commit(worker->store, &worker->batch, &row) != 0)
        return -1;
    tally_accept(&worker->tally,
                 record_digest(row.fingerprint, row.id, row.score, row.ntags, row.ts), row.score);
    return 0;
}

static void process_text(struct worker *worker, const char *text, const struct line *line)
{
    struct reject reject = {REJECT_NONE, REJECT_OFFSET_UNKNOWN};
    struct record record;
    const cJSON *json;

    int status = record_parse(&worker->arena, text, line->length, &json, &reject);
    if (status > 0) {
        tally_reject(&worker->tally, &reject, line->number);
    } else if (status == 0) {
        store_begin(worker->store);
        reject.reason = record_validate(json, worker->tags, &record);
        if (reject.reason != REJECT_NONE) {
            store_abort(worker->store);
            tally_reject(&worker->tally, &reject, line->number);
        } else {
            status = write_record(worker, &record);
        }
    }
    if (status < 0 && worker->error == 0)
        worker->error = errno != 0 ? errno : ENOMEM;
}

void worker_process(struct worker *worker, const struct request *request, uint32_t index)
{
    const struct line *line = &request->lines[index];

    if (line->length == LINE_TOO_LONG)
        tally_reject(&worker->tally, &(struct reject){REJECT_TOO_LONG, REJECT_OFFSET_UNKNOWN},
                     line->number);
    else
        process_text(worker, request->text + line->offset, line);
    worker->lines_done++;
}

void worker_flush(struct worker *worker, struct request *request)
{
    if (worker->lines_done == 0)
        return; /* nothing to account for; the request, and the store too, may be over by now */
    if (store_sync(worker->store, &worker->batch) != 0 && worker->error == 0)
        worker->error = errno;
    worker->tally.round_trip_ns += worker->batch.round_trip_ns;
    counts_add_since(&worker->tally.counts, &worker->flushed, &thread_counts);
    lock_times_add_since(&worker->tally.lock_times, &worker->flushed_times, &thread_lock_times);
    request_finish(request, worker->lines_done, &worker->tally, worker->error);

    worker->batch = (struct database_batch){0};
    worker->tally = (struct tally){0};
    worker->flushed = thread_counts;
    worker->flushed_times = thread_lock_times;
    worker->lines_done = 0;
    worker->error = 0;
}
