/*
 * What live profiles say of a service, held against what is known (bench/calibrate/regime.h), as
 * `make calibrate` does it.
 *
 * One run of each regime; PPROF_TRUTH_RUNS=10 makes ten of fresh services, of which nine have to
 * agree, and prints them.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/calibrate/debug_profile.h"
#include "bench/calibrate/regime.h"
#include "tests/pprof/live/live.h"
#include "tests/service/client.h"

enum { RUNS_MAX = 100, SECONDS = 3 };

static char output[CLIENTS_OUTPUT_SIZE];

static void print_reading(const struct regime *regime, enum witness witness,
                          const struct reading *reading)
{
    fprintf(stderr, "%s, %s: %s: %.4f of %s, %.4g%s%s\n", regime->build, regime->condition,
            witness_rows[witness].profile, reading->profile / reading->truth,
            witness_rows[witness].truth, reading->truth,
            reading_is_too_little(witness, reading) ? "; too little" : "",
            reading_agrees(witness, reading) ? "" : ": DISAGREES");
}

static void expect_truth(unsigned number)
{
    const char *wanted = getenv("PPROF_TRUTH_RUNS");
    unsigned count = wanted != NULL ? (unsigned)atoi(wanted) : 1, agreed[WITNESS_COUNT] = {0};
    const struct regime *regime = &regimes[number];
    struct reading readings[WITNESS_COUNT];
    char error[REGIME_ERROR_SIZE] = "";

    cr_assert(count >= 1 && count <= RUNS_MAX);
    for (unsigned i = 0; i < count; i++) {
        cr_assert_eq(regime_read(regime, PROGRAM_FOLDER, SECONDS, readings, error), 0, "%s", error);
        for (int k = 0; k < WITNESS_COUNT; k++) {
            const enum witness witness = (enum witness)k;
            bool agrees = reading_agrees(witness, &readings[k]);
            agreed[k] += agrees;
            if (wanted != NULL || !agrees)
                print_reading(regime, witness, &readings[k]);
            /* one that is told wrong by a fifth is found, where there is enough to say so */
            struct reading wrong = {1.2 * readings[k].truth, readings[k].truth};
            if (!reading_is_too_little(witness, &wrong) && witness_rows[k].grain == 0)
                cr_expect_not(reading_agrees(witness, &wrong), "%s", witness_rows[k].profile);
            else if (witness_rows[k].grain == 0) /* what is little is only to be as little */
                cr_expect(wrong.truth < witness_rows[k].enough);
        }
    }
    for (int k = 0; k < WITNESS_COUNT; k++) {
        unsigned needed = witness_rows[k].is_exact ? count : count - count / 10;
        cr_expect_geq(agreed[k], needed, "%s: %u of %u", witness_rows[k].profile, agreed[k], count);
    }
    if (number < REGIME_COUNT / 2) /* one lock for all: it never comes to nothing */
        cr_expect_gt(readings[WITNESS_MUTEX].truth, 0);
}

Test(truth, naive_2_threads)
{
    expect_truth(0);
}

Test(truth, naive_20_threads)
{
    expect_truth(1);
}

Test(truth, naive_2_threads_that_wait_for_the_database)
{
    expect_truth(2);
}

Test(truth, naive_20_threads_that_wait_for_the_database)
{
    expect_truth(3);
}

Test(truth, pool_of_2_threads)
{
    expect_truth(4);
}

Test(truth, pool_of_20_threads)
{
    expect_truth(5);
}

Test(truth, pool_of_2_threads_that_wait_for_the_database)
{
    expect_truth(6);
}

Test(truth, pool_of_20_threads_that_wait_for_the_database)
{
    expect_truth(7);
}

