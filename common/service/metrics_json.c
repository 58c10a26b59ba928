#include "common/service/metrics_view.h"
#include "common/service/tally_json.h"
#include "common/variant.h"

/*
 * cJSON's adders return NULL where memory ran out, and take a NULL object; whether all went well is
 * seen at the end, by `is_short`.
 */
struct writer {
    bool is_short;
};

static void number(struct writer *writer, cJSON *object, const char *name, double value)
{
    if (cJSON_AddNumberToObject(object, name, value) == NULL)
        writer->is_short = true;
}

static void text(struct writer *writer, cJSON *object, const char *name, const char *value)
{
    if (cJSON_AddStringToObject(object, name, value) == NULL)
        writer->is_short = true;
}

static cJSON *section(struct writer *writer, cJSON *object, const char *name)
{
    cJSON *added = cJSON_AddObjectToObject(object, name);
    if (added == NULL)
        writer->is_short = true;
    return added;
}

static void add_records(struct writer *writer, cJSON *object,
                        const struct metrics_counters *counters)
{
    if (tally_json_add(object, &counters->records) != 0)
        writer->is_short = true;
    number(writer, object, "failed", (double)counters->failed_count);
    cJSON *unanswered = section(writer, object, "unanswered");
    number(writer, unanswered, "accepted", (double)counters->unanswered_accepted);
    number(writer, unanswered, "rejected", (double)counters->unanswered_rejected);
    number(writer, unanswered, "failed", (double)counters->unanswered_failed);
    number(writer, object, "requests", (double)counters->request_count);
    number(writer, object, "received_bytes", (double)counters->received_bytes);
    number(writer, object, "decoded_bytes", (double)counters->decoded_bytes);
}

static void add_work(struct writer *writer, cJSON *object, const struct tally *records)
{
    const struct counts *work = &records->counts;

    number(writer, object, "allocations", (double)work->allocations);
    number(writer, object, "allocated_bytes", (double)work->allocated_bytes);
    number(writer, object, "sorts", (double)work->sorts);
    number(writer, object, "comparisons", (double)work->comparisons);
    number(writer, object, "round_trips", (double)work->round_trips);
    number(writer, object, "round_trip_ns", (double)records->round_trip_ns);
}

static void add_lock(struct writer *writer, cJSON *object, const struct lock_stats *lock)
{
    number(writer, object, "acquisitions", (double)lock->acquisitions);
    number(writer, object, "contended", (double)lock->contended);
    number(writer, object, "wait_ns", (double)lock->wait_ns);
    number(writer, object, "hold_ns", (double)lock->hold_ns);
    number(writer, object, "hold_ns_max", (double)lock->hold_ns_max);
}

/* Buckets as [upper bound in ns, count]; the last one has no bound. */
static void add_buckets(struct writer *writer, cJSON *object, const char *name,
                        const uint64_t counts[LOCK_TIMES_BUCKETS])
{
    cJSON *list = cJSON_AddArrayToObject(object, name);

    for (unsigned i = 0; i < LOCK_TIMES_BUCKETS; i++) {
        const double bucket[2] = {(double)lock_times_bound_ns(i), (double)counts[i]};
        bool is_last = i + 1 == LOCK_TIMES_BUCKETS;
        cJSON *pair = cJSON_CreateDoubleArray(bucket, 2);
        if (is_last)
            cJSON_ReplaceItemInArray(pair, 0, cJSON_CreateNull());
        if (!cJSON_AddItemToArray(list, pair)) {
            cJSON_Delete(pair);
            writer->is_short = true;
        }
    }
}

static void add_workers(struct writer *writer, cJSON *object, const struct metrics_view *view)
{
    const struct service_options *options = &view->service->options;

    number(writer, object, "threads", view->workers.alive_count);
    number(writer, object, "threads_max", options->limits.threads_max);
    number(writer, object, "threads_started", (double)view->workers.started_count);
    number(writer, object, "stack_mapped_bytes", (double)view->workers.stack_mapped_bytes);
    number(writer, object, "stack_resident_bytes", (double)view->workers.stack_resident_bytes);
    number(writer, object, "retained_requests", (double)view->buffers.retained_count);
    number(writer, object, "retained_bytes", (double)view->buffers.retained_bytes);
    number(writer, object, "buffers_bytes", (double)view->buffers.used_bytes);
}

/* One object a status, and how long the answers took: {"POST /process": {"200": 3, ...}}. */
static void add_route(struct writer *writer, cJSON *object, const struct metrics_counters *counters,
                      enum metrics_route route)
{
    char name[32];

    snprintf(name, sizeof name, "%s %s", metrics_route_method(route), metrics_route_path(route));
    cJSON *added = section(writer, object, name);
    for (int i = 0; i < STATUS_COUNT; i++) {
        char code[16] = "other";
        if (counters->answers[route][i] == 0)
            continue;
        if (metrics_statuses[i] != 0)
            snprintf(code, sizeof code, "%u", metrics_statuses[i]);
        number(writer, added, code, (double)counters->answers[route][i]);
    }
    number(writer, added, "broken", (double)counters->broken[route]);
    number(writer, added, "sum_ns", (double)counters->durations[route].sum_ns);
}

static void add_http(struct writer *writer, cJSON *object, const struct metrics_view *view)
{
    cJSON *answers = section(writer, object, "requests");

    for (int route = 0; route < ROUTE_COUNT; route++)
        add_route(writer, answers, &view->counters, route);
    number(writer, object, "connections", view->peers.count);
    number(writer, object, "connections_opened", (double)view->peers.opened_count);
    number(writer, object, "connections_late", (double)view->peers.late_count);
    number(writer, object, "threads", view->http_threads);
}

static void add_process(struct writer *writer, cJSON *object, const struct metrics_view *view)
{
    number(writer, object, "threads", view->process_threads);
    number(writer, object, "resident_bytes", (double)view->resident_bytes);
    number(writer, object, "resident_bytes_max", (double)view->resident_bytes_max);
    number(writer, object, "leaked_bytes", (double)view->leaked_bytes);
    number(writer, object, "cpu_s", view->cpu_s);
    number(writer, object, "uptime_s", view->uptime_s);
}

cJSON *metrics_view_json(const struct metrics_view *view)
{
    struct writer writer = {0};
    cJSON *object = cJSON_CreateObject();

    text(&writer, object, "variant", variant_code);
    text(&writer, object, "database", service_database_kind(view->service));
    add_records(&writer, section(&writer, object, "records"), &view->counters);
    add_work(&writer, section(&writer, object, "work"), &view->counters.records);
    cJSON *lock = section(&writer, object, "lock");
    add_lock(&writer, lock, &view->lock);
    add_buckets(&writer, lock, "waits", view->counters.records.lock_times.waits);
    add_buckets(&writer, lock, "holds", view->counters.records.lock_times.holds);
    add_workers(&writer, section(&writer, object, "workers"), view);
    add_http(&writer, section(&writer, object, "http"), view);
    add_process(&writer, section(&writer, object, "process"), view);
    if (!writer.is_short)
        return object;
    cJSON_Delete(object);
    return NULL;
}
