/* run.c - pprof-run: what it says before it starts, whom it takes for the program, what it leaves
 * behind; and what `make install` gives. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/pprof/clients.h"

#define RUN PROGRAM_FOLDER "/pprof-run "
#define STRINGS BUILD_FOLDER "/tests/strings"

static char output[CLIENTS_OUTPUT_SIZE];

static void expect(int status, const char *text, const char *command)
{
    clients_save("command.sh", command, strlen(command)); /* which may have quotes of any kind */
    int got = clients_run(output, "sh ./command.sh");

    cr_expect_eq(got, status, "%s: %d, %s", command, got, output);
    cr_expect_not_null(strstr(output, text), "%s: no '%s' in %s", command, text, output);
}

Test(run, says_before_it_starts_what_cannot_be)
{
    static const char program[] = "int main(void) { return 0; }\n";

    clients_save("nothing.c", program, sizeof program - 1);
    cr_assert_eq(clients_run(output, "$CC -static -o static nothing.c && $CC -o other nothing.c "
                                     "-Wl,--dynamic-linker=/lib/ld-musl-x86_64.so.1"),
                 0, "%s", output);
    expect(125, "statically linked", RUN "./static");
    expect(125, "of another C library", RUN "./other");
    expect(127, "no program 'nosuchprogram' in PATH", RUN "nosuchprogram");
    expect(127, "No such file", RUN "./nowhere");
    expect(126, "Permission denied", RUN "./nothing.c");
    expect(125, "loopback addresses only", RUN "--listen 0.0.0.0:0 true");
    expect(125, "No such file", RUN "--listen unix:nowhere/socket true");
    expect(125, "8 characters", "echo short >token; " RUN "--token file:token true");
    expect(2, "file:PATH", RUN "--token secretsecret true");
    expect(2, "heap-all", RUN "--collect heep true");
    expect(2, "usage", RUN);
    expect(125, "Address already in use; --listen 127.0.0.1:0",
           "exec 9<>/dev/null; port=$(/usr/bin/python3 -c 'import socket, os, sys, time\n"
           "s = socket.socket(); s.bind((\"127.0.0.1\", 0)); s.listen(); print(s.getsockname()[1], "
           "flush=True)\nif os.fork() == 0:\n os.close(1); os.close(2); time.sleep(60)'); " RUN
           "--listen 127.0.0.1:$port true");
    if (geteuid() != 0) /* root is nobody else */
        expect(125, "set-uid", RUN "/usr/bin/passwd");
}

Test(run, is_the_program_with_its_status_and_output)
{
    expect(7, "said", RUN "--quiet --listen 127.0.0.1:0 sh -c 'echo said; exit 7'");
    expect(0, "Terminated",
           RUN "--quiet --listen 127.0.0.1:0 sh -c 'kill -TERM $$' || "
               "{ test $? = 143 && echo Terminated; }");
}

/* Not sh nor timeout in front of it, nor what it starts, which has none of the words of ours. */
Test(run, serves_the_program_that_is_meant_and_nobody_else)
{
    expect(0, "words: 0\n",
           "echo verysecret1 >token; " RUN "--token file:token --listen 127.0.0.1:0 timeout 60 "
           "sh -c 'true; exec /usr/bin/python3 -c \"import os; "
           "os.system(\\\"echo words: \\$(env | grep -c -e PPROF_LISTEN -e PPROF_TOKEN -e "
           "libpprof)\\\"); "
           "print(\\\"ry\\\" + \\\"secret1\\\" in open(\\\"/proc/self/environ\\\").read())\"'");
    cr_expect_not_null(strstr(output, "pprof: python3"), "%s", output);
    cr_expect_not_null(strstr(output, "False"), "%s", output);
    const char *first = strstr(output, "pprof: ");
    cr_expect_null(strstr(first + 1, "pprof: "), "%s", output);
}

Test(run, leaves_no_socket_behind_though_it_is_killed)
{
    expect(0, "gone",
           RUN "--listen unix:socket /usr/bin/python3 -c 'import os; "
               "print(os.path.exists(\"socket\"), flush=True); os.kill(os.getpid(), 9)'; "
               "until [ ! -e socket ]; do sleep 0.05; done; echo gone");
    cr_expect_not_null(strstr(output, "True"), "%s", output);
}

