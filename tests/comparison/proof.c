/*
 * proof.c - a fix that computes something else stops the comparison before anything is timed, with
 * the file named, and the record where there is one to name. Each tree is right but for one file of
 * tests/comparison/wrong.
 */
#include "tests/comparison/scene.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(proof, .timeout = 600);

/* Compares the wrong tree; `file` is the one at fault and `words` what is to be said beside it. */
static void expect_stop(const char *tree, const char *lesson, const char *file, const char *words)
{
    struct scene scene;

    scene_init(&scene, tree);
    struct child_result result =
        scene_compare(&scene, "--mode", "quick", "--rounds", "1", "--fix", lesson, NULL);
    scene_expect_failure(&scene, &result, 1, file);
    cr_expect(strstr(result.errors, words) != NULL, "no '%s' in: %s", words, result.errors);
    cr_expect_null(strstr(result.errors, "wall time"), "something was timed");
    cr_expect_str_empty(result.output);
    child_result_free(&result);
    scene_free(&scene);
}

Test(proof, names_the_record_whose_key_is_wrong)
{
    expect_stop("tests/wrong/key_separator/bin", "key", "fixed/key.c", "line 123 of the input");
}

Test(proof, names_the_record_whose_tags_are_not_sorted)
{
    expect_stop("tests/wrong/sort_prefix/bin", "sort", "fixed/sort.c", "record  line ");
}

Test(proof, names_the_record_whose_score_is_wrong)
{
    expect_stop("tests/wrong/sort_score/bin", "sort", "fixed/sort.c", "record  line ");
}

Test(proof, names_the_record_that_the_workers_lost)
{
    expect_stop("tests/wrong/workers_skip/bin", "workers", "fixed/workers.c",
                "line 17 of the input");
}

Test(proof, names_the_build_where_only_a_combination_is_wrong)
{
    expect_stop("tests/wrong/key_combination/bin", "key", "ffff", "line 200 of the input");
}

Test(proof, names_the_record_that_a_build_crashes_on)
{
    expect_stop("tests/wrong/key_crash/bin", "key", "fixed/key.c", "line 701 of the input");
}

Test(proof, names_the_record_that_a_key_refuses)
{
    expect_stop("tests/wrong/key_refuses/bin", "key", "fixed/key.c", "line 321 of the input");
}

Test(proof, names_the_record_that_a_store_refuses)
{
    expect_stop("tests/wrong/store_refuses/bin", "store", "fixed/store.c",
                "line 1234 of the input");
}

Test(proof, names_the_file_that_hangs)
{
    expect_stop("tests/wrong/workers_hang/bin", "workers", "fixed/workers.c", "longer than");
}

Test(proof, looks_for_the_rows_in_the_database)
{
    expect_stop("tests/wrong/store_forgets/bin", "store", "fixed/store.c", "row");
}

/*
 * What shows only in a run that is timed stops the comparison all the same. The rounds' order is
 * random, so that the build that is named may be any that has the file.
 */
static void expect_stop_later(const char *tree, const char *lesson, const char *words)
{
    struct scene scene;

    scene_init(&scene, tree);
    struct child_result result =
        scene_compare(&scene, "--mode", "quick", "--rounds", "1", "--fix", lesson, NULL);
    scene_expect_failure(&scene, &result, 1, words);
    child_result_free(&result);
    scene_free(&scene);
}

Test(proof, holds_for_the_requests_of_the_timed_runs)
{
    expect_stop_later("tests/wrong/workers_skip_small/bin", "workers",
                      "does not compute in this run what the proof found");
}

Test(proof, holds_for_the_waits_of_the_timed_runs)
{
    expect_stop_later("tests/wrong/store_hasty/bin", "store", "waited for the database 0 times");
}

/* Which is not the same on each run: the second run of this build, and each one later, is wrong. */
Test(proof, holds_for_each_single_run)
{
    struct scene scene;

    scene_init(&scene, "bin");
    scene_script(&scene, "bin/fastenough-fnnn",
                 "WRONG='" BUILD_FOLDER "/tests/wrong/key_separator/bin/fastenough-fnnn'\n"
                 "if mkdir \"$SCENE/first\" 2>/dev/null; then exec \"$REAL\" \"$@\"; fi\n"
                 "exec \"$WRONG\" \"$@\"");
    struct child_result result =
        scene_compare(&scene, "--mode", "quick", "--rounds", "1", "--fix", "key", NULL);
    scene_expect_failure(&scene, &result, 1, "fastenough-fnnn");
    child_result_free(&result);
    scene_free(&scene);
}

/* The other way round: what cannot be found again must not be blamed on some record. */
Test(proof, blames_no_record_for_what_it_cannot_repeat)
{
    struct scene scene;

    scene_init(&scene, "bin");
    scene_script(&scene, "bin/fastenough-fnnn",
                 "WRONG='" BUILD_FOLDER "/tests/wrong/key_separator/bin/fastenough-fnnn'\n"
                 "if mkdir \"$SCENE/first\" 2>/dev/null; then exec \"$WRONG\" \"$@\"; fi\n"
                 "exec \"$REAL\" \"$@\"");
    struct child_result result =
        scene_compare(&scene, "--mode", "quick", "--rounds", "1", "--fix", "key", NULL);
    scene_expect_failure(&scene, &result, 1, "fixed/key.c");
    cr_expect_null(strstr(result.errors, "record  line"), "%s", result.errors);
    child_result_free(&result);
    scene_free(&scene);
}

/* A program under another one's name, left over from an older build, say. */
Test(proof, does_not_take_one_build_for_another)
{
    struct scene scene;

    scene_init(&scene, "bin");
    scene_script(&scene, "bin/fastenough-fnnn", "exec \"${REAL%-fnnn}-nnnn\" \"$@\"");
    struct child_result result =
        scene_compare(&scene, "--mode", "quick", "--rounds", "1", "--fix", "key", NULL);
    scene_expect_failure(&scene, &result, 1, "fastenough-fnnn");
    child_result_free(&result);
    scene_free(&scene);
}

Test(proof, needs_each_of_the_builds)
{
    struct scene scene;

    scene_init(&scene, "bin");
    scene_remove(&scene, "bin/fastenough-nfff");
    struct child_result result =
        scene_compare(&scene, "--mode", "quick", "--rounds", "1", "--fix", "key", NULL);
    scene_expect_failure(&scene, &result, 1, "fastenough-nfff");
    child_result_free(&result);
    scene_free(&scene);
}
