/*
 * beside.c - somebody's own files as a third column, and guesses, from end to end: the files are
 * those of naive/, so that nothing was fixed, and the column must say so beside what fixed/ gains.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/comparison/scene.h"

TestSuite(beside, .timeout = 600);

static const char guesses[] =
    "{\"schema\": \"fastenough-guesses\", \"schema_version\": 1, "
    "\"committed\": \"2026-01-31T12:00:00Z\", "
    "\"guesses\": [{\"fix\": \"key\", \"metric\": \"allocations\", \"ratio\": 1000}]}";

static const cJSON *get(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static const cJSON *metric_of(const cJSON *document, const char *name)
{
    const cJSON *metric, *lesson = cJSON_GetArrayItem(get(document, "lessons"), 0);

    cJSON_ArrayForEach (metric, get(lesson, "metrics"))
        if (strcmp(cJSON_GetStringValue(get(metric, "name")), name) == 0)
            return metric;
    cr_assert_fail("no %s", name);
    return NULL;
}

Test(beside, yours_and_guesses_stand_in_all_that_is_written)
{
    static const char *const files[] = {"compare.txt", "compare.md"};
    char path[SCENE_PATH_SIZE], guess_path[SCENE_PATH_SIZE + 16], text[1 << 16];
    struct scene naive, scene;

    scene_init(&naive, "tests/same/bin");
    struct child_result result =
        scene_compare(&naive, "--mode", "quick", "--fix", "key", "--seed", "7", NULL);
    scene_expect(&result, 0, "The report: ", NULL);
    child_result_free(&result);
    scene_init(&scene, "bin");
    scene_write(&scene, "guesses.json", guesses);
    snprintf(guess_path, sizeof guess_path, "%s/guesses.json", scene.folder);

    /* of other records: refused, and nothing is left */
    scene_result_path(&naive, "compare.json", path);
    result = scene_compare(&scene, "--mode", "quick", "--fix", "key", "--yours", path, NULL);
    scene_expect_failure(&scene, &result, 1, "over another input");
    child_result_free(&result);

    result = scene_compare(&scene, "--mode", "quick", "--fix", "key", "--seed", "7", "--yours",
                           path, "--student", "/home/ada/hw", "--guesses", guess_path, NULL);
    scene_expect(&result, 0, "The report: ", NULL);
    child_result_free(&result);
    cJSON *document = scene_document(&scene);
    const cJSON *metric = metric_of(document, "allocations"), *yours = get(metric, "yours");
    cr_assert_not_null(yours);
    cr_expect_eq(get(yours, "value")->valuedouble, get(metric, "naive")->valuedouble);
    cr_expect_eq(get(yours, "ratio")->valuedouble, 1);
    cr_expect_str_eq(cJSON_GetStringValue(get(yours, "verdict")), "no difference");
    cr_expect_str_eq(cJSON_GetStringValue(get(metric, "verdict")), "better");
    cJSON_Delete(document);
    for (unsigned i = 0; i < sizeof files / sizeof *files; i++) {
        FILE *file = fopen(scene_result_path(&scene, files[i], path), "r");
        cr_assert_not_null(file);
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        fclose(file);
        cr_expect_not_null(strstr(text, "/home/ada/hw"), "%s", files[i]);
        cr_expect_not_null(strstr(text, "Your guesses"), "%s", files[i]);
        cr_expect_not_null(strstr(text, "naive/yours"), "%s", files[i]);
    }
    scene_free(&scene);
    scene_free(&naive);
}

Test(beside, what_cannot_be_read_is_said_before_anything_is_measured)
{
    struct scene scene;

    scene_init(&scene, "bin");
    scene_write(&scene, "broken.json", "{\"schema\": \"fastenough-guesses\"");
    char path[SCENE_PATH_SIZE + 16];
    snprintf(path, sizeof path, "%s/broken.json", scene.folder);
    struct child_result result = scene_compare(&scene, "--guesses", path, NULL);
    scene_expect_failure(&scene, &result, 2, "--guesses: ");
    child_result_free(&result);
    result = scene_compare(&scene, "--yours", "/nowhere", NULL);
    scene_expect_failure(&scene, &result, 2, "--yours: /nowhere");
    child_result_free(&result);
    scene_free(&scene);
}
