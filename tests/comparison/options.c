/* options.c - command lines that make no sense: exit status 2, a word on what was wanted, and no
 * results folder is made. */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

#include "tests/comparison/scene.h"

TestSuite(options, .timeout = 300);

struct bad {
    char option[24], value[40], words[64];
};

ParameterizedTestParameters(options, that_are_refused)
{
    static struct bad bad[] = {
        {"--mode", "slow", "quick, default or full"},
        {"--mode", "", "quick, default or full"},
        {"--fix", "keys", "key, sort, store or workers"},
        {"--fix", "", "key, sort, store or workers"},
        {"--fix", "KEY", "key, sort, store or workers"},
        {"--rounds", "0", "from 1 to 1000"},
        {"--rounds", "1001", "from 1 to 1000"},
        {"--rounds", "-1", "from 1 to 1000"},
        {"--rounds", "3.5", "from 1 to 1000"},
        {"--rounds", "", "from 1 to 1000"},
        {"--rounds", "18446744073709551617", "from 1 to 1000"},
        {"--rounds", " 5", "from 1 to 1000"},
        {"--seed", "-1", "from 0 to 2^53"},
        {"--seed", "0x10", "from 0 to 2^53"},
        {"--seed", "9007199254740993", "from 0 to 2^53"},
        {"--seed", "one", "from 0 to 2^53"},
        {"--input", "", "--input"},
        {"--programs", "", "--programs"},
        {"--speed", "fast", "--speed"},
        {"key", "sort", "key"},
        {"--mode=quick", "extra", "extra"},
        {"--", "--fix", "--fix"},
        {"--fix", "", ""},
    };
    return cr_make_param_array(struct bad, bad, sizeof bad / sizeof *bad);
}

ParameterizedTest(struct bad *bad, options, that_are_refused)
{
    struct scene scene;

    scene_init(&scene, "bin");
    struct child_result result = scene_compare(&scene, bad->option, bad->value, NULL);
    cr_expect_eq(result.exit_status, 2, "%s '%s': %d", bad->option, bad->value, result.exit_status);
    scene_expect_failure(&scene, &result, 2, bad->words);
    child_result_free(&result);
    scene_free(&scene);
}

Test(options, lack_a_value)
{
    struct scene scene;

    scene_init(&scene, "bin");
    struct child_result result = scene_compare(&scene, "--mode", NULL);
    scene_expect_failure(&scene, &result, 2, "--mode");
    child_result_free(&result);
    scene_free(&scene);
}

Test(options, name_a_folder_without_programs)
{
    struct scene scene;

    scene_init(&scene, "bin");
    struct child_result result =
        scene_compare(&scene, "--mode", "quick", "--programs", "nowhere", NULL);
    scene_expect_failure(&scene, &result, 1, "nowhere/fastenough-");
    child_result_free(&result);
    scene_free(&scene);
}
