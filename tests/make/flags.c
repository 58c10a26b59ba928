/* flags.c - the usual variables: what a user sets reaches each compilation, and what the project
 * needs stays. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/open/shell.h"

/* What make would run for all that it builds, a command a line, in `$commands`; none of it matches.
 */
#define COMMANDS                                                                                   \
    "commands=$(make -n -s V=1 BUILD=build/none CC=some-cc CXX=some-c++ CFLAGS='-O3 -Dmine=1' "    \
    "CXXFLAGS=-Dmine=1 CPPFLAGS=-Dmy_define LDFLAGS=-Wl,--my-option WERROR=1 all bench "           \
    "build/none/bin/compare build/none/bin/grade build/none/bin/gate test-programs 2>/dev/null | " \
    "sed -e ':again' -e '/\\\\$/N; s/\\\\\\n//; tagain'); "

static void expect_none(const char *that)
{
    struct shell shell = {0};

    shell_run(&shell, COMMANDS "printf '%%s\\n' \"$commands\" | %s | head -n 5", that);
    cr_expect_str_empty(shell.text, "%s: %s", that, shell.text);
    shell_free(&shell);
}

Test(flags, of_the_user_reach_each_command_and_those_of_the_project_stay)
{
    struct shell shell = {0};

    shell_run(&shell, COMMANDS "printf '%%s\\n' \"$commands\" | grep -c '^some-c'");
    cr_assert_geq(atoi(shell.text), 300, "%s", shell.text);
    shell_free(&shell);
    expect_none("grep -E '(^|[|;] *)(gcc|g[+][+]|cc|clang) '");
    expect_none("grep ' -c ' | grep -v '[.]S$' | grep -ve -Dmine=1");
    expect_none("grep ' -c ' | grep -ve -Dmy_define");
    expect_none("grep '^some-c' | grep -v ' -c ' | grep -ve '-Wl,--my-option'");
    expect_none("grep '^some-c' | grep -v ' -c ' | grep -vE -e '-pthread|-shared|-static'");
    expect_none("grep '^some-cc.* -c .*[.]c$' | grep -ve '-std=gnu11 -g '");
}

/* The hooks and what the linker puts in another's place are what link-time optimization gets wrong.
 */
Test(flags, that_optimize_between_objects_give_the_same_digest_and_live_profiles)
{
    struct shell shell = {0};

    shell_run(
        &shell,
        "folder=$(mktemp -d); program=$folder/bin/fastenough-nnnn; trap 'rm -rf \"$folder\"' EXIT; "
        "make -s -j2 BUILD=\"$folder\" CFLAGS='-O2 -flto=auto -march=native' \"$program\" "
        ">\"$folder/log\" 2>&1 || "
        "{ cat \"$folder/log\"; exit 1; }; "
        "\"$program\" generate 2000 >\"$folder/records\" && \"$program\" run \"$folder/records\" "
        "--workers 4; "
        "\"$program\" serve --listen 127.0.0.1:0 --admin unix:\"$folder/admin\" >\"$folder/log\" "
        "2>&1 & server=$!; "
        "for i in $(seq 600); do grep -q caps: \"$folder/log\" && break; sleep 0.1; done; "
        "for name in heap mutex threadcreate; do " /* 501 where the hooks got lost */
        "curl -s -o \"$folder/profile\" -w '%%{http_code} ' --unix-socket \"$folder/admin\" "
        "\"http://localhost/debug/pprof/$name\"; done; "
        "kill $server; wait $server; echo ended with $?");
    cr_expect_not_null(strstr(shell.text, "0c78b2d43dfeb1f5"), "%s", shell.text);
    cr_expect_not_null(strstr(shell.text, "200 200 200 "), "%s", shell.text);
    cr_expect_not_null(strstr(shell.text, "ended with 0"), "%s", shell.text);
    shell_free(&shell);
}
