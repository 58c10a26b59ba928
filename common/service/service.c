#include "common/service/service.h"

#include <stdio.h>
#include <sys/time.h>

#include "common/clock.h"

enum { IDLE_BYTES_MAX = 32 * 1024 * 1024 };

static int start_workers(struct service *service, char *error)
{
    const char *why = "out of memory";

    service->database = database_new(&service->options.database);
    if (service->database == NULL) {
        why = database_error();
        goto fail;
    }
    service->store = store_new(service->database);
    if (service->store == NULL)
        goto fail;
    service->workers = workers_new(&service->options.workers, service->store);
    if (service->workers != NULL)
        return 0;
    if (thread_error()[0] != '\0')
        why = thread_error();

fail:
    snprintf(error, SERVICE_ERROR_SIZE, "cannot start: %s", why);
    store_delete(service->store);
    database_delete(service->database);
    return -1;
}

int service_init(struct service *service, const struct service_options *options,
                 char error[SERVICE_ERROR_SIZE])
{
    struct timeval now;

    *service = (struct service){.options = *options};
    thread_set_limits(&options->limits);
    if (start_workers(service, error) != 0)
        return -1;
    service->options.intake.label = "/process";
    service->options.intake.idle_bytes_max = IDLE_BYTES_MAX;
    intake_init(&service->intake, &service->options.intake, service->workers);
    peers_init(&service->peers, options->timeout_ns, options->uploads_max);
    metrics_init(&service->metrics);
    leak_init(&service->leak, options->leak_bytes_max);
    gettimeofday(&now, NULL);
    service->start_unix_s = (double)now.tv_sec + (double)now.tv_usec / 1e6;
    service->start_ns = clock_ns();
    return 0;
}

void service_free(struct service *service)
{
    workers_delete(service->workers);
    intake_free(&service->intake);
    store_delete(service->store);
    database_delete(service->database);
    leak_free(&service->leak);
    metrics_free(&service->metrics);
    peers_free(&service->peers);
}

const char *service_database_kind(const struct service *service)
{
    return service->options.database.sqlite_path != NULL ? "sqlite" : "sim";
}
