#include "common/service/metrics.h"

#include <stdio.h>

/* Ascending; the last one stands for any other. */
static const unsigned statuses[STATUS_COUNT] = {200, 400, 404, 405, 413, 414,
                                                415, 422, 429, 500, 503, 0};

const char *metrics_route_path(enum metrics_route route)
{
    static const char *const paths[ROUTE_COUNT] = {
        "/process", "/process", "/metrics", "/healthz", "/", "/leak", "other",
    };
    return paths[route];
}

const char *metrics_route_method(enum metrics_route route)
{
    if (route == ROUTE_PROCESS)
        return "POST";
    return route == ROUTE_LEAK || route == ROUTE_OTHER ? "any" : "GET";
}

const char *metrics_status_text(int index, char text[METRICS_STATUS_SIZE])
{
    if (statuses[index] == 0)
        return "other";
    snprintf(text, METRICS_STATUS_SIZE, "%u", statuses[index]);
    return text;
}

void metrics_init(struct metrics *metrics)
{
    *metrics = (struct metrics){0};
    pthread_mutex_init(&metrics->mutex, NULL);
}

void metrics_free(struct metrics *metrics)
{
    pthread_mutex_destroy(&metrics->mutex);
}

void metrics_add_upload(struct metrics *metrics, const struct metrics_upload *upload)
{
    struct metrics_counters *counters = &metrics->counters;

    pthread_mutex_lock(&metrics->mutex);
    tally_add(&counters->records, upload->tally);
    counters->failed_count += upload->failed_count;
    counters->request_count += upload->request_count;
    counters->received_bytes += upload->received_bytes;
    counters->decoded_bytes += upload->decoded_bytes;
    pthread_mutex_unlock(&metrics->mutex);
}

static int status_index(unsigned status)
{
    int i = 0;
    while (i < STATUS_COUNT - 1 && statuses[i] != status)
        i++;
    return i;
}

void metrics_add_answer(struct metrics *metrics, enum metrics_route route, unsigned status,
                        uint64_t ns)
{
    pthread_mutex_lock(&metrics->mutex);
    metrics->counters.answers[route][status_index(status)]++;
    histogram_add(&metrics->counters.durations[route], ns);
    pthread_mutex_unlock(&metrics->mutex);
}

void metrics_add_broken(struct metrics *metrics, enum metrics_route route,
                        const struct metrics_upload *upload)
{
    struct metrics_counters *counters = &metrics->counters;

    pthread_mutex_lock(&metrics->mutex);
    counters->broken[route]++;
    if (upload != NULL) {
        counters->unanswered_accepted += upload->tally->accepted;
        counters->unanswered_rejected += tally_rejected(upload->tally);
        counters->unanswered_failed += upload->failed_count;
    }
    pthread_mutex_unlock(&metrics->mutex);
}

void metrics_snapshot(struct metrics *metrics, struct metrics_counters *counters)
{
    pthread_mutex_lock(&metrics->mutex);
    *counters = metrics->counters;
    pthread_mutex_unlock(&metrics->mutex);
}
