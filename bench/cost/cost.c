#include "bench/cost/cost.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

#include "bench/cost/service_load.h"
#include "bench/lesson.h"
#include "bench/process/http_get.h"
#include "bench/process/service_metric.h"
#include "bench/readers/json.h"
#include "bench/statistics/stats.h"

enum { CONNECTIONS = 2, WARM_TURNS = 2, OPTIONS_MAX = 8 };
enum { RECORDS = 5000, OBSERVED_RECORDS = 1000 }; /* of a question */
enum { PROFILE_SECONDS = 300 }; /* longer than a round: the end of the process ends it */
enum { START_NS = 500000000 };  /* for a CPU profile to be under way */

static const double confidence = 0.95;

struct way {
    const char *id, *label;
    const char *options[OPTIONS_MAX];
    bool is_profiled; /* a CPU profile is taken all the while */
};

static const struct way ways[] = {
    {"nothing", "nothing (the noise)", {NULL}, false},
    {"listener",
     "listener, nothing collected",
     {"--admin", "127.0.0.1:0", "--admin-collects", "none"},
     false},
    {"cpu", "CPU profile, 100 Hz", {"--admin", "127.0.0.1:0", "--admin-collects", "none"}, true},
    {"locks", "mutex and block", {"--admin", "127.0.0.1:0", "--admin-collects", "locks"}, false},
    {"heap", "heap at 512 KiB", {"--admin", "127.0.0.1:0", "--admin-collects", "heap"}, false},
    {"all", "all of it, as --admin has it", {"--admin", "127.0.0.1:0"}, false},
    {"all_cpu", "all of it, and a CPU profile", {"--admin", "127.0.0.1:0"}, true},
};

enum { WAY_COUNT = sizeof ways / sizeof ways[0] };

/* What the rounds' turns took in all, in seconds, with and without. */
struct rounds_of_way {
    double cpu[2][COST_ROUNDS_MAX], wall[2][COST_ROUNDS_MAX], lock[2][COST_ROUNDS_MAX];
};

static const char *build_of(const struct cost_plan *plan)
{
    return plan->is_observer ? CODE_NAIVE : CODE_FIXED;
}

double cost_seconds(const struct cost_plan *plan)
{
    return plan->rounds * WAY_COUNT * (0.3 + 0.04 * plan->turns);
}

static void *take_profile(void *argument)
{
    const struct local_service *service = argument;
    char path[64], answer[64]; /* of which nothing is wanted */

    snprintf(path, sizeof path, "/debug/pprof/profile?seconds=%d", PROFILE_SECONDS);
    http_get(service->admin_port, path, "*/*", 0, answer, sizeof answer);
    return NULL;
}

/* Both get the same work, in turn. 0, or -1. */
static int take_turns(const struct local_service pair[2], unsigned turns, unsigned records,
                      struct service_load loads[2])
{
    for (unsigned i = 0; i < turns; i++) {
        unsigned first = i % 2; /* ABBA */
        if (service_load_add(&pair[first], CONNECTIONS, records, &loads[first]) != 0 ||
            service_load_add(&pair[!first], CONNECTIONS, records, &loads[!first]) != 0)
            return -1;
    }
    return 0;
}

static int start(struct local_service *service, const struct cost_plan *plan,
                 const char *const *options)
{
    /* a question is one request: the naive build has a crew of threads for each, which stay */
    const char *all[OPTIONS_MAX + 2] = {"--request", "5000"};
    unsigned count = plan->is_observer ? 2 : 0;
    char program[4096], error[LOCAL_SERVICE_ERROR_SIZE];

    for (unsigned i = 0; options[i] != NULL; i++)
        all[count++] = options[i];
    all[count] = NULL;
    snprintf(program, sizeof program, "%s/fastenough-%s", plan->programs, build_of(plan));
    if (local_service_start(service, program, all, error) == 0)
        return 0;
    fprintf(stderr, "%s\n", error);
    return -1;
}

/* What a pair's turns took. */
struct turns_taken {
    struct service_load loads[2];
    double lock_ns[2];
};

/* One way's pair in a round. */
static int measure_pair(const struct way *way, const struct cost_plan *plan,
                        struct turns_taken *taken)
{
    static const char *const none[] = {NULL};
    const unsigned records = plan->is_observer ? OBSERVED_RECORDS : RECORDS;
    struct local_service pair[2];
    struct service_load warm[2] = {{0}};
    pthread_t thread;

