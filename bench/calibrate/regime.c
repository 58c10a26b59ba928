#include "bench/calibrate/regime.h"

#include <ctype.h>
#include <dirent.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/calibrate/debug_profile.h"
#include "bench/lesson.h"
#include "bench/process/http_get.h"
#include "bench/process/local_service.h"
#include "bench/process/service_metric.h"

enum { TEXT_SIZE = 32 << 20, PATIENCE_S = 60, THREADS_MAX = 4096 };
enum { LEAK_MIB = 64, EACH_LEAK_MIB = 2, EACH_RECORDS = 1000, MORE_REQUESTS = 12 };

/* A CPU profile takes the first of it to get under way; the load keeps clear of its end. */
#define START_S 0.4
#define END_S 0.3

#define FEW "2 threads"
#define MANY "20 threads"
#define WAITING ", database 50 us"
/* The naive build's threads share a request, and the fixed one's take turns at them. */
const struct regime regimes[REGIME_COUNT] = {
    {CODE_NAIVE, "0", "2", FEW, 5000, "5000"},
    {CODE_NAIVE, "0", "20", MANY, 5000, "5000"},
    {CODE_NAIVE, "50us", "2", FEW WAITING, 2000, "5000"},
    {CODE_NAIVE, "50us", "20", MANY WAITING, 2000, "5000"},
    {CODE_FIXED, "0", "2", FEW, 10000, "250"},
    {CODE_FIXED, "0", "20", MANY, 10000, "250"},
    {CODE_FIXED, "50us", "2", FEW WAITING, 2000, "100"},
    {CODE_FIXED, "50us", "20", MANY WAITING, 10000, "100"},
};

#define MIB (1024.0 * 1024)
const struct witness_row witness_rows[WITNESS_COUNT] = {
    [WITNESS_CPU] = {"cpu", "CPU time of the process", "ns", .enough = 1e8, .grain = 2e6},
    [WITNESS_BLOCK] = {"block", "lock statistics: wait", "ns", .enough = 1e8},
    [WITNESS_MUTEX] = {"mutex", "lock statistics: wait", "ns", .enough = 1e8},
    [WITNESS_ALLOCS] = {"allocs", "bytes allocated", "B", .enough = 32 * MIB, .grain = MIB / 2},
    [WITNESS_HEAP] = {"heap", "bytes leaked", "B", .enough = 32 * MIB, .grain = MIB / 2},
    [WITNESS_EACH_ALLOCATION] = {"allocs, count", "allocations", "1", .is_exact = true},
    [WITNESS_EACH_BYTE] = {"allocs, bytes", "bytes allocated", "B", .is_exact = true},
    [WITNESS_EACH_IN_USE] = {"heap, bytes", "bytes leaked", "B", .is_exact = true},
    [WITNESS_THREADS] = {"threads", "the kernel's list", "threads", .is_exact = true},
    [WITNESS_THREADCREATE] = {"threadcreate", "threads started", "threads", .is_exact = true},
};

bool reading_is_too_little(enum witness witness, const struct reading *reading)
{
    return reading->truth < witness_rows[witness].enough;
}

bool reading_agrees(enum witness witness, const struct reading *reading)
{
    const struct witness_row *row = &witness_rows[witness];
    double off = fabs(reading->profile - reading->truth);

    if (row->is_exact)
        return off == 0; /* NAN is not */
    return off <= fmax(WITNESS_TOLERANCE * fmax(reading->truth, row->enough),
                       3 * sqrt(row->grain * reading->truth));
}

