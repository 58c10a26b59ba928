/*
 * Names and units as Prometheus' conventions have them: base units (seconds, bytes), _total on
 * counters, the unit before _total. What each means is in its help. The rows stand in the order of
 * both formats.
 */
#include "common/service/metrics_list.h"

#include <string.h>

#define AT(field)                                                                                  \
    .offset = offsetof(struct metrics_view, field),                                                \
    .size = sizeof(((struct metrics_view *)0)->field)

const struct metric metrics_list[] = {
    {"fastenough_build_info", "Which of the builds this is.", METRIC_GAUGE, SECTION_RECORDS,
     .print = metrics_print_build},
    {"fastenough_records_accepted_total",
     "Records accepted: the sum over all answers, and over the uploads without one.",
     METRIC_COUNTER, SECTION_RECORDS, AT(counters.records.accepted), .add = metrics_add_records},
    {"fastenough_records_rejected_total", "Records rejected, by reason.", METRIC_COUNTER,
     SECTION_RECORDS, .print = metrics_print_rejected},
    {"fastenough_records_failed_total",
     "Records of which nobody can say what became of them: the database failed.", METRIC_COUNTER,
     SECTION_RECORDS, "failed", AT(counters.failed_count)},
    {"fastenough_records_unanswered_total",
     "The part of the above whose client was gone before it had its answer.", METRIC_COUNTER,
     SECTION_RECORDS, .print = metrics_print_unanswered, .add = metrics_add_unanswered},
    {"fastenough_requests_total", "Requests (batches of records) that the workers were given.",
     METRIC_COUNTER, SECTION_RECORDS, "requests", AT(counters.request_count)},
    {"fastenough_body_received_bytes_total", "Bytes of bodies as they were sent.", METRIC_COUNTER,
     SECTION_RECORDS, "received_bytes", AT(counters.received_bytes)},
    {"fastenough_body_decoded_bytes_total", "Bytes of bodies after decompression.", METRIC_COUNTER,
     SECTION_RECORDS, "decoded_bytes", AT(counters.decoded_bytes)},
    {"fastenough_work_allocations_total",
     "Allocations that the records' stages asked for (lesson 1).", METRIC_COUNTER, SECTION_WORK,
     "allocations", AT(counters.records.counts.allocations)},
    {"fastenough_work_allocated_bytes_total", "What those allocations asked for.", METRIC_COUNTER,
     SECTION_WORK, "allocated_bytes", AT(counters.records.counts.allocated_bytes)},
    {"fastenough_work_sorts_total", "Times that tags were sorted (lesson 2).", METRIC_COUNTER,
     SECTION_WORK, "sorts", AT(counters.records.counts.sorts)},
    {"fastenough_work_comparisons_total", "Comparisons of two tags (lesson 2).", METRIC_COUNTER,
     SECTION_WORK, "comparisons", AT(counters.records.counts.comparisons)},
    {"fastenough_database_round_trips_total", "Waits for the database.", METRIC_COUNTER,
     SECTION_WORK, "round_trips", AT(counters.records.counts.round_trips)},
    {"fastenough_database_wait_seconds_total", "Time that those waits really took.", METRIC_COUNTER,
     SECTION_WORK, "round_trip_ns", .unit = METRIC_NS, AT(counters.records.round_trip_ns)},
    {"fastenough_lock_acquisitions_total", "Times that a store's lock was taken (lesson 3).",
     METRIC_COUNTER, SECTION_LOCK, "acquisitions", AT(lock.acquisitions)},
    {"fastenough_lock_contended_total", "Times that it had to be waited for.", METRIC_COUNTER,
     SECTION_LOCK, "contended", AT(lock.contended)},
    {"fastenough_lock_wait_seconds_total", "Time that threads waited for it.", METRIC_COUNTER,
     SECTION_LOCK, "wait_ns", .unit = METRIC_NS, AT(lock.wait_ns)},
    {"fastenough_lock_hold_seconds_total", "Time that it was held.", METRIC_COUNTER, SECTION_LOCK,
     "hold_ns", .unit = METRIC_NS, AT(lock.hold_ns)},
    {"fastenough_lock_hold_max_seconds", "The longest hold so far.", METRIC_GAUGE, SECTION_LOCK,
     "hold_ns_max", .unit = METRIC_NS, AT(lock.hold_ns_max)},
    {"fastenough_lock_wait_seconds", "How long acquisitions of a store's lock waited (lesson 3).",
     METRIC_HISTOGRAM, SECTION_LOCK, .print = metrics_print_lock_waits,
     .add = metrics_add_lock_times},
    {"fastenough_lock_hold_seconds", "How long it was held each time.", METRIC_HISTOGRAM,
     SECTION_LOCK, .print = metrics_print_lock_holds},
    {"fastenough_worker_threads", "Threads of the workers that are alive (lesson 4).",
     METRIC_GAUGE, SECTION_WORKERS, "threads", AT(workers.alive_count)},
    {"fastenough_worker_threads_limit", "The guard: at so many no further one is started.",
     METRIC_GAUGE, SECTION_WORKERS, "threads_max", AT(limits.threads_max)},
    {"fastenough_worker_threads_started_total", "Threads that the workers have started.",
     METRIC_COUNTER, SECTION_WORKERS, "threads_started", AT(workers.started_count)},
    {"fastenough_worker_stacks_mapped_bytes", "Address space of those threads' stacks.",
     METRIC_GAUGE, SECTION_WORKERS, "stack_mapped_bytes", AT(workers.stack_mapped_bytes)},
    {"fastenough_worker_stacks_resident_bytes", "The part of it that is in memory.", METRIC_GAUGE,
     SECTION_WORKERS, "stack_resident_bytes", AT(workers.stack_resident_bytes)},
    {"fastenough_retained_requests",
     "Requests that were answered and that a worker still holds on to (lesson 4).", METRIC_GAUGE,
     SECTION_WORKERS, "retained_requests", AT(buffers.retained_count)},
    {"fastenough_retained_bytes", "The memory of those requests.", METRIC_GAUGE, SECTION_WORKERS,
     "retained_bytes", AT(buffers.retained_bytes)},
    {"fastenough_buffers_bytes", "Memory of the bodies that are being worked on.", METRIC_GAUGE,
     SECTION_WORKERS, "buffers_bytes", AT(buffers.used_bytes)},
    {"fastenough_buffers_limit_bytes", "How much that may be.", METRIC_GAUGE, SECTION_WORKERS,
     AT(buffers_bytes_max)},
    {"fastenough_memory_limit_bytes",
     "The guard: at this resident memory the workers start no further thread.", METRIC_GAUGE,
     SECTION_WORKERS, AT(limits.bytes_max)},
    {"fastenough_leaked_bytes", "Memory that /leak holds on purpose.", METRIC_GAUGE,
     SECTION_WORKERS, AT(leaked_bytes)},
    {"fastenough_http_requests_total", "HTTP requests answered, by status.", METRIC_COUNTER,
     SECTION_HTTP, .print = metrics_print_answers, .add = metrics_add_routes},
    {"fastenough_http_requests_broken_total",
     "HTTP requests whose client was gone before it had its answer.", METRIC_COUNTER, SECTION_HTTP,
     .print = metrics_print_broken},
    {"fastenough_http_request_duration_seconds", "From a request's head to the end of its answer.",
     METRIC_HISTOGRAM, SECTION_HTTP, .print = metrics_print_durations},
    {"fastenough_http_connections", "Connections that are open.", METRIC_GAUGE, SECTION_HTTP,
     "connections", AT(peers.count)},
    {"fastenough_http_connections_opened_total", "Connections so far.", METRIC_COUNTER,
     SECTION_HTTP, "connections_opened", AT(peers.opened_count)},
    {"fastenough_http_connections_late_total",
     "Connections dropped because their client was too slow, or idle.", METRIC_COUNTER,
     SECTION_HTTP, "connections_late", AT(peers.late_count)},
    {"fastenough_http_threads", "Threads of HTTP: one a connection, and one that accepts.",
     METRIC_GAUGE, SECTION_HTTP, "threads", AT(http_threads)},
    {"process_threads", "All threads of the process.", METRIC_GAUGE, SECTION_PROCESS, "threads",
     AT(process_threads)},
    {"process_resident_memory_bytes", "Resident memory of the process.", METRIC_GAUGE,
     SECTION_PROCESS, "resident_bytes", AT(resident_bytes)},
    {"process_resident_memory_max_bytes", "The most resident memory so far.", METRIC_GAUGE,
     SECTION_PROCESS, "resident_bytes_max", AT(resident_bytes_max)},
    {NULL, NULL, METRIC_GAUGE, SECTION_PROCESS, "leaked_bytes", AT(leaked_bytes)},
    {"process_cpu_seconds_total", "User and system time of the process.", METRIC_COUNTER,
     SECTION_PROCESS, "cpu_s", .unit = METRIC_REAL, AT(cpu_s)},
    {NULL, NULL, METRIC_GAUGE, SECTION_PROCESS, "uptime_s", .unit = METRIC_REAL, AT(uptime_s)},
    {"process_start_time_seconds", "When the service started, in seconds since 1970.", METRIC_GAUGE,
     SECTION_PROCESS, .unit = METRIC_REAL, AT(start_unix_s)},
};

const unsigned metrics_list_count = sizeof metrics_list / sizeof *metrics_list;

uint64_t metric_count(const struct metric *metric, const struct metrics_view *view)
{
    const char *at = (const char *)view + metric->offset;
    uint64_t wide;
    uint32_t narrow;

    if (metric->size == sizeof narrow) {
        memcpy(&narrow, at, sizeof narrow);
        return narrow;
    }
    memcpy(&wide, at, sizeof wide);
    return wide;
}

double metric_value(const struct metric *metric, const struct metrics_view *view)
{
    double real;

    if (metric->unit != METRIC_REAL)
        return (double)metric_count(metric, view);
    memcpy(&real, (const char *)view + metric->offset, sizeof real);
    return real;
}