    if (start(&pair[0], plan, way->options) != 0)
        return -1;
    if (start(&pair[1], plan, none) != 0) {
        local_service_stop(&pair[0]);
        return -1;
    }
    bool is_profiled =
        way->is_profiled && pthread_create(&thread, NULL, take_profile, &pair[0]) == 0;
    if (is_profiled)
        nanosleep(&(struct timespec){.tv_nsec = START_NS}, NULL);
    int status = take_turns(pair, WARM_TURNS, records, warm);
    for (unsigned side = 0; side < 2; side++)
        taken->lock_ns[side] = -service_metric(pair[side].port, "lock.wait_ns");
    if (status == 0)
        status = take_turns(pair, plan->turns, records, taken->loads);
    for (unsigned side = 0; side < 2; side++)
        taken->lock_ns[side] += service_metric(pair[side].port, "lock.wait_ns");
    local_service_stop(&pair[0]);
    local_service_stop(&pair[1]);
    if (is_profiled)
        pthread_join(thread, NULL);
    return is_profiled == way->is_profiled ? status : -1;
}

static int measure_all(const struct cost_plan *plan, struct rounds_of_way *measured, char *error,
                       size_t error_size)
{
    error[0] = '\0';
    for (unsigned i = 0; i < plan->rounds * WAY_COUNT; i++) {
        unsigned round = i / WAY_COUNT, way = i % WAY_COUNT;
        struct turns_taken taken = {.loads = {{0}}};
        if (plan->go_on != NULL && !plan->go_on(plan->context, i, plan->rounds * WAY_COUNT))
            return -1;
        if (measure_pair(&ways[way], plan, &taken) != 0) {
            snprintf(error, error_size, "the cost of profiling could not be measured: %s",
                     ways[way].label);
            return -1;
        }
        for (unsigned side = 0; side < 2; side++) {
            measured[way].cpu[side][round] = taken.loads[side].cpu_seconds;
            measured[way].wall[side][round] = taken.loads[side].seconds;
            measured[way].lock[side][round] = taken.lock_ns[side];
        }
    }
    return 0;
}

static void add_ratio(cJSON *object, const char *name, const double *with, const double *without,
                      unsigned rounds)
{
    struct stats_interval ratio;
    cJSON *item = cJSON_AddObjectToObject(object, name);

    stats_ratio(with, without, rounds, confidence, &ratio);
    if (!isfinite(ratio.high))
        ratio.low = NAN; /* an interval without its end is none */
    json_add_number(item, "ratio", ratio.estimate);
    json_add_number(item, "ci_low", ratio.low);
    json_add_number(item, "ci_high", ratio.high);
}

static cJSON *describe(const struct cost_plan *plan, const struct rounds_of_way *measured)
{
    cJSON *document = cJSON_CreateObject();

    cJSON_AddStringToObject(document, "build", build_of(plan));
    cJSON_AddNumberToObject(document, "rounds", plan->rounds);
    cJSON_AddNumberToObject(document, "turns", plan->turns);
    cJSON_AddNumberToObject(document, "connections", CONNECTIONS);
    cJSON_AddNumberToObject(document, "turn_records",
                            CONNECTIONS * (plan->is_observer ? OBSERVED_RECORDS : RECORDS));
    cJSON_AddNumberToObject(document, "confidence", confidence);
    cJSON *list = cJSON_AddArrayToObject(document, "ways");
    for (unsigned i = 0; i < WAY_COUNT; i++) {
        cJSON *item = cJSON_CreateObject();
        cJSON_AddItemToArray(list, item);
        cJSON_AddStringToObject(item, "id", ways[i].id);
        cJSON_AddStringToObject(item, "label", ways[i].label);
        add_ratio(item, "cpu", measured[i].cpu[0], measured[i].cpu[1], plan->rounds);
        add_ratio(item, "wall", measured[i].wall[0], measured[i].wall[1], plan->rounds);
        if (plan->is_observer)
            add_ratio(item, "lock", measured[i].lock[0], measured[i].lock[1], plan->rounds);
    }
    return document;
}

cJSON *cost_measure(const struct cost_plan *plan, char *error, size_t error_size)
{
    static struct rounds_of_way measured[WAY_COUNT]; /* large */

    return measure_all(plan, measured, error, error_size) == 0 ? describe(plan, measured) : NULL;
}
