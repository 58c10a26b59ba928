#include "common/service/tally_json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

int tally_json_add(cJSON *object, const struct tally *tally)
{
    char digest[17];

    snprintf(digest, sizeof digest, "%016" PRIx64, tally->digest);
    cJSON *accepted = cJSON_AddNumberToObject(object, "accepted", (double)tally->accepted);
    cJSON *rejected = cJSON_AddNumberToObject(object, "rejected", (double)tally_rejected(tally));
    cJSON *reasons = cJSON_AddObjectToObject(object, "rejected_by");
    if (accepted == NULL || rejected == NULL || reasons == NULL)
        return -1;
    for (int reason = 0; reason < REJECT_COUNT; reason++)
        if (tally->rejected[reason] > 0 &&
            cJSON_AddNumberToObject(reasons, reject_name(reason),
                                    (double)tally->rejected[reason]) == NULL)
            return -1;
    return cJSON_AddStringToObject(object, "digest", digest) != NULL &&
                   cJSON_AddNumberToObject(object, "score_sum", (double)tally->score_sum) != NULL
               ? 0
               : -1;
}

static int add_line(cJSON *lines, enum reject_reason reason, const struct tally_line *kept)
{
    cJSON *line = cJSON_CreateObject();

    if (line == NULL || !cJSON_AddItemToArray(lines, line)) {
        cJSON_Delete(line);
        return -1;
    }
    if (cJSON_AddNumberToObject(line, "line", (double)kept->number) == NULL ||
        cJSON_AddStringToObject(line, "reason", reject_name(reason)) == NULL ||
        cJSON_AddStringToObject(line, "meaning", reject_meaning(reason)) == NULL)
        return -1;
    return kept->offset == REJECT_OFFSET_UNKNOWN ||
                   cJSON_AddNumberToObject(line, "byte", kept->offset) != NULL
               ? 0
               : -1;
}

struct kept_line {
    enum reject_reason reason;
    const struct tally_line *line;
};

static int compare(const void *a, const void *b)
{
    uint64_t left = ((const struct kept_line *)a)->line->number;
    uint64_t right = ((const struct kept_line *)b)->line->number;
    return (left > right) - (left < right);
}

int tally_json_add_lines(cJSON *object, const struct tally *tally)
{
    cJSON *lines = cJSON_AddArrayToObject(object, "rejected_lines");
    struct kept_line kept[REJECT_COUNT * TALLY_LINES_KEPT];
    size_t count = 0;

    if (lines == NULL)
        return -1;
    for (int reason = 0; reason < REJECT_COUNT; reason++)
        for (unsigned i = 0; i < tally->rejected[reason] && i < TALLY_LINES_KEPT; i++)
            kept[count++] = (struct kept_line){reason, &tally->first[reason][i]};
    qsort(kept, count, sizeof kept[0], compare);
    for (size_t i = 0; i < count; i++)
        if (add_line(lines, kept[i].reason, kept[i].line) != 0)
            return -1;
    return 0;
}
