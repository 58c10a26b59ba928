#include "bench/report/evidence.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "bench/readers/json.h"
#include "bench/readers/text.h"
#include "bench/report/evidence_parts.h"

const char *evidence_path(const struct evidence *evidence, const char *name,
                          char path[EVIDENCE_PATH_SIZE])
{
    int length = snprintf(path, EVIDENCE_PATH_SIZE, "%s/%s", evidence->folder, name);
    if (length >= EVIDENCE_PATH_SIZE)
        path[0] = '\0';
    return path;
}

bool evidence_has(const struct evidence *evidence, const char *name)
{
    char path[EVIDENCE_PATH_SIZE];
    return access(evidence_path(evidence, name, path), R_OK) == 0;
}

void evidence_miss(struct evidence *evidence, const char *what, const char *why)
{
    cJSON *list = json_member(evidence->json, "missing");
    cJSON *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "what", what);
    cJSON_AddStringToObject(object, "why", why);
    cJSON_AddItemToArray(list, object);
}

int evidence_profile(struct evidence *evidence, const char *name, struct callgrind *profile)
{
    char path[EVIDENCE_PATH_SIZE], error[TEXT_ERROR_SIZE];

    if (!evidence_has(evidence, name))
        return -1;
    if (callgrind_read(evidence_path(evidence, name, path), profile, error, sizeof error) == 0)
        return 0;
    evidence_miss(evidence, name, error);
    return -1;
}

double evidence_records(const struct evidence *evidence, const struct callgrind *profile)
{
    struct callgrind_cost cost;
    if (evidence->is_pair)
        return 1;
    callgrind_sum_function(profile, "worker_process", &cost);
    return (double)cost.call_count;
}

cJSON *evidence_number(double number)
{
    if (!isfinite(number))
        return cJSON_CreateNull();
    return cJSON_CreateNumber(rint(number * 1000) / 1000);
}

cJSON *evidence_new(const char *folder, const cJSON *document)
{
    const cJSON *subject = json_member(document, "subject");
    const cJSON *sides = json_member(subject, "sides");
    struct evidence evidence = {.folder = folder,
                                .document = document,
                                .json = cJSON_CreateObject(),
                                .is_pair = cJSON_IsObject(subject),
                                .sides = {"naive", "fixed"}};

    for (int side = 0; evidence.is_pair && side < 2; side++)
        if (cJSON_IsString(cJSON_GetArrayItem(sides, side)))
            evidence.sides[side] = cJSON_GetArrayItem(sides, side)->valuestring;

    cJSON_AddArrayToObject(evidence.json, "code");
    cJSON_AddArrayToObject(evidence.json, "flames");
    cJSON_AddArrayToObject(evidence.json, "curves");
    cJSON_AddArrayToObject(evidence.json, "timelines");
    cJSON_AddArrayToObject(evidence.json, "missing");
    evidence_add_code(&evidence);
    evidence_add_flames(&evidence);
    evidence_add_curves(&evidence);
    if (!evidence.is_pair)
        evidence_add_timelines(&evidence);
    return evidence.json;
}
