/*
 * base.c - a comparison beside an earlier one: nothing changed, or exactly what did.
 */
#include "bench/compare/base.h"
#include "bench/readers/compare_json.h"

#include "bench/report/render_text.h"
#include "tests/gate/member_of.h"

static cJSON *changes_of(const cJSON *now, const cJSON *then)
{
    struct model now_model = rendering_model(now), then_model = rendering_model(then);
    base_compare(&now_model, &then_model, "folder");
    cJSON *document = rendering_written(&now_model);
    cJSON *changes = cJSON_DetachItemFromObjectCaseSensitive(document, "base");
    cr_assert_not_null(changes);
    cJSON_Delete(document);
    model_free(&now_model);
    model_free(&then_model);
    return changes;
}

static int size_of(const cJSON *changes, const char *list)
{
    return cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(changes, list));
}

Test(base, of_itself_changed_nothing)
{
    cJSON *document = rendering_load(), *changes = changes_of(document, document);

    cr_expect_gt(number_of(changes, "counts_compared"), 30);
    cr_expect_gt(number_of(changes, "ratios_judged"), 5);
    cr_expect_eq(size_of(changes, "counts"), 0);
    cr_expect_eq(size_of(changes, "ratios"), 0);
    cr_expect_eq(size_of(changes, "missing"), 0);
    cr_expect_eq(size_of(changes, "remarks"), 0);
    cJSON_Delete(changes);
    cJSON_Delete(document);
}

Test(base, names_the_count_that_differs_and_no_other)
{
    cJSON *then = rendering_load(), *now = rendering_load();
    cJSON *metric = metric_of(now, "key", "allocations");
    double value = number_of(metric, "fixed");

    cJSON_SetNumberValue(cJSON_GetObjectItem(metric, "fixed"), value + 1);
    cJSON *changes = changes_of(now, then);
    cJSON *counts = cJSON_GetObjectItem(changes, "counts");
    cr_assert_eq(cJSON_GetArraySize(counts), 1);
    cJSON *count = counts->child;
    cr_expect_str_eq(text_of(count, "name"), "allocations");
    cr_expect_str_eq(text_of(count, "build"), "fnnn");
    cr_expect_str_eq(text_of(count, "verdict"), "worse");
    cr_expect_eq(number_of(count, "then"), value);
    cr_expect_eq(number_of(count, "now"), value + 1);
    cr_expect_eq(size_of(changes, "ratios"), 0);
    cJSON_Delete(changes);
    cJSON_Delete(then);
    cJSON_Delete(now);
}

Test(base, instructions_may_move_a_little)
{
    cJSON *then = rendering_load(), *now = rendering_load();
    cJSON *value = cJSON_GetObjectItem(metric_of(now, "key", "function_instructions"), "naive");
    const double before = value->valuedouble;

    cJSON_SetNumberValue(value, before * (1 + BASE_TOLERANCE / 2));
    cJSON *changes = changes_of(now, then);
    cr_expect_eq(size_of(changes, "counts"), 0);
    cJSON_Delete(changes);
    cJSON_SetNumberValue(value, before * (1 - 2 * BASE_TOLERANCE));
    changes = changes_of(now, then);
    cr_assert_eq(size_of(changes, "counts"), 1);
    cr_expect_str_eq(text_of(cJSON_GetObjectItem(changes, "counts")->child, "verdict"), "better");
    cJSON_Delete(changes);
    cJSON_Delete(then);
    cJSON_Delete(now);
}

Test(base, a_ratio_changed_where_intervals_do_not_overlap)
{
    cJSON *then = rendering_load(), *now = rendering_load();
    cJSON *metric = metric_of(now, "key", "time_alone");
    double high = number_of(metric, "ci_high");

    cJSON_SetNumberValue(cJSON_GetObjectItem(metric, "ci_low"), high);
    cJSON_SetNumberValue(cJSON_GetObjectItem(metric, "ci_high"), 2 * high);
    cJSON *changes = changes_of(now, then);
    cr_expect_eq(size_of(changes, "ratios"), 0, "they touch");
    cJSON_Delete(changes);
    cJSON_SetNumberValue(cJSON_GetObjectItem(metric, "ci_low"), 1.01 * high);
    changes = changes_of(now, then);
    cJSON *ratios = cJSON_GetObjectItem(changes, "ratios");
    cr_assert_eq(cJSON_GetArraySize(ratios), 1);
    cr_expect_str_eq(text_of(ratios->child, "lesson"), "key");
    cr_expect_str_eq(text_of(ratios->child, "name"), "time_alone");
    cr_expect_str_eq(text_of(ratios->child, "verdict"), "worth more");
    cr_expect_eq(size_of(changes, "counts"), 0);
    cJSON_Delete(changes);
    cJSON_Delete(then);
    cJSON_Delete(now);
}

Test(base, times_themselves_are_not_compared)
{
    cJSON *then = rendering_load(), *now = rendering_load();
    cJSON *metric = metric_of(now, "key", "time_alone");

    cJSON_SetNumberValue(cJSON_GetObjectItem(metric, "naive"), 100 * number_of(metric, "naive"));
    cJSON_SetNumberValue(cJSON_GetObjectItem(metric, "fixed"), 100 * number_of(metric, "fixed"));
    cJSON *changes = changes_of(now, then);
    cr_expect_eq(size_of(changes, "ratios") + size_of(changes, "counts"), 0);
    cJSON_Delete(changes);
    cJSON_Delete(then);
    cJSON_Delete(now);
}

