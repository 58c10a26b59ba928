#include <errno.h>
#include <stdio.h>

#include "common/service/endpoint.h"

static struct answer tell(struct leak *leak, size_t changed_bytes)
{
    cJSON *object = cJSON_CreateObject();

    cJSON_AddNumberToObject(object, "changed_bytes", (double)changed_bytes);
    cJSON_AddNumberToObject(object, "leaked_bytes", (double)leak_bytes(leak));
    cJSON_AddNumberToObject(object, "leaked_bytes_max", (double)leak->bytes_max);
    return answer_json(200, object);
}

struct answer endpoint_leak(struct service *service, const struct query *query)
{
    static const char *const known[] = {"mb", NULL};
    struct leak *leak = &service->leak;
    uint64_t mib = 10;

    const char *unknown = query_unknown(query, known);
    if (unknown != NULL)
        return answer_error(400, "the parameter '%s' is unknown: there is mb", unknown);
    if (query_number(query, "mb", 1, 1024 * 1024, &mib) != 0)
        return answer_error(400, "mb is a number of MiB from 1 to 1048576");
    if (leak_grow(leak, mib) == 0)
        return tell(leak, (size_t)mib << 20);

    struct answer answer =
        errno == EDQUOT
            ? answer_error(503,
                           "%zu MiB are leaked already, and %zu is the cap (--max-leak): DELETE "
                           "/leak gives them back",
                           leak_bytes(leak) >> 20, leak->bytes_max >> 20)
            : answer_error(503, "out of memory");
    answer.retry_after_s = 60;
    return answer;
}

struct answer endpoint_leak_undo(struct service *service)
{
    return tell(&service->leak, leak_undo(&service->leak));
}
