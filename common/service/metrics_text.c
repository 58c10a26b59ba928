#include <inttypes.h>

#include "common/service/metrics_list.h"
#include "common/variant.h"

void metrics_print_build(FILE *file, const struct metric *metric, const struct metrics_view *view)
{
    fprintf(file, "%s{variant=\"%s\"", metric->name, variant_code);
    for (int i = 0; i < LESSON_COUNT; i++)
        fprintf(file, ",%s=\"%s\"", variant_lessons[i], variant_code[i] == 'n' ? "naive" : "fixed");
    fprintf(file, ",database=\"%s\"} 1\n", service_database_kind(view->service));
}

void metrics_print_rejected(FILE *file, const struct metric *metric,
                            const struct metrics_view *view)
{
    for (int reason = 0; reason < REJECT_COUNT; reason++)
        fprintf(file, "%s{reason=\"%s\"} %" PRIu64 "\n", metric->name, reject_name(reason),
                view->counters.records.rejected[reason]);
}

void metrics_print_unanswered(FILE *file, const struct metric *metric,
                              const struct metrics_view *view)
{
    const struct metrics_counters *counters = &view->counters;

    fprintf(file, "%s{result=\"accepted\"} %" PRIu64 "\n", metric->name,
            counters->unanswered_accepted);
    fprintf(file, "%s{result=\"rejected\"} %" PRIu64 "\n", metric->name,
            counters->unanswered_rejected);
    fprintf(file, "%s{result=\"failed\"} %" PRIu64 "\n", metric->name, counters->unanswered_failed);
}

/* `at_once`: those that took no time, and that no bucket counts. */
static void print_times(FILE *file, const char *name, const uint64_t buckets[LOCK_TIMES_BUCKETS],
                        uint64_t at_once, uint64_t sum_ns)
{
    uint64_t sum = at_once;

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
void metrics_print_lock_waits(FILE *file, const struct metric *metric,
                              const struct metrics_view *view)
{
    const struct lock_times *times = &view->counters.records.lock_times;
    uint64_t at_once = 0;

    for (unsigned i = 0; i < LOCK_TIMES_BUCKETS; i++)
        at_once += times->holds[i] - times->waits[i];
    print_times(file, metric->name, times->waits, at_once, times->wait_ns);
}

void metrics_print_lock_holds(FILE *file, const struct metric *metric,
                              const struct metrics_view *view)
{
    const struct lock_times *times = &view->counters.records.lock_times;

    print_times(file, metric->name, times->holds, 0, times->hold_ns);
}

/* name{method="POST",path="/process", and what follows is the caller's. */
static void print_route(FILE *file, const struct metric *metric, const char *suffix,
                        enum metrics_route route)
{
    fprintf(file, "%s%s{method=\"%s\",path=\"%s\"", metric->name, suffix,
            metrics_route_method(route), metrics_route_path(route));
}

void metrics_print_answers(FILE *file, const struct metric *metric, const struct metrics_view *view)
{
    char code[METRICS_STATUS_SIZE];

    for (int route = 0; route < ROUTE_COUNT; route++)
        for (int status = 0; status < STATUS_COUNT; status++) {
            uint64_t count = view->counters.answers[route][status];
            if (count == 0)
                continue;
            print_route(file, metric, "", route);
            fprintf(file, ",code=\"%s\"} %" PRIu64 "\n", metrics_status_text(status, code), count);
        }
}

void metrics_print_broken(FILE *file, const struct metric *metric, const struct metrics_view *view)
{
    for (int route = 0; route < ROUTE_COUNT; route++) {
        print_route(file, metric, "", route);
        fprintf(file, "} %" PRIu64 "\n", view->counters.broken[route]);
    }
}

void metrics_print_durations(FILE *file, const struct metric *metric,
                             const struct metrics_view *view)
{
    for (int route = 0; route < ROUTE_COUNT; route++) {
        const struct histogram *histogram = &view->counters.durations[route];
        uint64_t sum = 0;
        for (int i = 0; i < HISTOGRAM_BOUNDS; i++) {
            sum += histogram->counts[i];
            print_route(file, metric, "_bucket", route);
            fprintf(file, ",le=\"%g\"} %" PRIu64 "\n", (double)histogram_bounds_ns[i] / 1e9, sum);
        }
        sum += histogram->counts[HISTOGRAM_BOUNDS];
        print_route(file, metric, "_bucket", route);
        fprintf(file, ",le=\"+Inf\"} %" PRIu64 "\n", sum);
        print_route(file, metric, "_sum", route);
        fprintf(file, "} %.9g\n", (double)histogram->sum_ns / 1e9);
        print_route(file, metric, "_count", route);
        fprintf(file, "} %" PRIu64 "\n", sum);
    }
}

static void print_value(FILE *file, const struct metric *metric, const struct metrics_view *view)
{
    double value = metric_value(metric, view);

    if (metric->unit == METRIC_COUNT)
        fprintf(file, "%s %" PRIu64 "\n", metric->name, metric_count(metric, view));
    else if (metric->type == METRIC_COUNTER) /* to the nanosecond */
        fprintf(file, "%s %.9g\n", metric->name, metric->unit == METRIC_NS ? value / 1e9 : value);
    else
        fprintf(file, "%s %.17g\n", metric->name, metric->unit == METRIC_NS ? value / 1e9 : value);
}

void metrics_view_print(FILE *file, const struct metrics_view *view)
{
    static const char *const types[] = {"counter", "gauge", "histogram"};

    for (unsigned i = 0; i < metrics_list_count; i++) {
        const struct metric *metric = &metrics_list[i];
        if (metric->name == NULL)
            continue;
        fprintf(file, "# HELP %s %s\n# TYPE %s %s\n", metric->name, metric->help, metric->name,
                types[metric->type]);
        if (metric->print != NULL)
            metric->print(file, metric, view);
        else
            print_value(file, metric, view);
    }
}
