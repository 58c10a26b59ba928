/* targets.c - what `make help` lists, what is made of the words in LESSONS, and what is installed
 * for a target. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/open/shell.h"

/* As somebody types it, though it is `make test` that runs this. */
static void expect(const char *text, const char *command)
{
    struct shell shell = {0};

    shell_run(&shell, "unset MAKEFLAGS MAKELEVEL MFLAGS; %s", command);
    cr_expect_str_eq(shell.text, text, "%s: %s", command, shell.text);
    shell_free(&shell);
}

Test(targets, are_listed_in_five_groups)
{
    expect("measure look teach serve develop \n", "make help | grep -v '^  ' | tr '\\n' ' '; echo");
}

/* A line that is of no group would not be listed. */
Test(targets, that_are_public_are_each_listed_once)
{
    expect(
        "",
        "make help | sed -n 's/^  make \\([^ ]*\\).*/\\1/p' | sort >\"${TMPDIR:-/tmp}/listed.$$\"; "
        "sed -nE 's/^([^\t#:]+):.*##.*/\\1/p' Makefile */*.mk */*/*.mk | sort | "
        "diff - \"${TMPDIR:-/tmp}/listed.$$\"; rm \"${TMPDIR:-/tmp}/listed.$$\"");
}

Test(targets, that_a_page_names_are_listed)
{
    expect("", "help=$(make help); "
               "for target in $(cat README.md */README.md */*/README.md notebooks/TEACHING.md | "
               "grep -oE '`make [a-z0-9-]+' | cut -d ' ' -f 2 | sort -u); do "
               "echo \"$help\" | grep -q \"^  make $target \" || echo \"$target\"; done");
}

/* `make -n` is what would be run; the files of the fifth are a copy of another's. */
Test(targets, of_a_fifth_lesson_are_thirty_two_programs)
{
    expect(
        "32\n"
        "variant/nfnff.o naive/key.o fixed/log.o naive/sort.o fixed/store.o fixed/workers.o \n",
        "folder=$(mktemp -d); for tree in naive fixed; do cp -r $tree \"$folder/$tree\"; "
        "cp $tree/key.c \"$folder/$tree/log.c\"; done; "
        "make -n V=1 LESSONS='key log sort store workers' BUILD=build/none NAIVE=\"$folder/naive\" "
        "FIXED=\"$folder/fixed\" all | grep -e '-o build/none/bin/fastenough-' >\"$folder/links\"; "
        "sort -u \"$folder/links\" | wc -l; grep -e '-nfnff ' \"$folder/links\" | tr ' ' '\\n' | "
        "sed -nE 's,^build/none/((variant|naive|fixed)/.*),\\1,p' | tr '\\n' ' '; echo; "
        "rm -r \"$folder\"");
}

/* On a machine that has no more than what this takes, and no Debian: what is missing is named
 * there. */
#define NAMES_MISSING(browser)                                                                     \
    "folder=$(mktemp -d); for tool in make sed awk; do "                                           \
    "ln -s \"$(command -v $tool)\" \"$folder/$tool\"; done; env -u CHROME PATH=\"$folder\" make "  \
    "packages PACKAGES= " browser                                                                  \
    " 2>&1 | grep -oE 'chromium[a-z-]*|libcriterion-dev' | tr '\\n' ' '; "                         \
    "rm -r \"$folder\""

Test(targets, that_need_a_browser_need_no_other_than_is_named)
{
    expect("chromium chromium-driver libcriterion-dev ", NAMES_MISSING(""));
    expect("libcriterion-dev ", NAMES_MISSING("CHROME=/opt/google/chrome/chrome"));
}

/* They are not in clang's own package; gcc's are. */
Test(targets, that_grade_by_clang_have_its_sanitizers)
{
    expect("libclang-rt-19-dev?\n",
           "CC='clang-19 -m64' bench/packages.sh --list @grade | grep clang");
    expect("", "CC=gcc bench/packages.sh --list @grade | grep clang");
}
