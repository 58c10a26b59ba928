/* linking.c - a program from outside that links live profiles, as pprof.h says that it can. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/pprof/clients.h"

#define SOURCES PROJECT_FOLDER "/common/pprof"
#define STRICT "-Wall -Wextra -pedantic -Werror "
#define LIBRARIES " -ldw -lelf -lz -lmicrohttpd -lm -pthread"

/* It has the two headers that ours once stood before, too. */
static const char program[] =
    "#include <threads.h>\n"
    "#include <unwind.h>\n"
    "#include HEADER\n"
    "int main(void)\n"
    "{\n"
    "    char error[PPROF_ERROR_SIZE];\n"
    "    struct pprof_options options = {.listen = \"127.0.0.1:0\"};\n"
    "    thrd_t self = thrd_current();\n"
    "    struct pprof *pprof = pprof_start(&options, error);\n"
    "    puts(pprof != NULL ? pprof_url(pprof) : error);\n"
    "    pprof_stop(pprof);\n"
    "    return !thrd_equal(self, thrd_current()) || _URC_NO_REASON != 0;\n"
    "}\n";

Test(linking, is_strict_c11_and_needs_what_is_said_and_no_more, .timeout = 300)
{
    static char output[CLIENTS_OUTPUT_SIZE];

    clients_save("outside.c", program, strlen(program));
    cr_assert_eq(clients_run(output, "$CC -std=c11 " STRICT "-I" SOURCES
                                     " -DHEADER=\\\"pprof.h\\\" -o outside outside.c " SOURCES
                                     "/*.c " SOURCES "/reach/*.c " SOURCES "/hooks/*.c" LIBRARIES
                                     " && ./outside"),
                 0, "%s", output);
    cr_expect_eq(strncmp(output, "http://127.0.0.1:", 17), 0, "%s", output);
}

/* Away from the rest of the project: the folder alone, in the words of its README. */
Test(linking, builds_alone_and_its_example_has_its_profiles, .timeout = 300)
{
    static char output[CLIENTS_OUTPUT_SIZE];

    cr_assert_eq(
        clients_run(
            output,
            "cp -R " SOURCES " alone && cd alone && "
            "$(sed -n \"s/^gcc \\(.*P.*\\)/$CC \\1/p\" README.md | sed \"s,[$]P,.,g\") || exit; "
            "mkfifo open || exit; ./profiled 127.0.0.1:0 <open >url & exec 9>open; "
            "until [ -s url ]; do kill -0 $! || exit; sleep 0.01; done; "
            "go tool pprof -top -cum \"$(cat url)mutex?seconds=1\""),
        0, "%s", output);
    cr_expect_neq(clients_top_row(output, "slow_put"), 0, "%s", output);
}

Test(linking, takes_the_header_by_either_path_with_each_compiler)
{
    static char output[CLIENTS_OUTPUT_SIZE];

    clients_save("outside.c", program, strlen(program));
    cr_assert_eq(
        clients_run(output,
                    "for compiler in $CC clang; do command -v $compiler >/dev/null || continue; "
                    "for standard in c11 gnu17; do "
                    "$compiler -std=$standard " STRICT "-fsyntax-only -I" SOURCES
                    " -DHEADER=\\\"pprof.h\\\" outside.c && "
                    "$compiler -std=$standard " STRICT "-fsyntax-only -I" SOURCES
                    "/../.. -DHEADER=\\\"common/pprof/pprof.h\\\" outside.c || exit; done; done"),
        0, "%s", output);
}

Test(linking, has_no_header_with_the_name_of_a_systems)
{
    static char output[CLIENTS_OUTPUT_SIZE];

    cr_assert_eq(clients_run(output, "for header in " SOURCES "/*.h " SOURCES "/reach/*.h; do "
                                     "printf \"#if __has_include(<%%s>)\\n%%s\\n#endif\\n\" "
                                     "$(basename $header) $(basename $header); "
                                     "done | $CC -x c -E -P - | grep -v \"^$\"; true"),
                 0, "%s", output);
    cr_expect_str_empty(output);
}
