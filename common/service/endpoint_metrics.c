#include <stdlib.h>
#include <sys/resource.h>

#include "common/clock.h"
#include "common/procinfo.h"
#include "common/service/endpoint.h"
#include "common/service/metrics_view.h"
#include "common/variant.h"

static double cpu_s(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* Takes the store's locks for a moment each, and looks at each worker's stack. */
static void gather(struct metrics_view *view, struct service *service)
{
    *view = (struct metrics_view){.service = service};
    metrics_snapshot(&service->metrics, &view->counters);
    store_lock_stats(service->store, &view->lock);
    thread_usage(&view->workers);
    request_pool_usage(&service->intake.pool, &view->buffers);
    peers_usage(&service->peers, &view->peers);
    view->http_threads = view->peers.count + 1; /* one that accepts */
    view->process_threads = procinfo_thread_count();
    view->resident_bytes = procinfo_resident_bytes();
    view->resident_bytes_max = procinfo_resident_bytes_max();
    view->leaked_bytes = leak_bytes(&service->leak);
    view->cpu_s = cpu_s();
    view->start_unix_s = service->start_unix_s;
    view->limits = service->options.limits;
    view->buffers_bytes_max = service->options.intake.buffers_bytes_max;
    view->uptime_s = (double)(clock_ns() - service->start_ns) / 1e9;
}

static struct answer as_text(const struct metrics_view *view)
{
    struct answer answer = {.status = 200, .type = "text/plain; version=0.0.4; charset=utf-8"};
    FILE *file = open_memstream(&answer.text, &answer.length);

    if (file != NULL) {
        metrics_view_print(file, view);
        if (fclose(file) == 0)
            return answer;
        free(answer.text);
    }
    return answer_error(503, "out of memory");
}

struct answer endpoint_metrics(struct service *service, bool is_json)
{
    struct metrics_view view;

    gather(&view, service);
    return is_json ? answer_json(200, metrics_view_json(&view)) : as_text(&view);
}

struct answer endpoint_health(struct service *service)
{
    bool is_draining = atomic_load(&service->is_draining);
    cJSON *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "status", is_draining ? "draining" : "ok");
    cJSON_AddStringToObject(object, "variant", variant_code);
    return answer_json(is_draining ? 503 : 200, object);
}