/* A child of the first, and one that it starts, have addresses; without --children neither has. */
Test(run, serves_children_where_they_are_meant)
{
    static const char script[] =
        "import os, re, sys, time, urllib.request\n"
        "if os.fork() == 0:\n"
        "    time.sleep(60)\n"
        "url = re.search(r'http://\\S+/', open('log').read()).group(0)\n"
        "end = time.monotonic() + float(sys.argv[1])\n"
        "found = None\n"
        "while found is None and time.monotonic() < end:\n"
        "    time.sleep(0.05)\n"
        "    found = re.search('<li>process.*?(http://[^<]*)',\n"
        "                      urllib.request.urlopen(url).read().decode())\n"
        "if found:\n"
        "    data = urllib.request.urlopen(found.group(1) + 'threads?debug=2').read().decode()\n"
        "    print('child has', re.search('[0-9]+ threads', data).group(0), flush=True)\n"
        "else:\n"
        "    print('no child', flush=True)\n"
        "os.killpg(0, 15)\n";

    clients_save("fork.py", script, sizeof script - 1);
    cr_assert_neq(clients_run(output, "setsid " RUN "--children --listen 127.0.0.1:0 "
                                      "/usr/bin/python3 fork.py 30 2>log"),
                  0);
    cr_expect_not_null(strstr(output, "child has "), "%s", output);
    cr_assert_neq(clients_run(output, "setsid " RUN "--listen 127.0.0.1:0 "
                                      "/usr/bin/python3 fork.py 1 2>log"),
                  0);
    cr_expect_not_null(strstr(output, "no child"), "%s", output);
}

/* By whichever allocator, new's blocks are seen where they are made, and freed ones are not in use.
 */
static void expect_strings(const char *before, const char *state)
{
    static const char script[] =
        "test -z \"$PRELOADED\" || export LD_PRELOAD=$PRELOADED; " RUN
        "--listen 127.0.0.1:0 --collect heap-all,locks " STRINGS " 2>log & "
        "unset LD_PRELOAD; until grep -q http log; do sleep 0.05; done; sleep 1; cat log; "
        "url=$(sed 's/.*\\(http[^;]*\\);.*/\\1/; q' log); "
        "go tool pprof -top -sample_index=alloc_space ${url}allocs; "
        "go tool pprof -top ${url}mutex; curl -s \"${url}threadcreate?debug=1\"; kill $!";

    clients_save("strings.sh", script, sizeof script - 1);
    cr_assert_eq(clients_run(output, "%s sh ./strings.sh", before), 0, "%s", output);
    cr_expect_not_null(strstr(output, state), "no '%s' in %s", state, output);
    cr_expect_not_null(strstr(output, "make_unique"), "%s", output);
    cr_expect_not_null(strstr(output, "store"), "%s", output);
    cr_expect_not_null(strstr(output, "threads: off: it was not asked for"), "%s", output);
}

Test(run, goes_on_to_whichever_allocator_is_next, .timeout = 300)
{
    expect_strings("", "malloc: taken, then libc.so.6");
    expect_strings("PRELOADED=libjemalloc.so.2", "malloc: taken, then libjemalloc.so.2");
    expect_strings("PRELOADED=libtcmalloc_minimal.so.4",
                   "malloc: taken, then libtcmalloc_minimal.so.4");
}

Test(run, says_who_has_an_allocator_of_its_own)
{
    static const char program[] =
        "#include <stdlib.h>\n"
        "static char room[1 << 20]; static size_t used;\n"
        "void *malloc(size_t n) { used += 64; n = (n + 63) / 64 * 64;\n"
        "  used += n; return room + used - n; }\n"
        "void free(void *block) { (void)block; }\n"
        "void *calloc(size_t a, size_t b) { return malloc(a * b); }\n"
        "void *realloc(void *p, size_t n) { (void)p; return malloc(n); }\n"
        "int main(void) { return 0; }\n";

    clients_save("own.c", program, sizeof program - 1);
    cr_assert_eq(clients_run(output, "$CC -fno-builtin -rdynamic -o own own.c"), 0, "%s", output);
    expect(0, "malloc: bypassed by own, which has a malloc of its own",
           RUN "--listen 127.0.0.1:0 ./own");
}

Test(run, is_installed_and_linked_by_pkg_config_alone, .timeout = 300)
{
    expect(0, "http://127.0.0.1:",
           "make -s -C " PROJECT_FOLDER " install BUILD=" BUILD_FOLDER
           " PREFIX=\"$PWD/usr\" PACKAGES=skip && export "
           "PKG_CONFIG_PATH=$PWD/usr/lib/pkgconfig && $CC " PROJECT_FOLDER
           "/common/pprof/example/example.c $(pkg-config --cflags --libs pprof) -o app && "
           "(mkfifo open; exec 9<>open; ./app 127.0.0.1:0 <open & sleep 0.5; kill $!); "
           "usr/bin/pprof-run --quiet --listen 127.0.0.1:0 true && ls usr/share/man/man1");
    expect(0, "left: 0\n",
           "make -s -C " PROJECT_FOLDER " uninstall BUILD=" BUILD_FOLDER
           " PREFIX=\"$PWD/usr\" && echo left: $(find usr -type f | wc -l)");
}
