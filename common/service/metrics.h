/*
 * metrics.h - what the service has done since it started.
 *
 * An upload's records are counted when it is over, in one step, and just before its answer goes
 * out: whoever has all the answers finds their sum here. Thread-safe, under one mutex that is taken
 * some times a request and never while another is held.
 */
#ifndef METRICS_H
#define METRICS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/service/histogram.h"
#include "common/tally.h"

enum metrics_route {
    ROUTE_PROCESS,  /* POST /process */
    ROUTE_GENERATE, /* GET /process */
    ROUTE_METRICS,
    ROUTE_HEALTHZ,
    ROUTE_PAGE,
    ROUTE_LEAK,
    ROUTE_OTHER, /* 404 and 405 */
    ROUTE_COUNT,
};

enum { STATUS_COUNT = 12, METRICS_STATUS_SIZE = 16 };

/* The status that is counted at that index: "200", or "other" at the last one. */
const char *metrics_status_text(int index, char text[METRICS_STATUS_SIZE]);

/* "/process" and so on, and "POST": the labels of a route. */
const char *metrics_route_path(enum metrics_route route);
const char *metrics_route_method(enum metrics_route route);

struct metrics_counters {
    struct tally records;   /* of all uploads, answered or not */
    uint64_t failed_count;  /* records of which nobody can say what became of them */
    uint64_t request_count; /* handed over to the workers */
    /* the part of the above whose client was gone before it had its answer: */
    uint64_t unanswered_accepted, unanswered_rejected, unanswered_failed;
    uint64_t received_bytes, decoded_bytes; /* of bodies */
    uint64_t answers[ROUTE_COUNT][STATUS_COUNT];
    uint64_t broken[ROUTE_COUNT]; /* ended without an answer that was taken */
    struct histogram durations[ROUTE_COUNT];
};

struct metrics {
    pthread_mutex_t mutex;
    /* guarded by mutex: */
    struct metrics_counters counters;
};

/* What one upload came to. */
struct metrics_upload {
    const struct tally *tally;
    uint64_t failed_count, request_count, received_bytes, decoded_bytes;
};

void metrics_init(struct metrics *metrics);
void metrics_free(struct metrics *metrics);

/* An upload is over; what it came to counts from now on. */
void metrics_add_upload(struct metrics *metrics, const struct metrics_upload *upload);

/* An exchange is over. status 0: none was sent. */
void metrics_add_answer(struct metrics *metrics, enum metrics_route route, unsigned status,
                        uint64_t ns);
/* It ended before the client had its answer; `upload` is what it would have been told, or NULL. */
void metrics_add_broken(struct metrics *metrics, enum metrics_route route,
                        const struct metrics_upload *upload);

void metrics_snapshot(struct metrics *metrics, struct metrics_counters *counters);

#endif
