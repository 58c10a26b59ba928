/*
 * Names and units as Prometheus' conventions have them: base units (seconds, bytes), _total on
 * counters, the unit before _total. What each means is in its HELP line.
 */
#include <inttypes.h>

#include "common/service/metrics_view.h"
#include "common/variant.h"

static void family(FILE *file, const char *name, const char *type, const char *help)
{
    fprintf(file, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void counter(FILE *file, const char *name, uint64_t value, const char *help)
{
    family(file, name, "counter", help);
    fprintf(file, "%s %" PRIu64 "\n", name, value);
}

static void seconds_counter(FILE *file, const char *name, double value, const char *help)
{
    family(file, name, "counter", help);
    fprintf(file, "%s %.9g\n", name, value);
}

static void gauge(FILE *file, const char *name, double value, const char *help)
{
    family(file, name, "gauge", help);
    fprintf(file, "%s %.17g\n", name, value);
}

static const char *tree(char letter)
{
    return letter == 'n' ? "naive" : "fixed";
}

static void print_build(FILE *file, const struct metrics_view *view)
{
    family(file, "fastenough_build_info", "gauge", "Which of the sixteen builds this is.");
    fprintf(
        file,
        "fastenough_build_info{variant=\"%s\",key=\"%s\",sort=\"%s\",store=\"%s\",workers=\"%s\","
        "database=\"%s\"} 1\n",
        variant_code, tree(variant_code[0]), tree(variant_code[1]), tree(variant_code[2]),
        tree(variant_code[3]), service_database_kind(view->service));
}

static void print_records(FILE *file, const struct metrics_counters *counters)
{
    const struct tally *records = &counters->records;

    counter(file, "fastenough_records_accepted_total", records->accepted,
            "Records accepted: the sum over all answers, and over the uploads without one.");
    family(file, "fastenough_records_rejected_total", "counter", "Records rejected, by reason.");
    for (int reason = 0; reason < REJECT_COUNT; reason++)
        fprintf(file, "fastenough_records_rejected_total{reason=\"%s\"} %" PRIu64 "\n",
                reject_name(reason), records->rejected[reason]);
    counter(file, "fastenough_records_failed_total", counters->failed_count,
            "Records of which nobody can say what became of them: the database failed.");
    family(file, "fastenough_records_unanswered_total", "counter",
           "The part of the above whose client was gone before it had its answer.");
    fprintf(file,
            "fastenough_records_unanswered_total{result=\"accepted\"} %" PRIu64
            "\nfastenough_records_unanswered_total{result=\"rejected\"} %" PRIu64
            "\nfastenough_records_unanswered_total{result=\"failed\"} %" PRIu64 "\n",
            counters->unanswered_accepted, counters->unanswered_rejected,
            counters->unanswered_failed);
    counter(file, "fastenough_requests_total", counters->request_count,
            "Requests (batches of records) that the workers were given.");
    counter(file, "fastenough_body_received_bytes_total", counters->received_bytes,
            "Bytes of bodies as they were sent.");
    counter(file, "fastenough_body_decoded_bytes_total", counters->decoded_bytes,
            "Bytes of bodies after decompression.");
}

static void print_work(FILE *file, const struct tally *records)
{
    const struct counts *work = &records->counts;

    counter(file, "fastenough_work_allocations_total", work->allocations,
            "Allocations that the records' stages asked for (problem 1).");
    counter(file, "fastenough_work_allocated_bytes_total", work->allocated_bytes,
            "What those allocations asked for.");
    counter(file, "fastenough_work_sorts_total", work->sorts,
            "Times that tags were sorted (problem 2).");
    counter(file, "fastenough_work_comparisons_total", work->comparisons,
            "Comparisons of two tags (problem 2).");
    counter(file, "fastenough_database_round_trips_total", work->round_trips,
            "Waits for the database.");
    seconds_counter(file, "fastenough_database_wait_seconds_total",
                    (double)records->round_trip_ns / 1e9, "Time that those waits really took.");
}

static void print_lock(FILE *file, const struct lock_stats *lock)
{
    counter(file, "fastenough_lock_acquisitions_total", lock->acquisitions,
            "Times that a store's lock was taken (problem 3).");
    counter(file, "fastenough_lock_contended_total", lock->contended,
            "Times that it had to be waited for.");
    seconds_counter(file, "fastenough_lock_wait_seconds_total", (double)lock->wait_ns / 1e9,
                    "Time that threads waited for it.");
    seconds_counter(file, "fastenough_lock_hold_seconds_total", (double)lock->hold_ns / 1e9,
                    "Time that it was held.");
    gauge(file, "fastenough_lock_hold_max_seconds", (double)lock->hold_ns_max / 1e9,
          "The longest hold so far.");
}

/* `at_once`: those that took no time, and that no bucket counts. */
static void print_times(FILE *file, const char *name, const char *help,
                        const uint64_t buckets[LOCK_TIMES_BUCKETS], uint64_t at_once,
                        uint64_t sum_ns)
{
    uint64_t sum = at_once;

    family(file, name, "histogram", help);
    for (unsigned i = 0; i + 1 < LOCK_TIMES_BUCKETS; i++) {
        sum += buckets[i];
        fprintf(file, "%s_bucket{le=\"%.9g\"} %" PRIu64 "\n", name,
                (double)lock_times_bound_ns(i) / 1e9, sum);
    }
    sum += buckets[LOCK_TIMES_BUCKETS - 1];
    fprintf(file, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n", name, sum);
    fprintf(file, "%s_sum %.9g\n%s_count %" PRIu64 "\n", name, (double)sum_ns / 1e9, name, sum);
}

/* Of the uploads that are over. */
static void print_lock_times(FILE *file, const struct lock_times *times)
{
    uint64_t at_once = 0;

    for (unsigned i = 0; i < LOCK_TIMES_BUCKETS; i++)
        at_once += times->holds[i] - times->waits[i];
    print_times(file, "fastenough_lock_wait_seconds",
                "How long acquisitions of a store's lock waited (problem 3).", times->waits,
                at_once, times->wait_ns);
    print_times(file, "fastenough_lock_hold_seconds", "How long it was held each time.",
                times->holds, 0, times->hold_ns);
}

static void print_threads(FILE *file, const struct metrics_view *view)
{
    const struct thread_limits *limits = &view->service->options.limits;

    gauge(file, "fastenough_worker_threads", view->workers.alive_count,
          "Threads of the workers that are alive (problem 4).");
    gauge(file, "fastenough_worker_threads_limit", limits->threads_max,
          "The guard: at so many no further one is started.");
    counter(file, "fastenough_worker_threads_started_total", view->workers.started_count,
            "Threads that the workers have started.");
    gauge(file, "fastenough_worker_stacks_mapped_bytes", (double)view->workers.stack_mapped_bytes,
          "Address space of those threads' stacks.");
    gauge(file, "fastenough_worker_stacks_resident_bytes",
          (double)view->workers.stack_resident_bytes, "The part of it that is in memory.");
    gauge(file, "fastenough_retained_requests", (double)view->buffers.retained_count,
          "Requests that were answered and that a worker still holds on to (problem 4).");
    gauge(file, "fastenough_retained_bytes", (double)view->buffers.retained_bytes,
          "The memory of those requests.");
    gauge(file, "fastenough_buffers_bytes", (double)view->buffers.used_bytes,
          "Memory of the bodies that are being worked on.");
    gauge(file, "fastenough_buffers_limit_bytes",
          (double)view->service->options.intake.buffers_bytes_max, "How much that may be.");
    gauge(file, "fastenough_memory_limit_bytes", (double)limits->bytes_max,
          "The guard: at this resident memory the workers start no further thread.");
    gauge(file, "fastenough_leaked_bytes", (double)view->leaked_bytes,
          "Memory that /leak holds on purpose.");
}

static void print_duration(FILE *file, enum metrics_route route, const struct histogram *histogram)
{
    static const char name[] = "fastenough_http_request_duration_seconds";
    const char *method = metrics_route_method(route), *path = metrics_route_path(route);
    uint64_t sum = 0;

    for (int i = 0; i < HISTOGRAM_BOUNDS; i++) {
        sum += histogram->counts[i];
        fprintf(file, "%s_bucket{method=\"%s\",path=\"%s\",le=\"%g\"} %" PRIu64 "\n", name, method,
                path, (double)histogram_bounds_ns[i] / 1e9, sum);
    }
    sum += histogram->counts[HISTOGRAM_BOUNDS];
    fprintf(file, "%s_bucket{method=\"%s\",path=\"%s\",le=\"+Inf\"} %" PRIu64 "\n", name, method,
            path, sum);
    fprintf(file, "%s_sum{method=\"%s\",path=\"%s\"} %.9g\n", name, method, path,
            (double)histogram->sum_ns / 1e9);
    fprintf(file, "%s_count{method=\"%s\",path=\"%s\"} %" PRIu64 "\n", name, method, path, sum);
}

static void print_status(FILE *file, enum metrics_route route, int status, uint64_t count)
{
    char code[16] = "other";

    if (count == 0)
        return;
    if (metrics_statuses[status] != 0)
        snprintf(code, sizeof code, "%u", metrics_statuses[status]);
    fprintf(file,
            "fastenough_http_requests_total{method=\"%s\",path=\"%s\",code=\"%s\"} %" PRIu64 "\n",
            metrics_route_method(route), metrics_route_path(route), code, count);
}

static void print_http(FILE *file, const struct metrics_view *view)
{
    const struct metrics_counters *counters = &view->counters;

    family(file, "fastenough_http_requests_total", "counter", "HTTP requests answered, by status.");
    for (int route = 0; route < ROUTE_COUNT; route++)
        for (int status = 0; status < STATUS_COUNT; status++)
            print_status(file, route, status, counters->answers[route][status]);
    family(file, "fastenough_http_requests_broken_total", "counter",
           "HTTP requests whose client was gone before it had its answer.");
    for (int route = 0; route < ROUTE_COUNT; route++)
        fprintf(file,
                "fastenough_http_requests_broken_total{method=\"%s\",path=\"%s\"} %" PRIu64 "\n",
                metrics_route_method(route), metrics_route_path(route), counters->broken[route]);
    family(file, "fastenough_http_request_duration_seconds", "histogram",
           "From a request's head to the end of its answer.");
    for (int route = 0; route < ROUTE_COUNT; route++)
        print_duration(file, route, &counters->durations[route]);
    gauge(file, "fastenough_http_connections", view->peers.count, "Connections that are open.");
    counter(file, "fastenough_http_connections_opened_total", view->peers.opened_count,
            "Connections so far.");
    counter(file, "fastenough_http_connections_late_total", view->peers.late_count,
            "Connections dropped because their client was too slow, or idle.");
    gauge(file, "fastenough_http_threads", view->http_threads,
          "Threads of HTTP: one a connection, and one that accepts.");
}

void metrics_view_print(FILE *file, const struct metrics_view *view)
{
    print_build(file, view);
    print_records(file, &view->counters);
    print_work(file, &view->counters.records);
    print_lock(file, &view->lock);
    print_lock_times(file, &view->counters.records.lock_times);
    print_threads(file, view);
    print_http(file, view);
    gauge(file, "process_threads", view->process_threads, "All threads of the process.");
    gauge(file, "process_resident_memory_bytes", (double)view->resident_bytes,
          "Resident memory of the process.");
    gauge(file, "process_resident_memory_max_bytes", (double)view->resident_bytes_max,
          "The most resident memory so far.");
    seconds_counter(file, "process_cpu_seconds_total", view->cpu_s,
                    "User and system time of the process.");
    gauge(file, "process_start_time_seconds", view->service->start_unix_s,
          "When the service started, in seconds since 1970.");
}
