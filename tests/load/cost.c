/* cost.c - what live profiling costs: measured for real once, and what stops it. */
#include "bench/cost/cost.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const char *programs(void)
{
    const char *folder = getenv("FASTENOUGH_BIN");
    return folder != NULL ? folder : BUILD_FOLDER "/bin";
}

static double number_of(const cJSON *object, const char *name)
{
    return cJSON_GetNumberValue(cJSON_GetObjectItem(object, name));
}

static bool stop_at_once(void *context, unsigned done, unsigned count)
{
    *(unsigned *)context = done + count;
    return false;
}

/* One round has no interval, but each way a ratio. */
Test(cost, is_measured_for_each_way, .timeout = 300)
{
    const struct cost_plan plan = {.programs = programs(), .rounds = 1, .turns = 1};
    char error[256] = "";
    cJSON *document = cost_measure(&plan, error, sizeof error);
    const cJSON *way;

    cr_assert_not_null(document, "%s", error);
    cr_expect_eq(cJSON_GetArraySize(cJSON_GetObjectItem(document, "ways")), 7);
    cJSON_ArrayForEach (way, cJSON_GetObjectItem(document, "ways")) {
        const cJSON *cpu = cJSON_GetObjectItem(way, "cpu");
        cr_expect_gt(number_of(cpu, "ratio"), 0, "%s", cJSON_GetObjectItem(way, "id")->valuestring);
        cr_expect(cJSON_IsNull(cJSON_GetObjectItem(cpu, "ci_low")));
    }
    cJSON_Delete(document);
}

/* What it looks at waits for its lock, and that is known, too. */
Test(cost, is_measured_of_what_waits_for_its_lock, .timeout = 300)
{
    const struct cost_plan plan = {
        .programs = programs(), .is_observer = true, .rounds = 1, .turns = 1};
    char error[256] = "";
    cJSON *document = cost_measure(&plan, error, sizeof error);
    const cJSON *way;
    unsigned waiting_count = 0; /* of one turn: on a busy machine its lock may be free each time */

    cr_assert_not_null(document, "%s", error);
    cr_expect_str_eq(cJSON_GetObjectItem(document, "build")->valuestring, "nnnn");
    cJSON_ArrayForEach (way, cJSON_GetObjectItem(document, "ways"))
        waiting_count += number_of(cJSON_GetObjectItem(way, "lock"), "ratio") > 0;
    cr_expect_gt(waiting_count, 0);
    cJSON_Delete(document);
}

Test(cost, needs_the_program)
{
    const struct cost_plan plan = {.programs = "/nowhere", .rounds = 1, .turns = 1};
    char error[256] = "";

    cr_expect_null(cost_measure(&plan, error, sizeof error));
    cr_expect_not_null(strstr(error, "nothing (the noise)"), "%s", error);
}

Test(cost, ends_when_it_is_told_to)
{
    unsigned seen = 0;
    const struct cost_plan plan = {
        .programs = "/nowhere", .rounds = 6, .turns = 1, .go_on = stop_at_once, .context = &seen};
    char error[256] = "unchanged";

    cr_expect_null(cost_measure(&plan, error, sizeof error));
    cr_expect_str_eq(error, "");
    cr_expect_eq(seen, 6 * 7);
}
