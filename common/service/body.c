#include "common/service/body.h"

void body_start_ingest(struct body *body, struct intake *intake)
{
    ingest_init(&body->ingest, intake, body->parts, BODY_PARTS_MAX);
}

int body_init(struct body *body, const struct body_limits *limits, bool is_gzip,
              struct intake *intake)
{
    body->limits = *limits;
    body->status = BODY_OK;
    body->received_bytes = body->decoded_bytes = 0;
    body->is_gzip = is_gzip;
    if (is_gzip && gunzip_init(&body->gunzip, limits->expansion_max) != 0)
        return -1;
    body_start_ingest(body, intake);
    return 0;
}

void body_free(struct body *body)
{
    if (body->is_gzip)
        gunzip_free(&body->gunzip);
}

static int stop(struct body *body, enum body_status status)
{
    if (body->status == BODY_OK)
        body->status = status;
    return -1;
}

static int take(struct body *body, const char *bytes, size_t count)
{
    body->decoded_bytes += count;
    if (body->decoded_bytes > body->limits.bytes_max)
        return stop(body, BODY_TOO_LARGE);
    return ingest_feed(&body->ingest, bytes, count) == 0 ? 0 : stop(body, BODY_REFUSED);
}

static int inflate_and_take(struct body *body, const char *bytes, size_t count)
{
    const char *output = NULL;
    size_t output_count = 0;

    gunzip_feed(&body->gunzip, bytes, count);
    for (;;) {
        switch (gunzip_next(&body->gunzip, &output, &output_count)) {
        case GUNZIP_MORE:
            if (take(body, output, output_count) != 0)
                return -1;
            break;
        case GUNZIP_HUNGRY:
            return 0;
        case GUNZIP_EXPANDS:
            return stop(body, BODY_EXPANDS);
        case GUNZIP_MEMORY:
            return stop(body, BODY_MEMORY);
        default:
            return stop(body, BODY_BAD_GZIP);
        }
    }
}

int body_feed(struct body *body, const char *bytes, size_t count)
{
    if (body->status != BODY_OK)
        return -1;
    body->received_bytes += count;
    if (body->received_bytes > body->limits.bytes_max)
        return stop(body, BODY_TOO_LARGE);
    return body->is_gzip ? inflate_and_take(body, bytes, count) : take(body, bytes, count);
}

int body_end(struct body *body)
{
    if (body->status != BODY_OK)
        return -1;
    if (body->is_gzip && !gunzip_is_whole(&body->gunzip))
        return stop(body, BODY_BAD_GZIP);
    return ingest_end(&body->ingest) == 0 ? 0 : stop(body, BODY_REFUSED);
}
