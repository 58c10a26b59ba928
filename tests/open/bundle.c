/*
 * bundle.c - a folder that was moved, and one that was packed and unpacked, open as before.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/readers/callgrind.h"
#include "bench/readers/text.h"
#include "tests/open/shell.h"

/* Makes a folder $d, copies the results to $d/moved, and leaves nothing of it in the end. */
#define IN_FOLDER                                                                                  \
    "set -e; d=$(mktemp -d); trap 'rm -rf \"$d\"' EXIT; cp -r " RESULTS_FOLDER " \"$d/moved\"; "
#define BUNDLE "bench/open/bundle.sh \"$d/moved\" . " BUILD_FOLDER "/bin"

Test(relocate, leads_to_where_things_are_and_changes_nothing_else)
{
    struct shell shell = {0};
    struct callgrind before, after;
    char error[TEXT_ERROR_SIZE], path[] = "/tmp/relocate-XXXXXX";
    unsigned sources = 0;

    int file = mkstemp(path);
    cr_assert_geq(file, 0);
    close(file);
    shell_run(&shell,
              "bench/open/relocate.sh " RESULTS_FOLDER
              "/raw/callgrind.out.key.naive /there /bins >%s",
              path);
    cr_assert_eq(shell.status, 0, "%s", shell.text);
    cr_assert_eq(
        callgrind_read(RESULTS_FOLDER "/raw/callgrind.out.key.naive", &before, error, sizeof error),
        0, "%s", error);
    cr_assert_eq(callgrind_read(path, &after, error, sizeof error), 0, "%s", error);
    cr_expect_eq(after.total_ir, before.total_ir);
    cr_assert_eq(after.function_count, before.function_count);
    for (uint32_t i = 0; i < after.function_count; i++) {
        const struct callgrind_function *was = &before.functions[i], *is = &after.functions[i];
        cr_expect_str_eq(is->name, was->name);
        if (strncmp(was->file, PROJECT_FOLDER "/", sizeof PROJECT_FOLDER) == 0) {
            sources++;
            cr_expect_str_eq(is->file + strlen("/there"), was->file + strlen(PROJECT_FOLDER));
            cr_expect_str_eq(is->object, "/bins/fastenough-nnnn");
        } else {
            cr_expect_str_eq(is->file, was->file);
        }
    }
    cr_expect_gt(sources, 10);
    callgrind_free(&before);
    callgrind_free(&after);
    unlink(path);
    shell_free(&shell);
}

Test(kcachegrind, says_what_to_do_where_there_is_no_display)
{
    struct shell shell = {0};

    shell_run(&shell, IN_FOLDER "env -u DISPLAY -u WAYLAND_DISPLAY make -s kcachegrind FIX=key "
                                "RESULTS=\"$d/moved\" BUILD=" BUILD_FOLDER);
    cr_expect_eq(shell.status, 0);
    cr_expect(strstr(shell.text, "make bundle") != NULL, "%s", shell.text);
    cr_expect(strstr(shell.text, "make annotate FIX=key") != NULL, "%s", shell.text);
    shell_free(&shell);
}

Test(kcachegrind, hands_the_viewer_both_profiles_with_paths_that_exist)
{
    struct shell shell = {0};

    /* a viewer that says what it was given, and whether what is named in it is there */
    shell_run(
        &shell,
        IN_FOLDER
        "mkdir \"$d/path\"; printf '%%s\\n' '#!/bin/sh' 'echo viewing $1' "
        "'for f in $(sed -nE \"s/^c?(fl|fi|ob)=\\([0-9]+\\) (.*(\\/naive|\\/fixed|\\/common|"
        "fastenough-).*)/\\2/p\" \"$1\"); do test -r \"$f\" || echo missing $f; done' "
        ">\"$d/path/kcachegrind\"; chmod +x \"$d/path/kcachegrind\"; "
        "sed -i 's#%s/#/gone/#' \"$d/moved/raw\"/callgrind.out.key.*; "
        "DISPLAY=:99 PATH=\"$d/path\":$PATH bench/open/kcachegrind.sh \"$d/moved\" key . %s/bin",
        PROJECT_FOLDER, BUILD_FOLDER);
    cr_expect_eq(shell.status, 0);
    cr_expect(strstr(shell.text, "callgrind.out.key.naive\n") != NULL, "%s", shell.text);
    cr_expect(strstr(shell.text, "callgrind.out.key.fixed\n") != NULL, "%s", shell.text);
    cr_expect(strstr(shell.text, "missing") == NULL, "%s", shell.text);
    shell_free(&shell);
}

Test(kcachegrind, says_what_is_missing)
{
    struct shell shell = {0};

    shell_run(&shell, "DISPLAY=:99 bench/open/kcachegrind.sh /nonexistent key . .");
    cr_expect_eq(shell.status, 1);
    cr_expect(strstr(shell.text, "make compare FIX=key") != NULL, "%s", shell.text);
    shell_run(&shell, "bench/open/kcachegrind.sh " RESULTS_FOLDER " lock . .");
    cr_expect_eq(shell.status, 2);
    shell_free(&shell);
}

