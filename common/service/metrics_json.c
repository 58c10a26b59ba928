#include "common/service/metrics_list.h"
#include "common/tally_json.h"
#include "common/variant.h"

void metrics_add_records(cJSON *section, const struct metrics_view *view)
{
    tally_json_add(section, &view->counters.records);
}

void metrics_add_unanswered(cJSON *section, const struct metrics_view *view)
{
    const struct metrics_counters *counters = &view->counters;
    cJSON *unanswered = cJSON_AddObjectToObject(section, "unanswered");

    cJSON_AddNumberToObject(unanswered, "accepted", (double)counters->unanswered_accepted);
    cJSON_AddNumberToObject(unanswered, "rejected", (double)counters->unanswered_rejected);
    cJSON_AddNumberToObject(unanswered, "failed", (double)counters->unanswered_failed);
}

/* Buckets as [upper bound in ns, count]; the last one has no bound. */
static void add_buckets(cJSON *section, const char *name, const uint64_t counts[LOCK_TIMES_BUCKETS])
{
    cJSON *list = cJSON_AddArrayToObject(section, name);

    for (unsigned i = 0; i < LOCK_TIMES_BUCKETS; i++) {
        const double bucket[2] = {(double)lock_times_bound_ns(i), (double)counts[i]};
        cJSON *pair = cJSON_CreateDoubleArray(bucket, 2);
        if (i + 1 == LOCK_TIMES_BUCKETS)
            cJSON_ReplaceItemInArray(pair, 0, cJSON_CreateNull());
        if (!cJSON_AddItemToArray(list, pair))
            cJSON_Delete(pair);
    }
}

void metrics_add_lock_times(cJSON *section, const struct metrics_view *view)
{
    add_buckets(section, "waits", view->counters.records.lock_times.waits);
    add_buckets(section, "holds", view->counters.records.lock_times.holds);
}

/* One object a status, and how long the answers took: {"POST /process": {"200": 3, ...}}. */
static void add_route(cJSON *routes, const struct metrics_counters *counters,
                      enum metrics_route route)
{
    char name[32], code[METRICS_STATUS_SIZE];

    snprintf(name, sizeof name, "%s %s", metrics_route_method(route), metrics_route_path(route));
    cJSON *added = cJSON_AddObjectToObject(routes, name);
    for (int i = 0; i < STATUS_COUNT; i++)
        if (counters->answers[route][i] != 0)
            cJSON_AddNumberToObject(added, metrics_status_text(i, code),
                                    (double)counters->answers[route][i]);
    cJSON_AddNumberToObject(added, "broken", (double)counters->broken[route]);
    cJSON_AddNumberToObject(added, "sum_ns", (double)counters->durations[route].sum_ns);
}

void metrics_add_routes(cJSON *section, const struct metrics_view *view)
{
    cJSON *routes = cJSON_AddObjectToObject(section, "requests");

    for (int route = 0; route < ROUTE_COUNT; route++)
        add_route(routes, &view->counters, route);
}

cJSON *metrics_view_json(const struct metrics_view *view)
{
    static const char *const names[] = {
        [SECTION_RECORDS] = "records", [SECTION_WORK] = "work", [SECTION_LOCK] = "lock",
        [SECTION_WORKERS] = "workers", [SECTION_HTTP] = "http", [SECTION_PROCESS] = "process",
    };
    cJSON *object = cJSON_CreateObject(), *sections[SECTION_COUNT];

    cJSON_AddStringToObject(object, "variant", variant_code);
    cJSON_AddStringToObject(object, "database", service_database_kind(view->service));
    for (int i = 0; i < SECTION_COUNT; i++)
        sections[i] = cJSON_AddObjectToObject(object, names[i]);
    for (unsigned i = 0; i < metrics_list_count; i++) {
        const struct metric *metric = &metrics_list[i];
        if (metric->add != NULL)
            metric->add(sections[metric->section], view);
        else if (metric->member != NULL)
            cJSON_AddNumberToObject(sections[metric->section], metric->member,
                                    metric_value(metric, view));
    }
    return object;
}
