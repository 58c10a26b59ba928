#include "bench/load/target.h"

#include <cjson/cJSON.h>
#include <stdio.h>

#include "bench/process/http_get.h"
#include "bench/readers/json.h"

enum { PATIENCE_S = 30, ANSWER_SIZE = 64 * 1024 };

_Static_assert((int)TARGET_TEXT_SIZE >= (int)LOCAL_SERVICE_ERROR_SIZE, "any sentence has room");

static int fail(char *error, const char *what)
{
    snprintf(error, TARGET_TEXT_SIZE, "%s", what);
    return -1;
}

int target_start(struct target *target, const char *programs, const char *variant,
                 const char *db_latency, char error[TARGET_TEXT_SIZE])
{
    const char *const options[] = {"--db-latency", db_latency, NULL};
    char program[TARGET_TEXT_SIZE];

    snprintf(program, sizeof program, "%s/fastenough-%s", programs, variant);
    if (local_service_start(&target->service, program, options, error) != 0)
        return -1;
    snprintf(target->url, sizeof target->url, "http://127.0.0.1:%d/process", target->service.port);
    return 0;
}

static int read_state(const cJSON *json, struct target_state *state)
{
    const cJSON *process = json_member(json, "process");
    const cJSON *workers = json_member(json, "workers");
    const cJSON *lock = json_member(json, "lock");
    const cJSON *records = json_member(json, "records");

    return json_integer(process, "resident_bytes", &state->resident_bytes) |
           json_integer(process, "threads", &state->process_threads) |
           json_integer(workers, "threads", &state->worker_threads) |
           json_integer(workers, "retained_bytes", &state->retained_bytes) |
           json_integer(workers, "stack_resident_bytes", &state->stack_resident_bytes) |
           json_integer(lock, "wait_ns", &state->lock_wait_ns) |
           json_integer(records, "accepted", &state->accepted);
}

int target_look(const struct target *target, struct target_state *state,
                char error[TARGET_TEXT_SIZE])
{
    static char answer[ANSWER_SIZE];

    if (http_get(target->service.port, "/metrics", "application/json", PATIENCE_S, answer,
                 sizeof answer) != 200)
        return fail(error, "the service does not answer for /metrics");
    cJSON *json = cJSON_Parse(http_body(answer));
    int status = json != NULL ? read_state(json, state) : -1;
    cJSON_Delete(json);
    return status == 0 ? 0 : fail(error, "the service's /metrics lacks what is looked for");
}

int target_stop(struct target *target, char error[TARGET_TEXT_SIZE])
{
    return local_service_stop(&target->service) == 0 ? 0
                                                     : fail(error, "the service did not end well");
}
