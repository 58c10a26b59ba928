/*
 * metrics_view.h - all that /metrics tells, gathered once, and written in two formats.
 *
 * Threads: those of the workers are apart from those of HTTP, because lesson 4 is about the
 * former.
 */
#ifndef METRICS_VIEW_H
#define METRICS_VIEW_H

#include <cjson/cJSON.h>
#include <stdio.h>

#include "common/service/service.h"

struct metrics_view {
    const struct service *service;
    struct metrics_counters counters;
    struct lock_stats lock;            /* the store's locks, together */
    struct thread_usage workers;       /* threads that the workers started */
    struct request_pool_usage buffers; /* of bodies */
    struct peers_usage peers;
    unsigned http_threads, process_threads;
    size_t resident_bytes, resident_bytes_max, leaked_bytes;
    double cpu_s, uptime_s, start_unix_s;
    struct thread_limits limits;
    size_t buffers_bytes_max;
};

/* Prometheus' text format 0.0.4. Write errors are left in the stream. */
void metrics_view_print(FILE *file, const struct metrics_view *view);

/* NULL if memory ran out. */
cJSON *metrics_view_json(const struct metrics_view *view);

#endif
