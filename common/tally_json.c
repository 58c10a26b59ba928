#include "common/tally_json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

void tally_json_add(cJSON *object, const struct tally *tally)
{
    char digest[17];

    snprintf(digest, sizeof digest, "%016" PRIx64, tally->digest);
    cJSON_AddNumberToObject(object, "accepted", (double)tally->accepted);
    cJSON_AddNumberToObject(object, "rejected", (double)tally_rejected(tally));
    cJSON *reasons = cJSON_AddObjectToObject(object, "rejected_by");
    for (int reason = 0; reason < REJECT_COUNT; reason++)
        if (tally->rejected[reason] > 0)
            cJSON_AddNumberToObject(reasons, reject_name(reason), (double)tally->rejected[reason]);
    cJSON_AddStringToObject(object, "digest", digest);
    cJSON_AddNumberToObject(object, "score_sum", (double)tally->score_sum);
}

static void add_line(cJSON *lines, enum reject_reason reason, const struct tally_line *kept)
{
    cJSON *line = cJSON_CreateObject();

    cJSON_AddNumberToObject(line, "line", (double)kept->number);
    cJSON_AddStringToObject(line, "reason", reject_name(reason));
    cJSON_AddStringToObject(line, "meaning", reject_meaning(reason));
    if (kept->offset != REJECT_OFFSET_UNKNOWN)
        cJSON_AddNumberToObject(line, "byte", kept->offset);
    if (!cJSON_AddItemToArray(lines, line))
        cJSON_Delete(line);
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

void tally_json_add_lines(cJSON *object, const struct tally *tally)
{
    cJSON *lines = cJSON_AddArrayToObject(object, "rejected_lines");
    struct kept_line kept[REJECT_COUNT * TALLY_LINES_KEPT];
    size_t count = 0;

    for (int reason = 0; reason < REJECT_COUNT; reason++)
        for (unsigned i = 0; i < tally->rejected[reason] && i < TALLY_LINES_KEPT; i++)
            kept[count++] = (struct kept_line){reason, &tally->first[reason][i]};
    qsort(kept, count, sizeof kept[0], compare);
    for (size_t i = 0; i < count; i++)
        add_line(lines, kept[i].reason, kept[i].line);
}
