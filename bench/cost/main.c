/*
 * pprof-cost - what live profiling costs ffff under load.
 *     pprof-cost BIN-FOLDER ROUNDS SECONDS
 *
 * Each round starts a fresh process of each way to run it, in an order drawn anew, loads it for
 * some seconds, and takes its throughput and its CPU time a record. One of the ways is the plain
 * one once more: what differs there is noise. Ratios are medians over the rounds, with the sign
 * test's interval (stats.h). Ends with 1 if something could not be measured, 2 for bad usage.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "service.h"
#include "stats.h"

enum { ROUNDS_MAX = 200, CONNECTIONS = 4, OPTIONS_MAX = 8 };

static const double confidence = 0.95;

struct way {
    const char *name;
    const char *options[OPTIONS_MAX];
    bool is_profiled;                                     /* a CPU profile is taken all the while */
    double records_per_s[ROUNDS_MAX], cpu_ns[ROUNDS_MAX]; /* a record */
};

static struct way ways[] = {
    {.name = "without (the floor)"},
    {.name = "without, once more"},
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

struct profiling {
    int port;
    unsigned seconds;
    int status;
};

static void *take_profile(void *argument)
{
    struct profiling *profiling = argument;
    char path[64];

    snprintf(path, sizeof path, "/debug/pprof/profile?seconds=%u", profiling->seconds);
    profiling->status = service_get(profiling->port, path);
    return NULL;
}

/* One way's turn in a round. What naming the samples takes, at the profile's end, comes after it.
 */
static int measure(struct way *way, const char *program, unsigned round, unsigned seconds)
{
    struct service service;
    struct service_load load;
    struct profiling profiling = {.seconds = seconds + 1};
    pthread_t thread;

    if (service_start(&service, program, way->options) != 0)
        return -1;
    int status = service_load(&service, CONNECTIONS, 0.3, &load); /* warm */
    profiling.port = service.admin_port;
    bool is_profiled =
        way->is_profiled && pthread_create(&thread, NULL, take_profile, &profiling) == 0;
    if (is_profiled)
        nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    if (status == 0)
        status = service_load(&service, CONNECTIONS, seconds, &load);
    if (is_profiled)
        pthread_join(thread, NULL);
    service_stop(&service);
    way->records_per_s[round] = (double)load.records / load.seconds;
    way->cpu_ns[round] = load.cpu_seconds / (double)load.records * 1e9;
    return status | profiling.status;
}

static void shuffle(unsigned *order, unsigned count, unsigned *seed)
{
    for (unsigned i = count; i > 1; i--) {
        unsigned j = (unsigned)rand_r(seed) % i, kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
}

static void print_ratio(const double *with, const double *without, unsigned rounds)
{
    struct stats_interval ratio;

    if (stats_ratio(with, without, rounds, confidence, &ratio) < 0)
        printf("  %-21s", "?");
    else
        printf("  %.4f (%.4f-%.4f)", ratio.estimate, ratio.low, ratio.high);
}

static void print_table(unsigned rounds, unsigned seconds)
{
    printf(
        "ffff under load, %u connections, %u rounds of %u s a way; ratios to the floor, 95%%\n\n",
        CONNECTIONS, rounds, seconds);
    printf("%-30s %9s  %-24s  %s\n", "", "records/s", "throughput", "CPU time a record");
    for (unsigned i = 0; i < WAY_COUNT; i++) {
        printf("%-30s %9.0f", ways[i].name, stats_median(ways[i].records_per_s, rounds));
        if (i > 0) {
            print_ratio(ways[i].records_per_s, ways[0].records_per_s, rounds);
            print_ratio(ways[i].cpu_ns, ways[0].cpu_ns, rounds);
        }
        printf("\n");
    }
}

int main(int argc, char **argv)
{
    unsigned order[WAY_COUNT], seed = (unsigned)time(NULL);
    unsigned rounds = argc == 4 ? (unsigned)atoi(argv[2]) : 0;
    unsigned seconds = argc == 4 ? (unsigned)atoi(argv[3]) : 0;
    char program[4096];

    if (rounds < 1 || rounds > ROUNDS_MAX || seconds < 1 || seconds > 60) {
        fprintf(stderr, "pprof-cost BIN-FOLDER ROUNDS (1 to %d) SECONDS (1 to 60)\n", ROUNDS_MAX);
        return 2;
    }
    snprintf(program, sizeof program, "%s/fastenough-ffff", argv[1]);
    for (unsigned i = 0; i < WAY_COUNT; i++)
        order[i] = i;
    for (unsigned round = 0; round < rounds; round++) {
        shuffle(order, WAY_COUNT, &seed);
        for (unsigned i = 0; i < WAY_COUNT; i++)
            if (measure(&ways[order[i]], program, round, seconds) != 0) {
                fprintf(stderr, "pprof-cost: '%s' could not be measured\n", ways[order[i]].name);
                return 1;
            }
    }
    print_table(rounds, seconds);
    return 0;
}
