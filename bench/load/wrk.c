#include "bench/load/wrk.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/process/child.h"
#include "bench/readers/json.h"

static int read_latencies(const cJSON *json, struct wrk_result *result)
{
    const cJSON *list = json_member(json, "latency_us"), *pair;
    int count = cJSON_GetArraySize(list);

    result->latencies = malloc(((size_t)count + 1) * sizeof *result->latencies);
    if (result->latencies == NULL)
        return -1;
    cJSON_ArrayForEach (pair, list) {
        const cJSON *us = cJSON_GetArrayItem(pair, 0), *times = cJSON_GetArrayItem(pair, 1);
        if (!cJSON_IsNumber(us) || !cJSON_IsNumber(times) || times->valuedouble < 0)
            return -1;
        result->latencies[result->latency_count++] =
            (struct wrk_latency){us->valuedouble, (uint64_t)times->valuedouble};
    }
    return 0;
}

static int read_result(const cJSON *json, struct wrk_result *result)
{
    uint64_t status;
    double us;

    if (json_integer(json, "ok", &result->ok_count) != 0 ||
        json_integer(json, "refused", &result->refused_count) != 0 ||
        json_integer(json, "refused_status", &status) != 0 ||
        json_integer(json, "socket_errors", &result->socket_errors) != 0 ||
        json_integer(json, "timeouts", &result->timeouts) != 0 ||
        json_number(json, "load_us", &us) != 0)
        return -1;
    result->refused_status = (unsigned)status;
    result->seconds = us > 0 ? us / 1e6 : 0;
    return read_latencies(json, result);
}

int wrk_run(const char *script, const char *body, const char *url, unsigned connections,
            unsigned seconds, struct wrk_result *result, char *error, size_t size)
{
    char connections_text[16], seconds_text[16], variable[600];
    const char *const argv[] = {"wrk",       "-t1", "-c", connections_text, "-d", seconds_text,
                                "--timeout", "60s", "-s", script,           url,  NULL};
    const char *path = getenv("PATH");
    char path_text[4096];
    const char *const environment[] = {variable, path_text, NULL};
    const struct child_job job = {.argv = argv,
                                  .environment = environment,
                                  .output = {.sink = CHILD_CAPTURE},
                                  .errors = {.sink = CHILD_CAPTURE},
                                  .timeout_ms = (seconds + 120u) * 1000u};
    struct child_result child;

    *result = (struct wrk_result){0};
    snprintf(connections_text, sizeof connections_text, "%u", connections);
    snprintf(seconds_text, sizeof seconds_text, "%us", seconds);
    snprintf(variable, sizeof variable, "LOAD_BODY=%s", body);
    snprintf(path_text, sizeof path_text, "PATH=%s", path != NULL ? path : "/usr/bin");
    int status = child_run(&job, &child);
    if (status != 0) {
        child_describe(&job, &child, error, size);
    } else {
        const char *line = strstr(child.output, "{\"ok\"");
        cJSON *json = line != NULL ? cJSON_Parse(line) : NULL;
        status = json != NULL ? read_result(json, result) : -1;
        cJSON_Delete(json);
        if (status != 0)
            snprintf(error, size, "wrk did not print what post.lua says that it prints");
    }
    child_result_free(&child);
    if (status != 0)
        wrk_result_free(result);
    return status;
}

void wrk_result_free(struct wrk_result *result)
{
    free(result->latencies);
    result->latencies = NULL;
    result->latency_count = 0;
}
