/*
 * Fuzz target: a body on its way in, plain or gzip, from its bytes to the digest.
 *
 * The first byte chooses the coding (bit 0) and how the body is cut into pieces (the others); the
 * rest is the body. What must hold, besides that nothing crashes: cut in whatever way, the same
 * body comes to the same tally; and all memory that was taken for it is given back.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/service/body.h"
#include "common/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a body came to. */
struct outcome {
    enum body_status status;
    struct tally tally;
};

static struct intake intake;

static void set_up(void)
{
    static const struct intake_options options = {
        .request_records = 5,
        .request_bytes = 600,
        .line_length_max = 2000,
        .buffers_bytes_max = (size_t)64 << 20,
        .wait_ns = 0,
    };
    static const struct database_options simulated;
    static const struct workers_options workers;

    arena_install_cjson_hooks();
    struct store *store = store_new(database_new(&simulated));
    intake_init(&intake, &options, workers_new(&workers, store));
}

/* pattern 0: in one piece. */
static struct outcome run(const char *bytes, size_t size, bool is_gzip, unsigned pattern)
{
    static const struct body_limits limits = {.bytes_max = 4 << 20, .expansion_max = 50};
    struct outcome outcome = {0};
    struct body body;

    if (body_init(&body, &limits, is_gzip, &intake) != 0)
        abort();
    for (size_t at = 0, turn = 1; at < size; turn++) {
        size_t piece = pattern == 0 ? size : 1 + turn * pattern % 37;
        if (piece > size - at)
            piece = size - at;
        if (body_feed(&body, bytes + at, piece) != 0)
            break;
        at += piece;
    }
    body_end(&body);
    ingest_finish(&body.ingest);
    outcome.status = body.status;
    outcome.tally = body.ingest.tally;
    /* how much work it took may differ, and how long */
    outcome.tally.counts = (struct counts){0};
    outcome.tally.lock_times = (struct lock_times){0};
    outcome.tally.round_trip_ns = 0;
    body_free(&body);
    return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool is_set_up;
    struct request_pool_usage usage;

    if (!is_set_up)
        set_up();
    is_set_up = true;
    if (size == 0)
        return 0;
    bool is_gzip = data[0] & 1;
    struct outcome whole = run((const char *)data + 1, size - 1, is_gzip, 0);
    struct outcome pieces = run((const char *)data + 1, size - 1, is_gzip, 1 + (data[0] >> 1));
    /* where a limit stopped it, how far it had come depends on the pieces */
    if (whole.status == BODY_OK && pieces.status == BODY_OK &&
        memcmp(&whole.tally, &pieces.tally, sizeof whole.tally) != 0)
        abort();
    request_pool_usage(&intake.pool, &usage);
    if (usage.used_bytes != 0 || usage.retained_count != 0)
        abort();
    return 0;
}
