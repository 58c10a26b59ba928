/* names.c - any name in any variable of make reaches the program that it is for, as it is. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/open/shell.h"

#define AWKWARD "-O'Brien  \"$HOME\" $(x) \\ #1, (a;b)&c|*?[d]~`e`!%:"

/* a command that goes on in the next line is one */
#define JOIN_LINES "sed -e ':again' -e '/\\\\$/N; s/\\\\\\n//; tagain' | "

/*
 * What make would run is run, with the program's name replaced by one that prints its environment
 * and its words. Each variable has the awkward name and its own behind it.
 */
static void expect_names(const char *target, const char *program, const char *variables)
{
    struct shell shell = {0};
    char name[32], wanted[128];
    int used;

    cr_assert_eq(setenv("AWKWARD", AWKWARD, 1), 0);
    shell_run(&shell,
              "set -- ; for name in %s; do set -- \"$@\" \"$name=$AWKWARD$name\"; done; "
              "make -n -s --no-print-directory MAKE=: %s \"$@\" | " JOIN_LINES
              "grep '%s' | tail -n 1 | "
              "sed \"s|[^ ]*%s|sh -c 'env; printf \\\"%%s\\\\n\\\" \\\"\\$@\\\"' -|\" | sh",
              variables, target, program, program);
    for (const char *at = variables; sscanf(at, "%31s%n", name, &used) == 1; at += used) {
        snprintf(wanted, sizeof wanted, "%s%s", AWKWARD, name);
        cr_expect_not_null(strstr(shell.text, wanted), "make %s %s=: %s", target, name, shell.text);
    }
    shell_free(&shell);
}

Test(names, reach_the_programs_as_they_are)
{
    expect_names("compare", "bin/compare", "INPUT BASE RESULTS FIX SEED ROUNDS");
    expect_names("compare", "bin/noise", "NOISE");
    expect_names("exercise", "exercise.sh", "DIR");
    expect_names("grade", "bin/grade", "STUDENT INPUT GRADES SEED JOBS");
    expect_names("compare", "yours.sh", "STUDENT");
    expect_names("predict", "bin/predict", "GUESS RESULTS");
    expect_names("gate", "bin/gate", "BASE LIMIT NOW RESULTS");
    expect_names("load", "bin/load", "ROUNDS SECONDS SOAK SEED RESULTS");
    expect_names("session", "session.sh", "STEP SECONDS RESULTS");
    expect_names("annotate FIX=key", "bin/annotate", "RESULTS");
    expect_names("kcachegrind", "kcachegrind.sh", "RESULTS FIX");
    expect_names("bundle", "bundle.sh", "RESULTS");
    expect_names("page", "bin/page", "RESULTS");
    expect_names("test-harness", "run.sh", "FILTER");
    expect_names("notebooks NOTEBOOK=1_key", "/usr/bin/python3", "RESULTS");
}

/* Through a make within make, too: a student's files are measured first, into a folder below
 * RESULTS. */
Test(names, are_handed_on_whole)
{
    struct shell shell = {0};

    cr_assert_eq(setenv("AWKWARD", AWKWARD, 1), 0);
    shell_run(&shell,
              "folder=$(mktemp -d); bench/classroom/yours.sh fixed \"$folder/yours/fixed\" key "
              "sort store workers; "
              "make -n -s --no-print-directory yours BUILD=\"$folder\" STUDENT=fixed "
              "\"RESULTS=$AWKWARD\" | " JOIN_LINES
              "grep -A 1 'compare STUDENT= ' | sed 's|^make|make -n|; s|>/dev/null||' | sh | "
              "grep 'bin/compare --' | tail -n 1 | sed \"s|[^ ]*bin/compare|printf '%%s\\n'|\" | "
              "sh; rm -r \"$folder\"");
    cr_expect_not_null(strstr(shell.text, "\n" AWKWARD "/yours\n"), "%s", shell.text);
    shell_free(&shell);
}

Test(names, of_folders_that_make_builds_in_are_refused_where_it_cannot)
{
    static const char *const bad[] = {"BUILD='a b'", "BUILD='a$b'", "FIXED=\"O'Brien\"",
                                      "NAIVE='a#b'"};
    struct shell shell = {0};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        shell_run(&shell, "make help %s", bad[i]);
        cr_expect_neq(shell.status, 0);
        cr_expect_not_null(strstr(shell.text, "needs a name without spaces"), "%s", shell.text);
    }
    shell_free(&shell);
}

Test(names, of_folders_of_students_may_be_any)
{
    struct shell shell = {0};

    cr_assert_eq(setenv("AWKWARD", AWKWARD, 1), 0);
    shell_run(
        &shell,
        "folder=$(mktemp -d) && make -s exercise DIR=\"$folder/$AWKWARD\" && cd \"$folder\" && "
        "\"$OLDPWD/bench/classroom/yours.sh\" \"$AWKWARD\" \"$folder/copies\" key sort store "
        "workers && "
        "cmp -- \"$AWKWARD/key.c\" copies/key.c && rm -r \"$folder\" && echo done");
    cr_expect_eq(shell.status, 0, "%s", shell.text);
    cr_expect_not_null(strstr(shell.text, "\ndone\n"), "%s", shell.text);
    shell_free(&shell);
}

/* The compiler's warnings are the student's business, whatever WERROR= is for the workbench. */
Test(student, has_a_homework_with_warnings_compared_too)
{
    struct shell shell = {0};

    shell_run(&shell,
              "export WERROR=1; folder=$(mktemp -d); trap 'rm -r \"$folder\"' EXIT; "
              "mkdir $folder/hw && cp naive/*.c $folder/hw && "
              "echo 'static int unused(int x) { int y; return 3; }' >>$folder/hw/key.c; "
              "bench/classroom/yours.sh $folder/hw $folder/yours/fixed key sort store workers; "
              "object=$folder/yours/fixed/key.o; "
              "make -n -s --no-print-directory yours BUILD=$folder STUDENT=$folder/hw | "
              "grep -A 1 'compare STUDENT= ' | "
              "sed \"s| compare STUDENT=| $object STUDENT=|; s|>/dev/null||\" | sh; "
              "test -s $object && echo built; rm -f $object; "
              "make -s $object BUILD=$folder/yours FIXED=$folder/yours/fixed || echo refused");
    cr_expect_not_null(strstr(shell.text, "\nbuilt\n"), "%s", shell.text);
    cr_expect_not_null(strstr(shell.text, "\nrefused\n"), "%s", shell.text);
    shell_free(&shell);
}