static double seconds_of(clockid_t clock)
{
    struct timespec now = {0};

    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A service while it is looked at. */
struct look {
    struct local_service service;
    char *text; /* of the last profile that was asked for, TEXT_SIZE */
    const char *problem;
    atomic_bool is_over; /* the CPU profile that is asked for in a thread of its own */
    unsigned seconds;
};

/* The sum of the profile's values in the stacks with that function; NAN: this build has none. */
static double ask(struct look *look, const char *profile, const char *function, unsigned value)
{
    char path[64];

    snprintf(path, sizeof path, "/debug/pprof/%s%cdebug=1", profile,
             strchr(profile, '?') != NULL ? '&' : '?');
    int status = http_get(look->service.admin_port, path, "*/*", PATIENCE_S, look->text, TEXT_SIZE);
    const char *body = http_body(look->text);
    bool is_whole = status == 200 && body != NULL && strlen(look->text) < TEXT_SIZE - 1;
    return is_whole ? debug_profile_sum(body, function, value) : NAN;
}

static void request(struct look *look, const char *path)
{
    char answer[64]; /* its status is what is wanted */

    if (http_get(look->service.port, path, "*/*", PATIENCE_S, answer, sizeof answer) != 200)
        look->problem = "a request was not answered with 200";
}

static struct reading compare(struct look *look, double profile, const char *metric)
{
    return (struct reading){profile, service_metric(look->service.port, metric)};
}

static void request_records(struct look *look, const struct regime *regime, unsigned seed)
{
    char path[64];

    snprintf(path, sizeof path, "/process?n=%u&seed=%u", regime->records, seed);
    request(look, path);
}

static void *take_cpu_profile(void *argument)
{
    struct look *look = argument;
    char profile[32];
    double *ns = malloc(sizeof *ns);

    snprintf(profile, sizeof profile, "profile?seconds=%u", look->seconds);
    if (ns != NULL)
        *ns = ask(look, profile, NULL, 1);
    atomic_store(&look->is_over, true);
    return ns;
}

/* Records, one question after the other, for as long as the CPU is profiled. */
static void read_cpu(struct look *look, const struct regime *regime, struct reading *reading)
{
    const double room = look->seconds - START_S - END_S;
    clockid_t clock;
    pthread_t thread;
    double *profiled = NULL;

    *reading = (struct reading){NAN, NAN};
    if (clock_getcpuclockid(look->service.process, &clock) != 0 ||
        pthread_create(&thread, NULL, take_cpu_profile, look) != 0) {
        look->problem = "the CPU could not be profiled";
        return;
    }
    nanosleep(&(struct timespec){.tv_nsec = (long)(START_S * 1e9)}, NULL);
    double start = seconds_of(CLOCK_MONOTONIC), spent = 0, cpu = seconds_of(clock);
    for (unsigned i = 1; look->problem == NULL && (i == 1 || spent * i <= room * (i - 1)); i++) {
        request_records(look, regime, i);
        spent = seconds_of(CLOCK_MONOTONIC) - start;
    }
    reading->truth = 1e9 * (seconds_of(clock) - cpu);
    if (atomic_load(&look->is_over)) /* a busy machine: the load was longer than the profile */
        reading->truth = NAN;
    pthread_join(thread, (void **)&profiled);
    reading->profile = profiled != NULL ? *profiled : NAN;
    free(profiled);
}

/* Until there is enough of it, where there is any worth mentioning. */
static void wait_for_locks(struct look *look, const struct regime *regime)
{
    const double enough = 2 * witness_rows[WITNESS_BLOCK].enough;

    for (unsigned i = 1; i <= MORE_REQUESTS; i++) {
        double waited = service_metric(look->service.port, "lock.wait_ns");
        if (waited < enough / 20 || waited >= enough || look->problem != NULL)
            return;
        request_records(look, regime, i + MORE_REQUESTS);
    }
}

static void read_as_it_is(struct look *look, const struct regime *regime, struct reading *readings)
{
    char path[32];

    read_cpu(look, regime, &readings[WITNESS_CPU]);
    wait_for_locks(look, regime);
    readings[WITNESS_BLOCK] = compare(look, ask(look, "block", "lock_acquire", 1), "lock.wait_ns");
    readings[WITNESS_MUTEX] = compare(look, ask(look, "mutex", "lock_release", 1), "lock.wait_ns");
    readings[WITNESS_ALLOCS] =
        compare(look, ask(look, "allocs", "worker_process", 1), "work.allocated_bytes");
    snprintf(path, sizeof path, "/leak?mb=%d", LEAK_MIB);
    request(look, path);
    readings[WITNESS_HEAP] =
        compare(look, ask(look, "heap", "leak_grow", 3), "process.leaked_bytes");
}

struct id_list {
    long ids[THREADS_MAX];
    unsigned count;
};

static void list_threads(pid_t process, struct id_list *list)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/%d/task", (int)process);
    DIR *folder = opendir(path);
    list->count = 0;
    if (folder == NULL)
        return;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        if (isdigit((unsigned char)entry->d_name[0]) && list->count < THREADS_MAX)
            list->ids[list->count++] = atol(entry->d_name);
    closedir(folder);
}

