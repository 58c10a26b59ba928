#include <inttypes.h>
#include <stdio.h>

#include "common/clock.h"
#include "common/generate.h"
#include "common/service/endpoint.h"
#include "common/tally_json.h"
#include "common/variant.h"

enum { FEED_BYTES = 16 * 1024 };
enum { RETRY_SOON_S = 1, RETRY_LATER_S = 60 };

/* The status and the sentence for a body that was given up; NULL for one that was not. */
static const char *failure(const struct body *body, unsigned *status, unsigned *retry_after_s,
                           char text[512])
{
    const struct ingest *ingest = &body->ingest;

    *retry_after_s = 0;
    switch (body->status) {
    case BODY_OK:
        break;
    case BODY_TOO_LARGE:
        *status = 413;
        snprintf(text, 512, "the body is larger than %" PRIu64 " bytes (--max-body)",
                 body->limits.bytes_max);
        return text;
    case BODY_EXPANDS:
        *status = 413;
        snprintf(text, 512, "the body expands more than %" PRIu32 " times (--max-expansion)",
                 body->limits.expansion_max);
        return text;
    case BODY_BAD_GZIP:
        *status = 400;
        return "the body is not gzip, or it is damaged or cut short";
    case BODY_MEMORY:
        *status = 503;
        *retry_after_s = RETRY_SOON_S;
        return "out of memory";
    case BODY_REFUSED:
        break;
    }
    switch (ingest->status) {
    case INGEST_OK:
        return NULL;
    case INGEST_CAP:
        *status = 503;
        *retry_after_s = RETRY_LATER_S;
        snprintf(text, 512,
                 "%s. Each request starts threads, and none of them ever ends (lesson 4, "
                 "naive/workers.c): this service takes no more until it is started anew",
                 ingest->why);
        return text;
    case INGEST_FAILED:
        *status = 500;
        snprintf(text, 512,
                 "processing failed: %s. The records that are counted as failed may be written or "
                 "not; sending them again does no harm",
                 ingest->why);
        return text;
    default:
        *status = 503;
        *retry_after_s = RETRY_SOON_S;
        return ingest->why;
    }
}

/* What the client needs to go on from where the body was given up. */
static void add_failure(cJSON *object, const char *why, const struct ingest *ingest,
                        uint64_t next_line)
{
    cJSON_AddStringToObject(object, "error", why);
    cJSON_AddFalseToObject(object, "complete");
    cJSON_AddNumberToObject(object, "next_line", (double)next_line);
    cJSON_AddNumberToObject(object, "failed", (double)ingest->failed_count);
}

static void count(struct exchange *exchange)
{
    const struct body *body = &exchange->body;
    struct metrics_upload upload = {
        .tally = &body->ingest.tally,
        .failed_count = body->ingest.failed_count,
        .request_count = body->ingest.request_count,
        .received_bytes = body->received_bytes,
        .decoded_bytes = body->decoded_bytes,
    };
    metrics_add_upload(&exchange->service->metrics, &upload);
    exchange->is_counted = true;
}

struct answer endpoint_process(struct exchange *exchange)
{
    struct ingest *ingest = &exchange->body.ingest;
    uint64_t next_line = ingest_next_line(ingest);
    unsigned status, retry_after_s;
    char text[512];

    ingest_finish(ingest); /* it may fail only now */
    count(exchange);
    const char *why = failure(&exchange->body, &status, &retry_after_s, text);
    if (why == NULL)
        status = ingest->tally.accepted > 0 ? 200 : 422;

    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "variant", variant_code);
    if (why != NULL)
        add_failure(object, why, ingest, next_line);
    tally_json_add(object, &ingest->tally);
    tally_json_add_lines(object, &ingest->tally);
    cJSON_AddNumberToObject(object, "requests", (double)ingest->request_count);
    cJSON_AddNumberToObject(object, "elapsed_ns", (double)(clock_ns() - exchange->start_ns));
    struct answer answer = answer_json(status, object);
    if (retry_after_s > 0)
        answer.retry_after_s = retry_after_s;
    return answer;
}

struct answer endpoint_generate(struct exchange *exchange, const struct query *query)
{
    static const char *const known[] = {"n", "seed", NULL};
    const uint64_t most = exchange->service->options.generate_max;
    struct ingest *ingest = &exchange->body.ingest;
    uint64_t n = 1000 < most ? 1000 : most, seed = 1;
    char lines[FEED_BYTES];
    size_t length = 0;

    const char *unknown = query_unknown(query, known);
    if (unknown != NULL)
        return answer_error(400, "the parameter '%s' is unknown: there are n and seed", unknown);
    if (query_number(query, "n", 1, most, &n) != 0)
        return answer_error(400, "n is a number of records from 1 to %" PRIu64, most);
    if (query_number(query, "seed", 0, UINT64_MAX, &seed) != 0)
        return answer_error(400, "seed is a whole number from 0 to 2^64-1");

    body_start_ingest(&exchange->body, &exchange->service->intake);
    exchange->has_ingest = true;
    for (uint64_t i = 0; i < n && ingest->status == INGEST_OK; i++) {
        length += generate_line(seed, i, lines + length);
        if (length > FEED_BYTES - GENERATE_LINE_MAX || i == n - 1) {
            ingest_feed(ingest, lines, length);
            length = 0;
        }
    }
    ingest_end(ingest);
    return endpoint_process(exchange);
}
