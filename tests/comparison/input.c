/*
 * input.c - the user's own records (INPUT=): what can be compared is, and what cannot is refused
 * with a word on what to do.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/comparison/scene.h"
#include "tests/comparison/schema.h"

TestSuite(input, .timeout = 600);

#define SHORT "--mode", "quick", "--rounds", "1", "--fix", "sort"

static const char three[] = "{\"id\":1,\"name\":\"a\",\"tags\":[\"x\",\"b\"],\"ts\":5}\n"
                            "{\"id\":2,\"name\":\"b\",\"tags\":[\"y\",\"c\",\"a\"],\"ts\":6}\n"
                            "{\"id\":3,\"name\":\"c\",\"tags\":[\"z\"],\"ts\":7}";

static double number(const cJSON *document, const char *object, const char *name)
{
    const cJSON *item =
        cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(document, object), name);
    cr_assert(cJSON_IsNumber(item), "%s.%s is no number", object, name);
    return item->valuedouble;
}

static void expect_refusal(const char *text, const char *words)
{
    struct scene scene;

    scene_init(&scene, "bin");
    if (text != NULL)
        scene_write(&scene, "records.ndjson", text);
    struct child_result result = scene_compare(&scene, SHORT, "--input", "records.ndjson", NULL);
    scene_expect_failure(&scene, &result, 1, "records.ndjson");
    cr_expect(strstr(result.errors, words) != NULL, "no '%s' in: %s", words, result.errors);
    cr_expect_null(strstr(result.errors, "wall time"), "%s", result.errors);
    child_result_free(&result);
    scene_free(&scene);
}

Test(input, that_is_not_there)
{
    expect_refusal(NULL, "No such file or directory");
}

Test(input, that_is_empty)
{
    expect_refusal("", "there is no record in it");
}

Test(input, of_blank_lines)
{
    expect_refusal("\n  \r\n\t\n\n", "there is no record in it");
}

Test(input, that_is_an_array)
{
    expect_refusal("\n [\n {\"id\":1}]", "jq -c '.[]'");
}

Test(input, that_is_an_array_behind_a_byte_order_mark)
{
    expect_refusal("\xef\xbb\xbf[{\"id\":1}]", "jq -c '.[]'");
}

/* Of nothing but rejected records there is nothing to time, count, or divide by. */
Test(input, of_rejected_records)
{
    expect_refusal("{\"id\":0}\nnonsense\n{\"id\":1,\"name\":\"\"}\n", "no record");
}

Test(input, that_is_a_folder)
{
    struct scene scene;

    scene_init(&scene, "bin");
    struct child_result result = scene_compare(&scene, SHORT, "--input", scene.tools, NULL);
    scene_expect_failure(&scene, &result, 1, scene.tools);
    child_result_free(&result);
    scene_free(&scene);
}

/* It would be read three times, and hold something only once. */
Test(input, that_is_a_pipe)
{
    struct scene scene;
    char path[SCENE_PATH_SIZE];

    scene_init(&scene, "bin");
    scene.guard_s = 60;
    snprintf(path, sizeof path, "%.400s/pipe", scene.folder);
    cr_assert_eq(mkfifo(path, 0666), 0);
    struct child_result result =
        scene_compare_in(&scene, "exec \"$@\" --input pipe <>pipe", SHORT, NULL);
    scene_expect_failure(&scene, &result, 1, "pipe");
    child_result_free(&result);
    scene_free(&scene);
}

/* Compares the file; the document is for cJSON_Delete(). */
static cJSON *compare_file(struct scene *scene, const char *name, const char *text)
{
    scene_init(scene, "bin");
    scene_write(scene, name, text);
    struct child_result result = scene_compare(scene, SHORT, "--input", name, NULL);
    scene_expect(&result, 0, NULL);
    child_result_free(&result);
    cJSON *document = scene_document(scene);
    schema_expect(document);
    schema_expect_sums(document);
    return document;
}

static void expect_counts(const cJSON *document, double accepted, double rejected)
{
    cr_expect_eq(number(document, "input", "accepted"), accepted);
    cr_expect_eq(number(document, "input", "rejected"), rejected);
}

static bool has_warning(const cJSON *document, const char *words)
{
    const cJSON *warning;
    cJSON_ArrayForEach (warning, cJSON_GetObjectItemCaseSensitive(document, "warnings"))
        if (strstr(warning->valuestring, words) != NULL)
            return true;
    return false;
}

Test(input, of_three_records_is_compared_with_a_warning)
{
    struct scene scene;
    cJSON *document = compare_file(&scene, "records.ndjson", three);

    expect_counts(document, 3, 0);
    cr_expect(has_warning(document, "only 3 records"));
    cJSON_Delete(document);
    scene_free(&scene);
}

Test(input, with_carriage_returns_and_blank_lines)
{
    struct scene scene;
    cJSON *document = compare_file(&scene, "records.ndjson",
                                   "{\"id\":1,\"name\":\"a\",\"tags\":[\"x\"],\"ts\":5}\r\n\r\n"
                                   "{\"id\":2,\"name\":\"b\",\"tags\":[\"y\"],\"ts\":6}\r\n"
                                   "not a record\r\n \r\n");

    expect_counts(document, 2, 1);
    cJSON_Delete(document);
    scene_free(&scene);
}

Test(input, whose_name_has_spaces_and_quotes)
{
    static const char name[] = "it's \"mine\" & 100%; $(true) caf\xc3\xa9.ndjson";
    struct scene scene;
    cJSON *document = compare_file(&scene, name, three);

    cr_expect_str_eq(cJSON_GetObjectItemCaseSensitive(
                         cJSON_GetObjectItemCaseSensitive(document, "input"), "source")
                         ->valuestring,
                     name);
    cJSON_Delete(document);
    scene_free(&scene);
}

/* Only the first records of a long file are used, and that is said. */
Test(input, of_a_hundred_thousand_records_is_cut_and_that_is_said)
{
    struct scene scene;

    scene_init(&scene, "bin");
    struct child_result result = scene_compare_in(
        &scene,
        "bin/fastenough-ffff generate 100000 >long.ndjson && exec \"$@\" --input long.ndjson",
        SHORT, NULL);
    scene_expect(&result, 0, NULL);
    cJSON *document = scene_document(&scene);
    cr_expect_eq(number(document, "input", "records"), 3000);
    cr_expect(has_warning(document, "first 3000"), "no warning says that it was cut");
    cJSON_Delete(document);
    child_result_free(&result);
    scene_free(&scene);
}
