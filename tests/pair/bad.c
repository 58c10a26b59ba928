/*
 * bad.c - commands that cannot be compared: each gets a message that says why, and leaves nothing
 * behind: no result, no half-made one, no process.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

#include "tests/pair/fixture.h"

#define LONG "98761"

static const struct bad {
    const char *name, *options;
    int status;
    const char *says[2];
} bad[] = {
    {"a file that is not there",
     "--before ./none --after true",
     2,
     {"before cannot be started", "No such file"}},
    {"a file that is no program",
     "--before ./data.txt --after true",
     2,
     {"is no program", "chmod +x"}},
    {"a folder",
     "--before ./folder --after true",
     2,
     {"before cannot be started", "is no program"}},
    {"a program that there is not",
     "--before true --after no-such-program-here",
     2,
     {"after cannot be started", "no program no-such-program-here in PATH"}},
    {"a word that a shell does not know",
     "--before 'no-such-word | cat' --after 'no-such-word; exit 127'",
     1,
     {"no-such-word", "not found"}},
    {"a script without its interpreter",
     "--before ./lost.sh --after ./lost.sh",
     1,
     {"before could not be started", "lost.sh"}},
    {"no command", "--before '' --after true", 2, {"BEFORE is missing", "make compare BEFORE="}},
    {"one command", "--before true", 2, {"AFTER is missing", ""}},
    {"words of one command", "-- true", 2, {"after -- come the words", ""}},
    {"commands twice", "--before true --after true -- true -- true", 2, {"one of these", ""}},
    {"an input that is not there",
     "--before cat --after cat --stdin none.txt",
     2,
     {"STDIN=none.txt", "No such file"}},
    {"an input that is a pipe",
     "--before cat --after cat --stdin pipe",
     2,
     {"STDIN=pipe is no regular file", "saved first"}},
    {"a folder that is not there",
     "--before true --after true --dir none",
     2,
     {"DIR=none", "no such folder"}},
    {"a budget that is none", "--before true --after true --budget soon", 2, {"BUDGET", "soon"}},
    {"results that cannot be written",
     "--results /proc/none --before true --after true",
     1,
     {"cannot write results", ""}},
    {"other exit statuses",
     "--before 'exit 0' --after 'echo oh no >&2; exit 3'",
     1,
     {"do not end the same", "exit status 3  oh no"}},
    {"another line",
     "--before 'seq 9' --after 'seq 4; echo five; seq 6 9'",
     1,
     {"first difference in line 5", "after    five"}},
    {"an end that is missing",
     "--before 'seq 9' --after 'seq 8'",
     1,
     {"first difference in line 9", "(ends here)"}},
    {"control characters",
     "--before 'printf \"a\\033[2Jb\"' --after 'printf \"a\\033[2Jc\"'",
     1,
     {"a?[2Jb", "a?[2Jc"}},
    {"a long line",
     "--before 'head -c 100000 /dev/zero; echo a' --after 'head -c 100000 /dev/zero; echo b'",
     1,
     {"...????", "?b"}},
    {"a difference far behind",
     "--before 'head -c 70000000 /dev/zero; echo a' --after 'head -c 70000000 /dev/zero; echo b'",
     1,
     {"first 64 MiB are the same", "70000002 bytes"}},
    {"an output that is never the same",
     "--before 'date +%N' --after 'date +%N'",
     1,
     {"prints something else each time", "PROOF=status"}},
    {"a judge that finds them bad",
     "--before 'seq 9' --after 'seq 8' --proof cmp",
     1,
     {"not as good", "cmp"}},
    {"a judge that there is not",
     "--before 'seq 9' --after 'seq 8' --proof no-such-judge",
     1,
     {"no-such-judge", "not found"}},
    {"too much for a judge",
     "--before 'head -c 70000000 /dev/zero' --after 'head -c 70000000 /dev/zero' --proof cmp",
     1,
     {"more than the 64 MiB", ""}},
    {"killed by a signal",
     "--before 'kill -SEGV $$' --after true",
     1,
     {"killed by signal 11", "kill -SEGV"}},
    {"never ends",
     "--before 'sleep " LONG "' --after true --budget 1s",
     1,
     {"had not ended after 5 s", "BUDGET="}},
    {"never ends, and does not listen",
     "--before 'trap : TERM; while :; do sleep " LONG "; done' --after true --budget 1s",
     1,
     {"had not ended after 5 s", ""}},
    {"never ends, elsewhere",
     "--before 'setsid sleep " LONG " & wait' --after true --budget 1s",
     1,
     {"had not ended after 5 s", ""}},
    {"stops itself",
     "--before 'kill -STOP $$' --after true --budget 1s",
     1,
     {"had not ended after 5 s", ""}},
    {"never stops printing",
     "--before yes --after true --budget 1s",
     1,
     {"had not ended after 5 s", ""}},
    {"fails at times",
     "--before ./at-times.sh --after true --proof status --budget 20s",
     1,
     {"ended with exit status 1, and with 0 before", "at-times"}},
    {"prints another thing at times",
     "--before ./in-turns.sh --after 'echo 1' --budget 20s",
     1,
     {"printed something else than before", ""}},
};

enum { BAD = sizeof bad / sizeof *bad };

ParameterizedTestParameters(pair, says_why_and_leaves_nothing)
{
    static size_t indices[BAD];
    for (size_t i = 0; i < BAD; i++)
        indices[i] = i;
    return cr_make_param_array(size_t, indices, BAD);
}

ParameterizedTest(size_t *index, pair, says_why_and_leaves_nothing, .timeout = 120)
{
    const struct bad *one = &bad[*index];
    struct pair_fixture fixture;

    pair_fixture_init(&fixture);
    pair_fixture_write(&fixture, "data.txt", "data\n");
    pair_fixture_write(&fixture, "lost.sh", "#!/no/such/interpreter\n");
    pair_fixture_write(&fixture, "at-times.sh",
                       "#!/bin/sh\necho >>runs\n[ $(wc -l <runs) != 6 ]\n");
    pair_fixture_write(&fixture, "in-turns.sh",
                       "#!/bin/sh\necho >>runs\n[ $(wc -l <runs) != 6 ] && echo 1 || echo 2\n");
    int status =
        pair_fixture_run(&fixture, "mkdir -p folder; mkfifo pipe; $COMPARE %s", one->options);
    cr_expect_eq(status, one->status, "%s: %d\n%s", one->name, status, fixture.output);
    for (unsigned i = 0; i < 2; i++)
        cr_expect_not_null(strstr(fixture.output, one->says[i]), "%s: no '%s' in\n%s", one->name,
                           one->says[i], fixture.output);
    cr_expect(pair_fixture_is_clean(&fixture), "%s left something behind", one->name);
    pair_fixture_free(&fixture);
}

/* What these do is no mistake, but has to be said; and nothing of it stays. */
static const struct odd {
    const char *name, *options, *says;
} odd[] = {
    {"leaves a process in its group", "--before 'sleep " LONG " & true' --after true", ""},
    {"leaves one that left the group", "--before 'setsid sleep " LONG " & sleep 0.1' --after true",
     "before leaves processes behind"},
    {"leaves one that left it twice",
     "--before 'setsid sh -c \"setsid sleep " LONG " & sleep " LONG "\" & sleep 0.1' --after true",
     "before leaves processes behind"},
    {"wants a terminal", "--before 'cat /dev/tty' --after 'cat /dev/tty'",
     "both end with exit status 1: cat: /dev/tty"},
    {"asks for input", "--before 'read x; echo $x' --after 'head -n 1 | grep . || echo'",
     "print the same 1 bytes"},
    {"reads its input", "--before 'cat' --after 'sed \"\"' --stdin data.txt",
     "print the same 5 bytes"},
    {"prints a lot", "--before 'head -c 80000000 /dev/zero' --after 'head -c 80000000 /dev/zero'",
     "print the same 80000000 bytes"},
    {"says a lot", "--before 'head -c 20000000 /dev/zero >&2' --after true",
     "print the same 0 bytes"},
    {"makes files", "--before 'date >made' --after 'date >made' --dir folder",
     "files were made or removed in folder"},
    {"is told by its environment", "--before 'echo $PAIR_FIXTURE | wc -w' --after 'echo 1'",
     "print the same 2 bytes"},
    {"has its own counters",
     "--before 'echo steps=12 >$FASTENOUGH_COUNTERS' --after 'echo steps=3 >$FASTENOUGH_COUNTERS'",
     "12        3"},
};

