/*
 * exact.c - what is marked exact is the same number on each run, on a machine that does nothing
 * else and on one that is busy.
 */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/comparison/scene.h"
#include "tests/comparison/schema.h"

TestSuite(exact, .timeout = 900);

enum { BUSY_COUNT = 3, BUSY_S = 300 };

static const cJSON *get(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static cJSON *compare_fix(const struct scene *scene, const char *lesson)
{
    struct child_result result =
        scene_compare(scene, "--mode", "quick", "--rounds", "1", "--fix", lesson, NULL);
    scene_expect(&result, 0, NULL);
    child_result_free(&result);
    cJSON *document = scene_document(scene);
    schema_expect(document);
    schema_expect_sums(document);
    return document;
}

/* Processes that keep the machine busy; each ends by itself if nobody ends it. */
static void start_busy(pid_t pids[BUSY_COUNT])
{
    for (int i = 0; i < BUSY_COUNT; i++) {
        pids[i] = fork();
        cr_assert_geq(pids[i], 0);
        if (pids[i] == 0) {
            volatile unsigned count = 0;
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            alarm(BUSY_S);
            for (;;)
                count++;
        }
    }
}

static void end_busy(const pid_t pids[BUSY_COUNT])
{
    for (int i = 0; i < BUSY_COUNT; i++) {
        kill(pids[i], SIGKILL);
        waitpid(pids[i], NULL, 0);
    }
}

/* Compares the exact metrics of two lists of the same metrics; returns how many there are. */
static unsigned compare_metrics(const cJSON *first, const cJSON *second, const char *where)
{
    const cJSON *a, *b = second->child;
    unsigned count = 0;

    cr_assert_eq(cJSON_GetArraySize(first), cJSON_GetArraySize(second));
    for (a = first->child; a != NULL; a = a->next, b = b->next) {
        if (!cJSON_IsTrue(get(a, "exact")))
            continue;
        const char *name = get(a, "name")->valuestring;
        cr_assert_str_eq(name, get(b, "name")->valuestring);
        cr_expect_eq(get(a, "naive")->valuedouble, get(b, "naive")->valuedouble,
                     "%s, %s of naive: %.17g and %.17g", where, name, get(a, "naive")->valuedouble,
                     get(b, "naive")->valuedouble);
        cr_expect_eq(get(a, "fixed")->valuedouble, get(b, "fixed")->valuedouble,
                     "%s, %s of fixed: %.17g and %.17g", where, name, get(a, "fixed")->valuedouble,
                     get(b, "fixed")->valuedouble);
        count++;
    }
    return count;
}

static unsigned compare_builds(const cJSON *first, const cJSON *second)
{
    const cJSON *known, *a, *b;
    unsigned count = 0;

    cJSON_ArrayForEach (known, get(first, "build_metrics")) {
        if (!cJSON_IsTrue(get(known, "exact")))
            continue;
        const char *name = get(known, "name")->valuestring;
        for (a = get(first, "builds")->child, b = get(second, "builds")->child; a != NULL;
             a = a->next, b = b->next) {
            double one = get(get(a, "metrics"), name)->valuedouble;
            double other = get(get(b, "metrics"), name)->valuedouble;
            cr_expect_eq(one, other, "%s of %s: %.17g and %.17g", name, get(a, "code")->valuestring,
                         one, other);
            count++;
        }
    }
    return count;
}

/* Two runs, of which the second has company. */
static void expect_same(const char *lesson)
{
    struct scene scenes[2];
    pid_t busy[BUSY_COUNT];

    scene_init(&scenes[0], "bin");
    scene_init(&scenes[1], "bin");
    cJSON *first = compare_fix(&scenes[0], lesson);
    start_busy(busy);
    cJSON *second = compare_fix(&scenes[1], lesson);
    end_busy(busy);
    const cJSON *chapters[2] = {get(first, "lessons")->child, get(second, "lessons")->child};
    unsigned count =
        compare_metrics(get(chapters[0], "metrics"), get(chapters[1], "metrics"), lesson);
    count += compare_metrics(get(get(first, "whole"), "metrics"),
                             get(get(second, "whole"), "metrics"), "the whole");
    count += compare_builds(first, second);
    cr_expect_gt(count, 10, "only %u counts are exact", count);
    cJSON_Delete(first);
    cJSON_Delete(second);
    scene_free(&scenes[0]);
    scene_free(&scenes[1]);
}

Test(exact, counts_of_key_repeat)
{
    expect_same("key");
}

Test(exact, counts_of_sort_repeat)
{
    expect_same("sort");
}

Test(exact, counts_of_store_repeat)
{
    expect_same("store");
}
