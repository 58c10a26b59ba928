/*
 * tools.c - Valgrind that is missing, fails, is killed, or writes what no reader can read: a clear
 * message, and nothing is kept.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/comparison/scene.h"

TestSuite(tools, .timeout = 600);

/* Lets the question for the version through, and does something else for the rest. */
#define INSTEAD(script) "case \"$1\" in --version) exec \"$REAL\" \"$@\";; esac\n" script
/* The file that the tool was to write. */
#define FIND_FILE                                                                                  \
    "for o in \"$@\"; do case \"$o\" in --*-out-file=*|--log-file=*|--xml-file=*) "                \
    "file=${o#*=};; esac; done\n"

static void expect_failure(const char *script, const char *words)
{
    struct scene scene;

    scene_init(&scene, "bin");
    scene_script(&scene, "tools/valgrind", script);
    struct child_result result =
        scene_compare(&scene, "--mode", "quick", "--rounds", "1", "--fix", "key", NULL);
    scene_expect_failure(&scene, &result, 1, words);
    cr_expect_str_empty(result.output);
    child_result_free(&result);
    scene_free(&scene);
}

Test(tools, valgrind_missing_is_said_before_anything_is_timed)
{
    struct scene scene;

    scene_init(&scene, "bin");
    snprintf(scene.path, sizeof scene.path, "PATH=%s", scene.tools);
    struct child_result result =
        scene_compare(&scene, "--mode", "quick", "--rounds", "1", "--fix", "key", NULL);
    scene_expect_failure(&scene, &result, 1, "apt-get install valgrind");
    cr_expect_null(strstr(result.errors, "wall time"), "%s", result.errors);
    child_result_free(&result);
    scene_free(&scene);
}

Test(tools, valgrind_that_fails)
{
    expect_failure(INSTEAD("echo 'valgrind: the emulator has no such instruction' >&2; exit 3"),
                   "ended with exit status 3: valgrind: the emulator has no such instruction");
}

Test(tools, valgrind_that_is_killed)
{
    expect_failure(INSTEAD("kill -KILL $$"), "killed by signal 9");
}

Test(tools, valgrind_that_is_killed_in_its_second_run)
{
    expect_failure(INSTEAD("if mkdir \"$SCENE/first\" 2>/dev/null; then exec \"$REAL\" \"$@\"; fi\n"
                           "kill -SEGV $$"),
                   "killed by signal 11");
}

Test(tools, valgrind_that_writes_garbage)
{
    expect_failure(INSTEAD(FIND_FILE "head -c 5000 /dev/urandom >\"$file\""),
                   "callgrind's output cannot be read: ");
}

Test(tools, valgrind_that_writes_nothing)
{
    expect_failure(INSTEAD(FIND_FILE ": >\"$file\""), "callgrind's output cannot be read: ");
}

Test(tools, valgrind_that_makes_no_file)
{
    expect_failure(INSTEAD("exit 0"), "callgrind's output cannot be read: ");
}

Test(tools, valgrind_whose_output_is_cut)
{
    expect_failure(INSTEAD(FIND_FILE "\"$REAL\" \"$@\" || exit\n"
                                     "size=$(wc -c <\"$file\")\n"
                                     "truncate -s $((size / 2)) \"$file\""),
                   "callgrind's output cannot be read: ");
}

Test(tools, dhat_that_writes_something_else)
{
    expect_failure(INSTEAD(FIND_FILE "\"$REAL\" \"$@\" || exit\n"
                                     "case \"$1\" in --tool=dhat) echo '{}' >\"$file\";; esac"),
                   "DHAT's output cannot be read: ");
}

Test(tools, valgrind_that_never_says_its_version)
{
    struct scene scene;

    scene_init(&scene, "bin");
    scene.guard_s = 120;
    scene_script(&scene, "tools/valgrind", "exec sleep 1000");
    struct child_result result =
        scene_compare(&scene, "--mode", "quick", "--rounds", "1", "--fix", "key", NULL);
    scene_expect_failure(&scene, &result, 1, "valgrind");
    child_result_free(&result);
    scene_free(&scene);
}

/* The programs are no better than the tools. */
Test(tools, a_program_that_prints_something_else)
{
    struct scene scene;

    scene_init(&scene, "bin");
    scene_script(&scene, "bin/fastenough-nfff", "echo '{\"variant\":\"nfff\"'");
    struct child_result result =
        scene_compare(&scene, "--mode", "quick", "--rounds", "1", "--fix", "key", NULL);
    scene_expect_failure(&scene, &result, 1, "fastenough-nfff");
    child_result_free(&result);
    scene_free(&scene);
}