Test(bundle, opens_where_it_is_unpacked)
{
    struct shell shell = {0};

    shell_run(
        &shell, IN_FOLDER BUNDLE
        " >/dev/null; mkdir \"$d/there\"; tar xzf \"$d/fastenough-moved.tar.gz\" -C \"$d/there\"; "
        "rm -r \"$d/moved\"; cd \"$d/there/fastenough-moved\"; "
        "for f in README.md index.html compare.json sources/naive/key.c sources/fixed/key.c "
        "sources/Makefile bin/fastenough-nnnn bin/fastenough-ffff text/annotate.key.txt; "
        "do test -s $f || echo missing $f; done; "
        "./open.sh annotate key; "
        "env -u DISPLAY -u WAYLAND_DISPLAY ./open.sh kcachegrind key; "
        /* from the bundle's folder, as KCachegrind is started there */
        "for f in $(sed -nE 's/^c?(fl|fi|ob)=\\([0-9]+\\) ((sources|bin)\\/.*)/\\2/p' "
        "raw/callgrind.out.key.naive); do test -r $f && echo found $f || echo missing $f; done");
    cr_expect_eq(shell.status, 0, "%s", shell.text);
    cr_expect(strstr(shell.text, "missing") == NULL, "%s", shell.text);
    cr_expect(strstr(shell.text, "found sources/naive/key.c") != NULL);
    cr_expect(strstr(shell.text, "found bin/fastenough-nnnn") != NULL);
    cr_expect(strstr(shell.text, "appended(text, '|'") != NULL, "the source, in annotate");
    cr_expect(strstr(shell.text, "kcachegrind raw/callgrind.out.key.naive") != NULL);
    shell_free(&shell);
}

Test(bundle, leaves_nothing_half_made)
{
    struct shell shell = {0};

    shell_run(&shell,
              IN_FOLDER "rm \"$d/moved/compare.json\"; " BUNDLE " || echo status $?; ls -A \"$d\"");
    cr_expect(strstr(shell.text, "make compare") != NULL, "%s", shell.text);
    cr_expect(strstr(shell.text, "status 1\nmoved\n") != NULL, "%s", shell.text);
    shell_run(&shell, IN_FOLDER "echo cut >\"$d/moved/raw/callgrind.out.key.naive\"; " BUNDLE
                                " || echo status $?; ls -A \"$d\"");
    cr_expect(strstr(shell.text, "status 1\nmoved\n") != NULL, "%s", shell.text);
    shell_free(&shell);
}

/* Two commands' results: the profiles of a lesson under the names that those have. */
#define AS_PAIR                                                                                    \
    "for s in 'naive before' 'fixed after'; do set -- $s; "                                        \
    "mv \"$d/moved/raw/callgrind.out.key.$1\" \"$d/moved/raw/callgrind.out.$2\"; done; "           \
    "find \"$d/moved/raw\" -name 'callgrind.out.*' ! -name '*.before' ! -name '*.after' -delete; "

Test(bundle, of_two_commands_opens_where_it_is_unpacked)
{
    struct shell shell = {0};

    shell_run(&shell, IN_FOLDER AS_PAIR BUNDLE
              " >/dev/null; mkdir \"$d/there\"; tar xzf \"$d/fastenough-moved.tar.gz\" -C "
              "\"$d/there\"; rm -r \"$d/moved\"; cd \"$d/there/fastenough-moved\"; "
              "test -s text/annotate.txt && test ! -e sources/tests || echo missing; "
              "./open.sh annotate; env -u DISPLAY -u WAYLAND_DISPLAY ./open.sh kcachegrind; "
              "for f in $(sed -nE 's/^c?(fl|fi|ob)=\\([0-9]+\\) (sources\\/.*)/\\2/p' "
              "raw/callgrind.out.before); do test -r $f && echo found $f || echo missing $f; done");
    cr_expect_eq(shell.status, 0, "%s", shell.text);
    cr_expect(strstr(shell.text, "missing") == NULL, "%s", shell.text);
    cr_expect(strstr(shell.text, "naive/key.c\n") != NULL, "%s", shell.text);
    cr_expect(strstr(shell.text, "bin/fastenough-nnnn\n") != NULL, "%s", shell.text);
    cr_expect(strstr(shell.text, "instructions (callgrind)") != NULL, "%s", shell.text);
    cr_expect(strstr(shell.text, "kcachegrind raw/callgrind.out.before") != NULL);
    shell_free(&shell);
}

Test(annotate, of_two_commands_needs_no_lesson)
{
    struct shell shell = {0};

    shell_run(&shell,
              IN_FOLDER AS_PAIR "make -s annotate RESULTS=\"$d/moved\" BUILD=" BUILD_FOLDER);
    cr_expect_eq(shell.status, 0, "%s", shell.text);
    cr_expect(strstr(shell.text, " before,") != NULL, "%s", shell.text);
    cr_expect(strstr(shell.text, "key_build (key.c)") != NULL, "%s", shell.text);
    cr_expect(strstr(shell.text, "a record") == NULL, "%s", shell.text);
    shell_free(&shell);
}