enum { ODD = sizeof odd / sizeof *odd };

ParameterizedTestParameters(pair, says_what_is_odd)
{
    static size_t indices[ODD];
    for (size_t i = 0; i < ODD; i++)
        indices[i] = i;
    return cr_make_param_array(size_t, indices, ODD);
}

ParameterizedTest(size_t *index, pair, says_what_is_odd, .timeout = 120)
{
    const struct odd *one = &odd[*index];
    struct pair_fixture fixture;

    pair_fixture_init(&fixture);
    pair_fixture_write(&fixture, "data.txt", "data\n");
    int status =
        pair_fixture_run(&fixture, "mkdir -p folder; $COMPARE --budget 2s %s", one->options);
    cr_expect_eq(status, 0, "%s: %d\n%s", one->name, status, fixture.output);
    cr_expect_not_null(strstr(fixture.output, one->says), "%s: no '%s' in\n%s", one->name,
                       one->says, fixture.output);
    cr_expect_not_null(fixture.document, "%s left no result", one->name);
    cr_expect_not(pair_fixture_has_process(&fixture), "%s left a process behind", one->name);
    pair_fixture_free(&fixture);
}

Test(pair, keeps_nothing_of_what_was_interrupted, .timeout = 120)
{
    struct pair_fixture fixture;

    pair_fixture_init(&fixture);
    int status = pair_fixture_run(&fixture,
                                  "$COMPARE --before 'touch begun; sleep " LONG "' --after true & "
                                  "until [ -e begun ]; do sleep 0.05; done; kill -INT $!; wait $!");
    cr_expect_eq(status, 130, "%d: %s", status, fixture.output);
    cr_expect_not_null(strstr(fixture.output, "nothing was kept"), "%s", fixture.output);
    cr_expect(pair_fixture_is_clean(&fixture));
    pair_fixture_free(&fixture);
}
