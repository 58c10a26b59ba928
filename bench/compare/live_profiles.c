/*
 * live_profiles.c - what the live profiles say of nothing fixed, with a database and without:
 * block, mutex and threads of a service that has just answered one client.
 *
 * It has as many threads as it gives each request by itself, so that a profile's waiting can be
 * held against the threads' time: how many they are, times how long they were asked to work.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/compare/comparison.h"
#include "bench/process/http_get.h"
#include "bench/process/local_service.h"
#include "bench/readers/json.h"
#include "common/clock.h"

enum { THREADS_PER_CPU = 10, THREADS_MAX = 100, PATIENCE_S = 30, ANSWER_SIZE = 1 << 20 };

/* As the times are measured: requests of 1000 records, and of 50 with a database. */
static const struct regime {
    const char *latency, *request, *question, *suffix;
} regimes[] = {{"0", "1000", "/process?n=20000", ""},
               {"50us", "50", "/process?n=1000", ".database"}};

static char answer[ANSWER_SIZE];

/* 0, or -1: it is not answered with 200. */
static int ask(int port, const char *path, const char *accept)
{
    return http_get(port, path, accept, PATIENCE_S, answer, sizeof answer) == 200 ? 0 : -1;
}

/* One profile into raw/. The file's name, or NULL. */
static const char *fetch(struct comparison *comparison, const struct local_service *service,
                         const char *profile, const struct regime *regime)
{
    char question[64], path[PATH_SIZE];
    const char *name =
        model_text(&comparison->model, "raw/%s%s.%s.pb.gz", profile, regime->suffix, CODE_NAIVE);

    snprintf(question, sizeof question, "/debug/pprof/%s", profile);
    if (ask(service->admin_port, question, "*/*") != 0)
        return NULL;
    const char *length = strcasestr(answer, "\r\nContent-Length:"), *body = http_body(answer);
    size_t count = length != NULL && length < body
                       ? strtoul(length + strlen("\r\nContent-Length:"), NULL, 10)
                       : 0;
    if (count == 0 || count >= sizeof answer - (size_t)(body - answer))
        return NULL;
    FILE *file = fopen(results_path(&comparison->results, name, path), "w");
    bool is_written = file != NULL && fwrite(body, 1, count, file) == count;
    if (file != NULL && fclose(file) != 0)
        is_written = false;
    return is_written ? name : NULL;
}

/* Of the service's own statistics of its locks. */
static double held_ns(const struct local_service *service)
{
    if (ask(service->port, "/metrics", "application/json") != 0)
        return NAN;
    cJSON *json = cJSON_Parse(http_body(answer));
    double ns = json_number_or_nan(json_member(json, "lock"), "hold_ns");
    cJSON_Delete(json);
    return ns;
}

/* False: it did not answer as it should. */
static bool measure(struct comparison *comparison, const struct local_service *service,
                    const struct regime *regime, struct live_profile *live)
{
    const uint64_t start_ns = clock_ns();

    if (ask(service->port, regime->question, "*/*") != 0)
        return false;
    live->elapsed_ns = (double)(clock_ns() - start_ns);
    live->held_ns = held_ns(service);
    live->block = fetch(comparison, service, "block", regime);
    live->mutex = fetch(comparison, service, "mutex", regime);
    live->threads = fetch(comparison, service, "threads", regime);
    return live->block != NULL && live->mutex != NULL && live->threads != NULL;
}

int profile_live(struct comparison *comparison)
{
    char program[PATH_SIZE + 32], workers[16], error[LOCAL_SERVICE_ERROR_SIZE] = "";
    unsigned threads = THREADS_PER_CPU * comparison->cpu_count;

    comparison_announce(comparison, 1.5, "live profiles: block, mutex and threads of %s",
                        CODE_NAIVE);
    threads = threads < THREADS_MAX ? threads : THREADS_MAX;
    snprintf(program, sizeof program, "%s/fastenough-%s", comparison->programs, CODE_NAIVE);
    snprintf(workers, sizeof workers, "%u", threads);
    for (unsigned i = 0; i < sizeof regimes / sizeof *regimes; i++) {
        const struct regime *regime = &regimes[i];
        const char *const options[] = {"--admin",       "127.0.0.1:0", "--db-latency",
                                       regime->latency, "--request",   regime->request,
                                       "--workers",     workers,       NULL};
        struct live_profile live = {.has_database = regime->suffix[0] != '\0',
                                    .worker_threads = threads};
        struct local_service service;
        bool is_measured = local_service_start(&service, program, options, error) == 0;
        if (is_measured) {
            is_measured = measure(comparison, &service, regime, &live);
            local_service_stop(&service);
        }
        if (!is_measured) {
            machine_add_missing(comparison, "live profiles",
                                error[0] != '\0' ? error
                                                 : "the service did not answer as it should",
                                "what block, mutex, threads and the lock's statistics promise");
            return 0;
        }
        MODEL_ADD(&comparison->model, &comparison->model, live_profile, live_profiles, live);
    }
    return 0;
}
