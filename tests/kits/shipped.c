/*
 * shipped.c - the kits in bench/kits/, and one that was just made: both sides say the same, and
 * what each is there to show shows, by its own tool, where it is there to show nothing, nothing
 * does.
 */
#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/classroom/kits/counting.h"
#include "common/clock.h"
#include "fixture.h"

/*
 * A metric, and between which bounds naive / fixed is; with `command`, which does less. Not the
 * system calls of threads: whether one has to wait for another is luck.
 */
static const struct shown {
    const char *kit, *command, *metric, *tool;
    double low, high;
} shown[] = {
    {"false-sharing", "{program} 1", "own:lines_shared", "the program", 1e9, INFINITY},
    {"false-sharing", "{program} 1", "instructions", "callgrind", 0.99, 1.01},
    {"false-sharing", "{program} 1", "d1_misses", "callgrind, simulated", 0.95, 1.05},
    {"layout", "{program} 20000 20", "d1_misses", "callgrind, simulated", 4, INFINITY},
    {"layout", "{program} 20000 20", "instructions", "callgrind", 0.9, 1.1},
    {"unbuffered", "{program} 2000", "system_calls", "strace", 20, INFINITY},
    {"unbuffered", "{program} 2000", "instructions", "callgrind", 0.9, 1.25},
    {"unbuffered", "{program} 2000", "d1_misses", "callgrind, simulated", 0.7, 1.3},
    {"branches", "{program} 10000 20", "branch_misses", "callgrind, simulated", 10, INFINITY},
    {"branches", "{program} 10000 20", "instructions", "callgrind", 0.8, 1.05},
    {"template", "{program} 1000", "heap_blocks", "DHAT", 50, INFINITY},
};

static void read_kit(struct kit *kit, const char *name)
{
    char folder[512], error[KIT_ERROR_SIZE];

    snprintf(folder, sizeof folder, "%s/bench/kits/%s", PROJECT_FOLDER, name);
    cr_assert_eq(kit_read(kit, folder, error), 0, "%s", error);
}

Test(shipped_kits, show_what_they_are_there_for_and_nothing_else)
{
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        struct kit kit;
        struct kit_bench bench;
        char error[KIT_ERROR_SIZE];
        double naive[KIT_GRADED], fixed[KIT_GRADED];

        read_kit(&kit, shown[i].kit);
        kit.command = shown[i].command;
        kit.graded_count = 1;
        kit.graded[0] =
            (struct kit_named_metric){shown[i].metric, {shown[i].metric, shown[i].tool, true}};
        cr_assert_eq(kit_bench_open(&bench, &kit, 10, error), 0, "%s", error);
        cr_expect_eq(kit_count(&bench, "naive", naive, error), 0, "%s: %s", kit.name, error);
        cr_expect_eq(kit_count(&bench, "fixed", fixed, error), 0, "%s: %s", kit.name, error);
        double ratio = fixed[0] > 0 ? naive[0] / fixed[0] : naive[0] > 0 ? INFINITY : 1;
        cr_log_info("%s: %s %.0f naive, %.0f fixed", kit.name, shown[i].metric, naive[0], fixed[0]);
        cr_expect(ratio >= shown[i].low && ratio <= shown[i].high,
                  "%s: %s is %.0f in naive and %.0f in fixed", kit.name, shown[i].metric, naive[0],
                  fixed[0]);
        kit_bench_close(&bench);
        kit_free(&kit);
    }
}

/* As it is run, natively. What time it took is shown and no more: others may be at work. */
static void run_side(const struct kit *kit, const char *side, char *output, size_t size)
{
    char program[KIT_PATH_SIZE], command[KIT_COMMAND_SIZE], error[KIT_ERROR_SIZE];

    cr_assert_eq(kit_program(kit, BUILD_FOLDER "/tests/kits-built", side, program, error), 0, "%s",
                 error);
    cr_assert_eq(kit_build(kit, side, program, NULL, error), 0, "%s", error);
    cr_assert_eq(kit_command(kit, side, program, command), 0);
    uint64_t start_ns = clock_ns();
    cr_expect_eq(kit_fixture_shell(output, size, "cd '%s' && %s | md5sum", kit->folder, command), 0,
                 "%s: %s", command, output);
    cr_log_info("%s of %s: %.0f ms", side, kit->name, (double)(clock_ns() - start_ns) / 1e6);
}

Test(shipped_kits, say_the_same_on_both_sides)
{
    static const char *const names[] = {"false-sharing", "layout", "unbuffered", "branches",
                                        "template"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct kit kit;
        char naive[256], fixed[256];
        read_kit(&kit, names[i]);
        run_side(&kit, "naive", naive, sizeof naive);
        run_side(&kit, "fixed", fixed, sizeof fixed);
        cr_expect_str_eq(naive, fixed, "%s", kit.name);
        kit_free(&kit);
    }
}

Test(shipped_kits, are_all_that_there_are)
{
    char output[512];

    kit_fixture_shell(output, sizeof output, "ls '%s/bench/kits' | xargs", PROJECT_FOLDER);
    cr_expect_str_eq(output, "README.md branches false-sharing layout template unbuffered\n");
}

/* make kit, exercise and grade, from nothing. */
Test(made_kit, runs_at_once_and_grades)
{
    struct kit_fixture fixture;
    char output[8192];

    kit_fixture_init(&fixture);
#define MAKE(...)                                                                                  \
    kit_fixture_shell(output, sizeof output, "cd '" PROJECT_FOLDER "' && " __VA_ARGS__)
    cr_assert_eq(MAKE("make -s kit DIR='%s/my kit'", fixture.folder), 0, "%s", output);
    cr_expect_not_null(strstr(output, "make compare KIT="), "%s", output);
    cr_expect_neq(MAKE("make -s kit DIR='%s/my kit'", fixture.folder), 0);
    cr_expect_not_null(strstr(output, "there already"), "%s", output);
    cr_assert_eq(MAKE("sed -i 's/100000/1000/' '%s/my kit/kit.json'", fixture.folder), 0);
    cr_assert_eq(MAKE("make -s exercise BUILD=" BUILD_NAME " KIT='%s/my kit' DIR='%s/hw'",
                      fixture.folder, fixture.folder),
                 0, "%s", output);
    cr_expect_eq(MAKE("cd '%s/hw' && grep -q heap_blocks README.md && ls | xargs", fixture.folder),
                 0);
    cr_expect_str_eq(output, "README.md main.c numbers.c numbers.h\n");
    cr_expect_eq(MAKE("make -s grade BUILD=" BUILD_NAME " KIT='%s/my kit' STUDENT='%s/hw'",
                      fixture.folder, fixture.folder),
                 0, "%s", output);
    cr_expect_not_null(strstr(output, "hw: 0.0 of 100"), "%s", output);
    cr_expect_eq(MAKE("make -s compare BUILD=" BUILD_NAME " KIT='%s/my kit' QUICK=1 BUDGET=10s "
                      "RESULTS='%s/results'",
                      fixture.folder, fixture.folder),
                 0, "%s", output);
    cr_expect_not_null(strstr(output, "a list where an array would do"), "%s", output);
    kit_fixture_free(&fixture);
}
