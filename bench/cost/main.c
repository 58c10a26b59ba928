/*
 * pprof-cost - what live profiling costs ffff under load.
 *     pprof-cost BIN-FOLDER ROUNDS
 *
 * A round starts a fresh pair of processes: one that is profiled in some way, and one that is not.
 * They get the same requests in turn, a tenth of a second at a time, in ABBA order, so that
 * whatever else the machine does hits both. The round's ratio is that of their sums; the result is
 * the median over the rounds with the sign test's interval (stats.h). One of the ways is no
 * profiling at all: what differs there is noise. Ends with 1 if something could not be measured, 2
 * for bad usage.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "service.h"
#include "stats.h"

enum { ROUNDS_MAX = 200, CONNECTIONS = 2, WARM_TURNS = 2, TURNS = 12, OPTIONS_MAX = 8 };
enum { PROFILE_SECONDS = 300 }; /* longer than a round: the end of the process ends it */
enum { START_NS = 500000000 };  /* for a CPU profile to be under way */

static const double confidence = 0.95;

struct way {
    const char *name;
    const char *options[OPTIONS_MAX];
    bool is_profiled; /* a CPU profile is taken all the while */
    /* what the rounds' turns took in all, in seconds: */
    double cpu[ROUNDS_MAX], plain_cpu[ROUNDS_MAX];
    double wall[ROUNDS_MAX], plain_wall[ROUNDS_MAX];
};

static struct way ways[] = {
    {.name = "nothing (the noise)"},
    {.name = "listener, nothing collected",
     .options = {"--admin", "127.0.0.1:0", "--admin-collects", "none"}},
    {.name = "CPU profile, 100 Hz",
     .options = {"--admin", "127.0.0.1:0", "--admin-collects", "none"},
     .is_profiled = true},
    {.name = "mutex and block", .options = {"--admin", "127.0.0.1:0", "--admin-collects", "locks"}},
    {.name = "heap at 512 KiB", .options = {"--admin", "127.0.0.1:0", "--admin-collects", "heap"}},
    {.name = "all of it, as --admin has it", .options = {"--admin", "127.0.0.1:0"}},
    {.name = "all of it, and a CPU profile",
     .options = {"--admin", "127.0.0.1:0"},
     .is_profiled = true},
};

enum { WAY_COUNT = sizeof ways / sizeof ways[0] };

static void *take_profile(void *argument)
{
    const struct service *service = argument;
    char path[64];

    snprintf(path, sizeof path, "/debug/pprof/profile?seconds=%d", PROFILE_SECONDS);
    service_watch(service->admin_port, path);
    return NULL;
}

/* Both get the same work, in turn. 0, or -1. */
static int take_turns(const struct service pair[2], unsigned turns, struct service_load loads[2])
{
    for (unsigned i = 0; i < turns; i++) {
        unsigned first = i % 2; /* ABBA */
        if (service_load(&pair[first], CONNECTIONS, &loads[first]) != 0 ||
            service_load(&pair[!first], CONNECTIONS, &loads[!first]) != 0)
            return -1;
    }
    return 0;
}

/*
 * One way's pair in a round. What a CPU profile takes once, to make ready at its start and to name
 * the samples at its end, is not in it.
 */
static int measure(struct way *way, const char *program, unsigned round)
{
    static const char *const none[] = {NULL};
    struct service pair[2];
    struct service_load loads[2] = {{0}}, warm[2] = {{0}};
    pthread_t thread;

    if (service_start(&pair[0], program, way->options) != 0)
        return -1;
    if (service_start(&pair[1], program, none) != 0) {
        service_stop(&pair[0]);
        return -1;
    }
    bool is_profiled =
        way->is_profiled && pthread_create(&thread, NULL, take_profile, &pair[0]) == 0;
    if (is_profiled)
        nanosleep(&(struct timespec){.tv_nsec = START_NS}, NULL);
    int status = take_turns(pair, WARM_TURNS, warm);
    if (status == 0)
        status = take_turns(pair, TURNS, loads);
    service_stop(&pair[0]);
    service_stop(&pair[1]);
    if (is_profiled)
        pthread_join(thread, NULL);
    way->cpu[round] = loads[0].cpu_seconds;
    way->wall[round] = loads[0].seconds;
    way->plain_cpu[round] = loads[1].cpu_seconds;
    way->plain_wall[round] = loads[1].seconds;
    return status;
}

static void print_ratio(const double *with, const double *without, unsigned rounds)
{
    struct stats_interval ratio;

    if (stats_ratio(with, without, rounds, confidence, &ratio) < 0)
        printf("  %-23s", "?");
    else
        printf("  %.4f (%.4f-%.4f)", ratio.estimate, ratio.low, ratio.high);
}

static void print_table(unsigned rounds)
{
    printf("\nffff under load, %d connections, %u rounds of 2 x %d turns of %d records each;\n"
           "with profiling / without, with 95%% intervals over the rounds\n\n%-30s  %-23s  %s\n",
           CONNECTIONS, rounds, TURNS, CONNECTIONS * SERVICE_RECORDS, "", "CPU time", "wall time");
    for (unsigned i = 0; i < WAY_COUNT; i++) {
        printf("%-30s", ways[i].name);
        print_ratio(ways[i].cpu, ways[i].plain_cpu, rounds);
        print_ratio(ways[i].wall, ways[i].plain_wall, rounds);
        printf("\n");
    }
}

int main(int argc, char **argv)
{
    unsigned rounds = argc == 3 ? (unsigned)atoi(argv[2]) : 0;
    char program[4096];

    if (rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "pprof-cost BIN-FOLDER ROUNDS (1 to %d)\n", ROUNDS_MAX);
        return 2;
    }
    snprintf(program, sizeof program, "%s/fastenough-ffff", argv[1]);
    for (unsigned round = 0; round < rounds; round++) {
        for (unsigned i = 0; i < WAY_COUNT; i++)
            if (measure(&ways[i], program, round) != 0) {
                fprintf(stderr, "pprof-cost: '%s' could not be measured\n", ways[i].name);
                return 1;
            }
        if (isatty(STDERR_FILENO))
            fprintf(stderr, "\rround %u of %u", round + 1, rounds);
    }
    print_table(rounds);
    return 0;
}