Test(base, says_what_is_another)
{
    cJSON *then = rendering_load(), *now = rendering_load();
    cJSON *machine = cJSON_GetObjectItem(now, "machine");

    cJSON_ReplaceItemInObject(machine, "cpu", cJSON_CreateString("a CPU of its own"));
    cJSON_ReplaceItemInObject(machine, "compiler", cJSON_CreateString("gcc 99"));
    cJSON *changes = changes_of(now, then);
    char *remarks = cJSON_Print(cJSON_GetObjectItem(changes, "remarks"));
    cr_expect(strstr(remarks, "a CPU of its own now") != NULL, "%s", remarks);
    cr_expect(strstr(remarks, "gcc 99 now") != NULL, "%s", remarks);
    cr_expect(strstr(remarks, "absolute times of two machines are not compared") != NULL);
    cr_expect(cJSON_IsFalse(cJSON_GetObjectItem(changes, "is_same_machine")));
    cr_expect(cJSON_IsFalse(cJSON_GetObjectItem(changes, "is_same_compiler")));
    cJSON_free(remarks);
    cJSON_Delete(changes);
    cJSON_Delete(then);
    cJSON_Delete(now);
}

Test(base, counts_of_other_records_are_not_compared)
{
    cJSON *then = rendering_load(), *now = rendering_load();

    cJSON_ReplaceItemInObject(cJSON_GetObjectItem(now, "input"), "digest", cJSON_CreateString("0"));
    cJSON_SetNumberValue(cJSON_GetObjectItem(metric_of(now, "key", "allocations"), "fixed"), 1e6);
    cJSON *changes = changes_of(now, then);
    cr_expect_eq(number_of(changes, "counts_compared"), 0);
    cr_expect_eq(size_of(changes, "counts"), 0);
    cr_expect_gt(number_of(changes, "ratios_judged"), 0);
    cr_expect_gt(size_of(changes, "remarks"), 0);
    cJSON_Delete(changes);
    cJSON_Delete(then);
    cJSON_Delete(now);
}

Test(base, says_what_only_one_of_them_has)
{
    cJSON *then = rendering_load(), *now = rendering_load();
    cJSON *metrics = cJSON_GetObjectItem(lesson_of(now, "key"), "metrics");

    cJSON_Delete(cJSON_DetachItemViaPointer(metrics, metric_of(now, "key", "time_alone")));
    cJSON_Delete(cJSON_DetachItemViaPointer(cJSON_GetObjectItem(lesson_of(then, "key"), "metrics"),
                                            metric_of(then, "key", "dhat_bytes")));
    cJSON *changes = changes_of(now, then);
    char *missing = cJSON_PrintUnformatted(cJSON_GetObjectItem(changes, "missing"));
    cr_expect_eq(size_of(changes, "missing"), 2, "%s", missing);
    cr_expect(strstr(missing, "DHAT\",\"in\":\"base\"") != NULL, "%s", missing);
    cr_expect(strstr(missing, "wall time\",\"in\":\"this run\"") != NULL, "%s", missing);
    cJSON_free(missing);
    cJSON_Delete(changes);
    cJSON_Delete(then);
    cJSON_Delete(now);
}

Test(base, is_a_section_of_the_table)
{
    cJSON *then = rendering_load(), *now = rendering_load();
    char *text = NULL;
    size_t length = 0;

    cJSON_SetNumberValue(cJSON_GetObjectItem(metric_of(now, "key", "allocations"), "fixed"), 77);
    cJSON_AddItemToObject(now, "base", changes_of(now, then));
    FILE *file = open_memstream(&text, &length);
    cr_assert_eq(render_text_as(file, now, false, true), 0);
    fclose(file);
    const char *section = strstr(text, "What changed since the base");
    cr_assert_not_null(section);
    cr_expect(strstr(section, "1 of ") != NULL);
    cr_expect(strstr(section, "77") != NULL);
    free(text);
    cJSON_Delete(then);
    cJSON_Delete(now);
}

Test(base, that_cannot_be_read_is_refused)
{
    char error[2048] = "";
    cJSON *base;

    cr_expect_eq(compare_json_read("/nonexistent", &base, error, sizeof error), -1);
    cr_expect(strstr(error, "make compare") != NULL, "%s", error);
    cr_expect_eq(compare_json_read("Makefile", &base, error, sizeof error), -1);
    cr_expect_eq(compare_json_read("tests/harness/data/run.nnnn.json", &base, error, sizeof error),
                 -1);
    cr_expect(strstr(error, "no result of `make compare`") != NULL, "%s", error);
    cr_expect_null(base);
    cr_assert_eq(compare_json_read("tests/harness/data/compare.json", &base, error, sizeof error),
                 0);
    cJSON_Delete(base);
}

Test(base, of_another_schema_is_refused)
{
    char error[2048] = "", path[] = "/tmp/base-XXXXXX";
    cJSON *base = rendering_load();
    int file = mkstemp(path);

    cr_assert_geq(file, 0);
    close(file);
    cJSON_SetNumberValue(cJSON_GetObjectItem(base, "schema_version"), 99);
    write_json(path, base);
    cJSON_Delete(base);
    cr_expect_eq(compare_json_read(path, &base, error, sizeof error), -1);
    cr_expect(strstr(error, "schema version 99") != NULL, "%s", error);
    cr_expect(strstr(error, "Measure it anew with this version") != NULL, "%s", error);
    unlink(path);
}
