#include "bench/process/service_metric.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/process/http_get.h"

enum { ANSWER_SIZE = 32768, NAME_SIZE = 64, PATIENCE_S = 30 };

double service_metric(int port, const char *path)
{
    char answer[ANSWER_SIZE], section[NAME_SIZE];
    const char *member = strchr(path, '.') + 1;

    if (http_get(port, "/metrics", "application/json", PATIENCE_S, answer, sizeof answer) != 200)
        return NAN;
    snprintf(section, sizeof section, "%.*s", (int)(member - path - 1), path);
    cJSON *metrics = cJSON_Parse(http_body(answer));
    double number =
        cJSON_GetNumberValue(cJSON_GetObjectItem(cJSON_GetObjectItem(metrics, section), member));
    cJSON_Delete(metrics);
    return number;
}