static bool has(const struct id_list *list, long id)
{
    for (unsigned i = 0; i < list->count; i++)
        if (list->ids[i] == id)
            return true;
    return false;
}

/* Those that are there before and after, one by one. The one that answers is there for that. */
static void read_threads(struct look *look, struct reading *reading)
{
    struct id_list before, after;
    unsigned seen = 0, unknown = 0, staying = 0;

    *reading = (struct reading){NAN, NAN};
    list_threads(look->service.process, &before);
    if (isnan(ask(look, "threads", NULL, 0)))
        return;
    list_threads(look->service.process, &after);
    const char *text = look->text;
    for (long id; (id = debug_profile_next(&text, "# labels: thread=")) >= 0;) {
        seen += has(&before, id) && has(&after, id);
        unknown += !has(&before, id) && !has(&after, id);
    }
    for (unsigned i = 0; i < before.count; i++)
        staying += has(&after, before.ids[i]);
    *reading = (struct reading){seen + (unknown > 1 ? unknown - 1 : 0), staying};
}

static void read_each(struct look *look, struct reading *readings)
{
    char path[64];

    snprintf(path, sizeof path, "/process?n=%d", EACH_RECORDS);
    request(look, path);
    snprintf(path, sizeof path, "/leak?mb=%d", EACH_LEAK_MIB);
    request(look, path);
    readings[WITNESS_EACH_ALLOCATION] =
        compare(look, ask(look, "allocs", "worker_process", 0), "work.allocations");
    readings[WITNESS_EACH_BYTE] =
        compare(look, ask(look, "allocs", "worker_process", 1), "work.allocated_bytes");
    readings[WITNESS_EACH_IN_USE] =
        compare(look, ask(look, "heap", "leak_grow", 3), "process.leaked_bytes");
    read_threads(look, &readings[WITNESS_THREADS]);
    readings[WITNESS_THREADCREATE] =
        compare(look, ask(look, "threadcreate", "thread_start", 0), "workers.threads_started");
}

int regime_read(const struct regime *regime, const char *programs, unsigned seconds,
                struct reading readings[WITNESS_COUNT], char error[REGIME_ERROR_SIZE])
{
    static const char *const collected[] = {"heap,locks,threadcreate", "heap-all,threadcreate"};
    struct look look = {.seconds = seconds, .text = malloc(TEXT_SIZE)};
    char program[4096], reason[LOCAL_SERVICE_ERROR_SIZE];

    snprintf(program, sizeof program, "%s/fastenough-%s", programs, regime->build);
    snprintf(reason, sizeof reason, "out of memory");
    int status = look.text != NULL ? 0 : -1;
    for (int i = 0; i < 2 && status == 0; i++) {
        const char *const options[] = {"--admin",
                                       "127.0.0.1:0",
                                       "--admin-collects",
                                       collected[i],
                                       "--request",
                                       regime->request,
                                       "--request-bytes",
                                       "16MiB",
                                       "--workers",
                                       regime->threads,
                                       "--db-latency",
                                       regime->latency,
                                       "--max-threads",
                                       "4000",
                                       "--max-memory",
                                       "100GiB",
                                       NULL};
        status = local_service_start(&look.service, program, options, reason);
        if (status != 0)
            break;
        if (i == 0)
            read_as_it_is(&look, regime, readings);
        else
            read_each(&look, readings);
        local_service_stop(&look.service);
        snprintf(reason, sizeof reason, "%s", look.problem != NULL ? look.problem : "");
        status = look.problem != NULL ? -1 : 0;
    }
    free(look.text);
    if (status != 0)
        snprintf(error, REGIME_ERROR_SIZE, "%s, %s: %s", regime->build, regime->condition, reason);
    return status;
}
