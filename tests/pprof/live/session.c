/* `make session`, from outside: what it shows, what it leaves, and that it can be ended at any
 * time. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/pprof/live/live.h"

static char output[CLIENTS_OUTPUT_SIZE];

/*
 * A shell command that ends with 1 if nothing is left of a session whose output is in the file: no
 * service, and nobody who loads it. Other tests, which run at the same time, have their own.
 */
#define ANYTHING_LEFT(file)                                                                        \
    "left=1; for port in $(sed -nE \"s#.*It serves on http://127.0.0.1:([0-9]+).*#\\1#p\" " file   \
    "); do if pgrep -f \"127.0.0.1:$port/process\" || curl -sf http://127.0.0.1:$port/healthz; "   \
    "then left=0; fi; done; exit $left"

Test(session, walks_through_both_services_and_leaves_their_profiles)
{
    static const char *const wanted[] = {"Start nnnn", "appended",  "lock_acquire",
                                         "Start ffff", "ratio",     "threads alive",
                                         "-diff_base", "speedscope",
                                         "[waiting: nobody can signal it]"};

    cr_assert_eq(
        clients_run(output,
                    "SECONDS_EACH=1 %s/session.sh %s results nnnn ffff </dev/null >walk.txt 2>&1; "
                    "status=$?; cat walk.txt; exit $status",
                    PROJECT_FOLDER "/bench/session", PROGRAM_FOLDER),
        0, "%s", output);
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        cr_assert_not_null(strstr(output, wanted[i]), "no '%s' in %s", wanted[i], output);
    cr_assert_eq(clients_run(output, "ls results | grep -c unfinished"), 1, "%s", output);
    cr_assert_eq(clients_run(output,
                             "go tool pprof -top -diff_base=results/latest/nnnn/allocs.pb.gz "
                             "results/latest/ffff/allocs.pb.gz"),
                 0, "%s", output);
    cr_assert_eq(clients_run(output, ANYTHING_LEFT("walk.txt")), 1, "is left: %s", output);
}

Test(session, leaves_nothing_when_it_is_interrupted)
{
    /* timeout sends SIGINT to the script, as a terminal does to all of its processes */
    cr_assert_eq(clients_run(output,
                             "SECONDS_EACH=30 timeout -s INT 4 setsid --wait %s/session.sh %s "
                             "interrupted nnnn ffff </dev/null >cut.txt 2>&1; cat cut.txt; "
                             "ls interrupted; " ANYTHING_LEFT("cut.txt"),
                             PROJECT_FOLDER "/bench/session", PROGRAM_FOLDER),
                 1, "%s", output);
    cr_assert_not_null(strstr(output, "nothing was kept"), "%s", output);
    cr_assert_null(strstr(output, "unfinished"), "%s", output);
}

Test(session, says_what_is_missing)
{
    cr_assert_eq(clients_run(output, "%s/session.sh /nowhere results nnnn ffff </dev/null",
                             PROJECT_FOLDER "/bench/session"),
                 1, "%s", output);
    cr_assert_not_null(strstr(output, "did not start"), "%s", output);
    cr_assert_neq(clients_run(output,
                              "STEP=1 setsid --wait %s/session.sh %s stepped nnnn ffff </dev/null",
                              PROJECT_FOLDER "/bench/session", PROGRAM_FOLDER),
                  0, "%s", output);
    cr_assert_not_null(strstr(output, "terminal"), "%s", output);
}
