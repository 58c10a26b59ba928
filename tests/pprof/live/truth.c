/*
 * What the profiles say of locks, held against what the program's own locks count (lock.h).
 *
 * One run of each regime; PPROF_TRUTH_RUNS=10 makes ten of fresh services, of which nine have to
 * agree, and prints them.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/pprof/locks.h"
#include "tests/pprof/live/live.h"
#include "tests/service/client.h"

enum { RUNS_MAX = 100 };

/* Twice of what is enough, since other locks are in the profiles, too. */
#define ENOUGH_NS (2.0 * LOCKS_EXACT_NS)

struct regime {
    const char *variant, *latency, *workers;
    unsigned records, requests; /* so many requests at most, until enough was waited */
};

struct truth {
    double own_ns, mutex_ns, block_ns;
    double mutex_sync, block_sync; /* the share of store_sync() */
    bool is_too_little;            /* the mutex profile says so */
};

static char output[CLIENTS_OUTPUT_SIZE];

/* What ?debug=1 has for a function and those that it calls; 0: nothing. */
static double cum_ns(const char *function)
{
    static const char *const units[] = {"ns", "us", "ms", "s"};
    static const double scales[] = {1, 1e3, 1e6, 1e9};
    char *copy = strdup(output), *rest = NULL;
    double found_ns = 0;

    for (char *line = strtok_r(copy, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        char unit[8], name[128];
        double number;
        if (sscanf(line, "# %*s %*s %lf%7[a-z] %*s %127s", &number, unit, name) != 3 ||
            strcmp(name, function) != 0)
            continue;
        for (int i = 0; i < 4; i++)
            if (strcmp(unit, units[i]) == 0)
                found_ns = number * scales[i];
    }
    free(copy);
    return found_ns;
}

static void fetch(const struct live *live, const char *profile)
{
    cr_assert_eq(clients_run(output, "curl -sSf \"http://127.0.0.1:%d/debug/pprof/%s?debug=1\"",
                             live->admin_port, profile),
                 0, "%s", output);
}

static void measure(const struct regime *regime, struct truth *truth)
{
    const char *const options[] = {
        "--request",     "1000",  "--db-latency", regime->latency, "--workers", regime->workers,
        "--max-threads", "20000", "--max-memory", "100GiB",        NULL};
    struct live live;

    live_start(&live, regime->variant, options);
    truth->own_ns = 0;
    for (unsigned i = 1; i <= regime->requests && truth->own_ns < ENOUGH_NS; i++) {
        struct client_answer answer;
        char path[64];
        snprintf(path, sizeof path, "/process?n=%u&seed=%u", regime->records, i);
        client_get(live.server.port, path, "", &answer);
        cr_assert_eq(answer.status, 200);
        client_answer_free(&answer);
        truth->own_ns = server_metric(&live.server, "lock.wait_ns");
    }
    fetch(&live, "mutex");
    truth->is_too_little = strstr(output, "Too little") != NULL;
    truth->mutex_ns = cum_ns("lock_release");
    truth->mutex_sync = cum_ns("store_sync") / fmax(truth->mutex_ns, 1);
    if (truth->is_too_little) { /* for clients, too */
        live_go(&live, "-comments", "mutex", output);
        cr_assert_not_null(strstr(output, "Too little"), "%s", output);
    }
    fetch(&live, "block");
    truth->block_ns = cum_ns("lock_acquire");
    truth->block_sync = cum_ns("store_sync") / fmax(truth->block_ns, 1);
    live_stop(&live);
}

/* What is little is only to be as little: the profile may be of other locks, with a lot of it. */
static bool is_near(double value_ns, double wanted_ns)
{
    return fabs(value_ns - wanted_ns) <= 0.1 * fmax(wanted_ns, LOCKS_EXACT_NS);
}

/*
 * Within a tenth of each other, or it was said that there is too little. Shares by caller are known
 * where the lock is held for long. Where it is not, those who wait wait for a CPU on a busy
 * machine, once the lock is free, and who released it last is charged for that: tests/pprof/mutex.c
 * has shares of such releases that are known.
 */
static bool agrees(const struct regime *regime, const struct truth *truth)
{
    bool is_held_long = strcmp(regime->latency, "0") != 0;

    if (truth->is_too_little)
        return truth->own_ns < 1.1 * LOCKS_EXACT_NS;
    return is_near(truth->mutex_ns, truth->own_ns) && is_near(truth->block_ns, truth->own_ns) &&
           (!is_held_long || (truth->mutex_sync <= 0.1 && truth->block_sync <= 0.1));
}

static void expect_truth(const struct regime *regime)
{
    const char *wanted = getenv("PPROF_TRUTH_RUNS");
    int count = wanted != NULL ? atoi(wanted) : 1, agreed = 0;
    struct truth truth;

    cr_assert(count >= 1 && count <= RUNS_MAX);
    for (int i = 0; i < count; i++) {
        measure(regime, &truth);
        bool is_agreed = agrees(regime, &truth);
        agreed += is_agreed;
        if (wanted != NULL || !is_agreed)
            fprintf(
                stderr,
                "%s, %s, %s threads: own %.1f ms; mutex %.3f, block %.3f of it; store_sync %.3f "
                "and %.3f of these%s%s\n",
                regime->variant, regime->latency, regime->workers, truth.own_ns / 1e6,
                truth.mutex_ns / fmax(truth.own_ns, 1), truth.block_ns / fmax(truth.own_ns, 1),
                truth.mutex_sync, truth.block_sync, truth.is_too_little ? "; too little" : "",
                is_agreed ? "" : ": DISAGREES");
    }
    cr_expect_geq(agreed, count - count / 10, "%d of %d", agreed, count);
    if (regime->variant[2] == 'n') /* one lock for all: it never comes to nothing */
        cr_expect_not(truth.is_too_little);
}

Test(truth, naive_2_threads)
{
    expect_truth(&(struct regime){"nnnn", "0", "2", 10000, 60});
}

Test(truth, naive_20_threads)
{
    expect_truth(&(struct regime){"nnnn", "0", "20", 10000, 60});
}

Test(truth, naive_2_threads_that_wait_for_the_database)
{
    expect_truth(&(struct regime){"nnnn", "50us", "2", 2000, 60});
}

Test(truth, naive_20_threads_that_wait_for_the_database)
{
    expect_truth(&(struct regime){"nnnn", "50us", "20", 2000, 60});
}

Test(truth, pool_of_2_threads)
{
    expect_truth(&(struct regime){"ffff", "0", "2", 10000, 4});
}

Test(truth, pool_of_20_threads)
{
    expect_truth(&(struct regime){"ffff", "0", "20", 10000, 4});
}

Test(truth, pool_of_2_threads_that_wait_for_the_database)
{
    expect_truth(&(struct regime){"ffff", "50us", "2", 2000, 4});
}

Test(truth, pool_of_20_threads_that_wait_for_the_database)
{
    expect_truth(&(struct regime){"ffff", "50us", "20", 2000, 4});
}