/* A profile with another truth: what the service says of it is scaled by 1.2, or off by one. */
Test(truth, a_wrong_profile_is_found)
{
    static const struct {
        enum witness witness;
        double profile, truth;
        bool is_found;
    } plants[] = {
        {WITNESS_CPU, 1.2e9, 1e9, true},
        {WITNESS_CPU, 0.67e9, 1e9, true},
        {WITNESS_CPU, 1.05e9, 1e9, false},
        {WITNESS_BLOCK, 1.2e9, 1e9, true},
        {WITNESS_MUTEX, 3.6e9, 1e9, true},
        {WITNESS_MUTEX, 0.2e9, 1e9, true},
        {WITNESS_MUTEX, 0.91e9, 1e9, false},
        {WITNESS_MUTEX, 5e6, 1e6, false},
        {WITNESS_MUTEX, 5e8, 1e6, true},
        {WITNESS_ALLOCS, 1.2e9, 1e9, true},
        {WITNESS_ALLOCS, 1.1e8, 1e8, false},
        {WITNESS_HEAP, 1.4 * 64e6, 64e6, true},
        {WITNESS_EACH_ALLOCATION, 1001, 1000, true},
        {WITNESS_THREADS, 24, 25, true},
        {WITNESS_THREADCREATE, 24, 20, true},
        {WITNESS_THREADCREATE, 20, 20, false},
        {WITNESS_EACH_BYTE, NAN, 20, true},
        {WITNESS_CPU, 1e9, NAN, true},
    };
    for (size_t i = 0; i < sizeof plants / sizeof *plants; i++) {
        const struct reading reading = {plants[i].profile, plants[i].truth};
        cr_expect_eq(reading_agrees(plants[i].witness, &reading), !plants[i].is_found, "%zu", i);
    }
}

Test(truth, the_reader_of_profiles_sums_up_stacks)
{
    static const char text[] =
        "# block: 3 stacks; contentions 6; delay 60\n# ordered by delay\n#\n"
        "#        flat   flat%         cum    cum%  function\n"
        "#          30  50.00%          60 100.00%  inner\n\n"
        "1 10 @ 0x1 0x2\n#\t0x1\tinner+0x1\ta.c:1\n#\t0x1\tinner+0x9\ta.c:9\n\n"
        "2 20 @ 0x3\n# labels: thread=12, name=x\n#\t0x3\tinner_most+0x1\n\n"
        "3 30 @\n# labels: lost=no room for the stack\n\n";
    const char *at = text;

    cr_expect_eq(debug_profile_sum(text, NULL, 0), 6);
    cr_expect_eq(debug_profile_sum(text, NULL, 1), 60);
    cr_expect_eq(debug_profile_sum(text, "inner", 1), 10); /* once, though it is there twice */
    cr_expect_eq(debug_profile_sum(text, "inner_most", 0), 2);
    cr_expect_eq(debug_profile_sum(text, "most", 0), 0);
    cr_expect(isnan(debug_profile_sum(text, NULL, 2)));
    cr_expect(isnan(debug_profile_sum("no profile", NULL, 0)));
    cr_expect(isnan(debug_profile_sum("", NULL, 0)));
    cr_expect_eq(debug_profile_next(&at, "thread="), 12);
    cr_expect_eq(debug_profile_next(&at, "thread="), -1);
}

/* Who waits, and who lets wait: where the lock is held for the database that is a record's own. */
Test(truth, waits_are_charged_to_their_callers)
{
    const char *const options[] = {"--request", "1000", "--db-latency", "50us", "--workers",
                                   "20",        NULL};
    static const char *const profiles[][2] = {{"block", "lock_acquire"}, {"mutex", "lock_release"}};
    struct client_answer answer;
    struct live live;

    live_start(&live, "nnnn", options);
    client_get(live.server.port, "/process?n=2000", "", &answer);
    cr_assert_eq(answer.status, 200);
    client_answer_free(&answer);
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(clients_run(output, "curl -sSf \"http://127.0.0.1:%d/debug/pprof/%s?debug=1\"",
                                 live.admin_port, profiles[i][0]),
                     0, "%s", output);
        double all = debug_profile_sum(output, profiles[i][1], 1);
        double synced = debug_profile_sum(output, "store_sync", 1);
        cr_expect_gt(all, 1e9);
        cr_expect_lt(synced, 0.1 * all, "%s: %.0f of %.0f", profiles[i][0], synced, all);
    }
    live_stop(&live);
}
