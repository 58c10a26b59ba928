/*
 * verdicts.c - whole comparisons of trees of which the answer is known: naive against a copy of
 * itself, and the two trees in each other's place.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "tests/comparison/scene.h"
#include "tests/comparison/schema.h"

TestSuite(verdicts, .timeout = 900);

static const cJSON *get(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

/* Compares a tree whole; the document is for cJSON_Delete(). */
static cJSON *compare_tree(struct scene *scene, const char *tree)
{
    scene_init(scene, tree);
    struct child_result result = scene_compare(scene, "--mode", "quick", NULL);
    scene_expect(&result, 0, "The report: ", NULL);
    scene_expect_no_process(scene);
    child_result_free(&result);
    return scene_document(scene);
}

static void expect_verdicts(const cJSON *document, const char *verdict)
{
    const cJSON *lessons = get(document, "lessons"), *lesson;

    cr_expect_eq(cJSON_GetArraySize(lessons), 4);
    cJSON_ArrayForEach (lesson, lessons)
        cr_expect_str_eq(cJSON_GetStringValue(get(lesson, "verdict")), verdict, "%s",
                         cJSON_GetStringValue(get(lesson, "id")));
}

Test(verdicts, naive_in_the_place_of_fixed_is_no_difference)
{
    struct scene scene;
    cJSON *document = compare_tree(&scene, "tests/same/bin");
    const cJSON *lesson, *metric, *share;

    expect_verdicts(document, "no difference");
    cJSON_ArrayForEach (lesson, get(document, "lessons"))
        cJSON_ArrayForEach (metric, get(lesson, "metrics"))
            if (cJSON_IsTrue(get(metric, "exact")))
                cr_expect_eq(get(metric, "naive")->valuedouble, get(metric, "fixed")->valuedouble,
                             "%s", cJSON_GetStringValue(get(metric, "name")));
    cJSON_ArrayForEach (metric, get(document, "attribution"))
        if (strcmp(cJSON_GetStringValue(get(metric, "metric")), "instructions") == 0)
            cJSON_ArrayForEach (share, get(metric, "shares"))
                cr_expect(fabs(share->valuedouble) < 1e-6, "%s has %g instructions", share->string,
                          share->valuedouble);
    schema_expect(document);
    schema_expect_sums(document);
    cJSON_Delete(document);
    scene_free(&scene);
}

Test(verdicts, the_trees_swapped_are_worse)
{
    struct scene scene;
    cJSON *document = compare_tree(&scene, "tests/swapped/bin");

    expect_verdicts(document, "worse");
    schema_expect(document);
    schema_expect_sums(document);
    cJSON_Delete(document);
    scene_free(&scene);
}
