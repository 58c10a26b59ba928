/*
 * interruption.c - Ctrl-C and its like, at moments that are chosen and not hit by chance: exit
 * status 130, no process left, `latest` what it was.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/comparison/scene.h"

TestSuite(interruption, .timeout = 600);

#define MEDDLE_LIBRARY "LD_PRELOAD=" BUILD_FOLDER "/tests/meddle.so"

/* A script that interrupts compare, its parent, and then does not end by itself. */
static const char at_once[] = "kill -INT $PPID\nexec sleep 1000";

static void expect_interruption(const char *name, const char *script)
{
    struct scene scene;

    scene_init(&scene, "bin");
    scene_script(&scene, name, script);
    struct child_result result = scene_compare(&scene, "--mode", "quick", "--fix", "key", NULL);
    scene_expect_failure(&scene, &result, 130, "interrupted; nothing was kept");
    cr_expect_str_empty(result.output);
    child_result_free(&result);
    scene_free(&scene);
}

Test(interruption, while_records_are_generated)
{
    expect_interruption("bin/fastenough-ffff", at_once);
}

Test(interruption, while_the_machine_is_described)
{
    expect_interruption("tools/valgrind", at_once);
}

Test(interruption, during_the_proof)
{
    expect_interruption("bin/fastenough-fnnn", at_once);
}

Test(interruption, during_the_rounds)
{
    /* the proof comes first, and then this build's third run */
    expect_interruption("bin/fastenough-fnnn",
                        "echo >>\"$SCENE/runs\"\n"
                        "[ $(wc -l <\"$SCENE/runs\") -lt 4 ] && exec \"$REAL\" \"$@\"\n"
                        "kill -TERM $PPID\nexec sleep 1000");
}

Test(interruption, by_a_terminal_that_is_closed)
{
    expect_interruption("bin/fastenough-nfff", "kill -HUP $PPID\nexec sleep 1000");
}

Test(interruption, while_several_valgrinds_run)
{
    /* the first waits for the second, so that there are two; both have children of their own */
    expect_interruption("tools/valgrind",
                        "case \"$1\" in --version) exec \"$REAL\" \"$@\";; esac\n"
                        "echo >>\"$SCENE/runs\"\n"
                        "sleep 1000 \"$SCENE\" & \n"
                        "while [ $(nproc) -gt 1 ] && [ $(wc -l <\"$SCENE/runs\") -lt 2 ]; do\n"
                        "    sleep 0.05; done\n"
                        "kill -INT $PPID\nwait");
}

Test(interruption, of_children_that_do_not_listen)
{
    expect_interruption("tools/valgrind", "case \"$1\" in --version) exec \"$REAL\" \"$@\";; esac\n"
                                          "trap '' INT TERM HUP\n"
                                          "kill -INT $PPID\nwhile :; do sleep 1; done");
}

Test(interruption, twice)
{
    expect_interruption("bin/fastenough-fnnn", "trap '' TERM\nkill -INT $PPID\nkill -INT $PPID\n"
                                               "sleep 0.2\nkill -TERM $PPID\nexec sleep 1000");
}

/* Raises the signal in compare itself, at the end, while the results are written. */
static void expect_interruption_at(const char *moment)
{
    struct scene scene;

    scene_init(&scene, "bin");
    scene.variables[0] = MEDDLE_LIBRARY;
    scene.variables[1] = moment;
    struct child_result result =
        scene_compare(&scene, "--mode", "quick", "--rounds", "1", "--fix", "sort", NULL);
    scene_expect_failure(&scene, &result, 130, "interrupted; nothing was kept");
    child_result_free(&result);
    scene_free(&scene);
}

Test(interruption, while_compare_json_is_written)
{
    expect_interruption_at("MEDDLE=rename:/compare.json:2");
}

Test(interruption, while_the_page_is_rendered)
{
    expect_interruption_at("MEDDLE=rename:/index.html:15");
}

/* From here on there is a result: what is said must be true of it, one way or the other. */
static void expect_truth_at(const char *moment)
{
    struct scene scene;

    scene_init(&scene, "bin");
    scene.variables[0] = MEDDLE_LIBRARY;
    scene.variables[1] = moment;
    struct child_result result =
        scene_compare(&scene, "--mode", "quick", "--rounds", "1", "--fix", "sort", NULL);
    scene_expect_no_process(&scene);
    if (strstr(result.errors, "nothing was kept") != NULL) {
        scene_expect_failure(&scene, &result, 130, "interrupted");
    } else {
        cJSON *document = scene_document(&scene);
        cr_expect_not_null(document);
        cJSON_Delete(document);
        cr_expect(result.exit_status == 0 || strstr(result.errors, "interrupted") != NULL, "%s",
                  result.errors);
    }
    child_result_free(&result);
    scene_free(&scene);
}

Test(interruption, while_the_result_gets_its_name)
{
    expect_truth_at("MEDDLE=rename:Z:2");
}

Test(interruption, just_before_latest_is_set)
{
    expect_truth_at("MEDDLE=rename:/latest:2");
}

Test(interruption, just_after_latest_is_set)
{
    expect_truth_at("MEDDLE=after:/latest:2");
}
