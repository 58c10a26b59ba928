/*
 * body.h - a body as it comes over the wire: bounded, perhaps compressed, on its way to the
 * workers.
 *
 * Not thread-safe: one thread a body.
 */
#ifndef BODY_H
#define BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/ingest.h"
#include "common/service/gunzip.h"

enum { BODY_PARTS_MAX = 64 };

struct body_limits {
    uint64_t bytes_max;     /* of the body as sent, and again of what it expands to */
    uint32_t expansion_max; /* times that gzip may expand it */
};

enum body_status {
    BODY_OK,
    BODY_TOO_LARGE, /* more than bytes_max */
    BODY_EXPANDS,   /* gzip expands it too much */
    BODY_BAD_GZIP,  /* damaged, or cut short */
    BODY_MEMORY,    /* memory ran out */
    BODY_REFUSED,   /* ingest.status says why */
};

struct body {
    struct body_limits limits;
    enum body_status status;
    uint64_t received_bytes; /* as sent */
    uint64_t decoded_bytes;  /* what they came to */
    bool is_gzip;
    struct gunzip gunzip;
    struct ingest ingest;
    struct ingest_part parts[BODY_PARTS_MAX]; /* the ingest's */
};

/* 0, or -1 if memory ran out (then there is nothing to free). */
int body_init(struct body *body, const struct body_limits *limits, bool is_gzip,
              struct intake *intake);
void body_free(struct body *body);

/* For bytes that come from elsewhere, which are fed to body->ingest: what body_init() does of it.
 */
void body_start_ingest(struct body *body, struct intake *intake);

/* 0, or -1 once body->status says that the rest cannot be taken. */
int body_feed(struct body *body, const char *bytes, size_t count);

/* The body has come whole. 0 or -1, as body_feed(). */
int body_end(struct body *body);

#endif
