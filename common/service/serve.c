#include "common/service/serve.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "common/clock.h"
#include "common/pprof/pprof.h"
#include "common/service/http.h"
#include "common/variant.h"

enum { EXIT_USAGE = 2, TICK_NS = 100000000, FILES_EXTRA = 128 };

/*
 * A connection is a file: makes room for all that may be, as the usual soft limit of 1024 is less
 * than the default cap needs. 0, or -1 after a message.
 */
static int raise_file_limit(unsigned connections_max)
{
    const rlim_t needed = connections_max + FILES_EXTRA;
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed)
        return 0;
    limit.rlim_cur = limit.rlim_max < needed ? limit.rlim_max : needed;
    if (limit.rlim_cur == needed && setrlimit(RLIMIT_NOFILE, &limit) == 0)
        return 0;
    fprintf(stderr,
            "fastenough: %u connections need %llu open files, and the limit is %llu (ulimit -n): "
            "raise it, or lower --max-connections\n",
            connections_max, (unsigned long long)needed, (unsigned long long)limit.rlim_max);
    return -1;
}

/* Signals are for the main thread alone, so that they end its sleep. */
static void block_signals(int how)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(how, &set, NULL);
}

static void announce(const struct http *http, const struct pprof *admin,
                     const struct service_options *options)
{
    const char *sqlite_path = options->database.sqlite_path;

    printf("fastenough-%s: listening on %s\n", variant_code, http_url(http));
    if (admin != NULL)
        printf("  profiles at %s\n", pprof_url(admin));
    printf("  database %s%s; records go to the workers in requests of %u\n",
           sqlite_path != NULL ? "sqlite:" : "sim", sqlite_path != NULL ? sqlite_path : "",
           options->intake.request_records);
    printf("  caps: %u worker threads, %zu MiB resident, %u connections, %zu MiB of bodies\n",
           options->limits.threads_max, options->limits.bytes_max >> 20, options->connections_max,
           options->intake.buffers_bytes_max >> 20);
    fflush(stdout);
}

static void tick(struct service *service)
{
    const struct timespec pause = {.tv_nsec = TICK_NS};
    nanosleep(&pause, NULL);
    peers_drop_late(&service->peers);
}

/* Lets the requests in flight finish. 0, or -1 if some did not within their time. */
static int drain(struct service *service, struct http *http)
{
    const uint64_t deadline_ns = clock_ns() + service->options.drain_ns;
    unsigned left;

    atomic_store(&service->is_draining, true);
    http_stop_listening(http);
    while ((left = atomic_load(&service->exchange_count)) > 0 && clock_ns() < deadline_ns)
        tick(service);
    if (left == 0)
        return 0;
    fprintf(stderr, "fastenough: %u requests were not done in time (--drain) and are cut off\n",
            left);
    return -1;
}

static int serve(const struct service_options *options, const volatile sig_atomic_t *is_stopped)
{
    static struct service service; /* large, and there is one */
    struct pprof *admin;
    char error[SERVICE_ERROR_SIZE];
    int status = EXIT_FAILURE;

    _Static_assert((int)ADMIN_ERROR_SIZE <= (int)SERVICE_ERROR_SIZE, "any sentence has room");

    if (raise_file_limit(options->connections_max) != 0)
        return EXIT_FAILURE;
    block_signals(SIG_BLOCK); /* the threads inherit this */
    /* before the workers, so that what starts them is seen */
    if (admin_start(&options->admin, &admin, error) != 0) {
        fprintf(stderr, "fastenough: %s\n", error);
        return EXIT_FAILURE;
    }
    if (service_init(&service, options, error) != 0) {
        fprintf(stderr, "fastenough: %s\n", error);
        pprof_stop(admin);
        return EXIT_FAILURE;
    }
    struct http *http = http_new(&service, options->listen, error);
    block_signals(SIG_UNBLOCK);
    if (http == NULL) {
        fprintf(stderr, "fastenough: %s\n", error);
    } else {
        announce(http, admin, options);
        while (!*is_stopped)
            tick(&service);
        status = drain(&service, http) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    http_delete(http);
    pprof_stop(admin);
    service_free(&service);
    return status;
}

int serve_command(int argc, char **argv, const volatile sig_atomic_t *is_stopped)
{
    struct service_options options;

    return serve_options_parse(argc, argv, &options) == 0 ? serve(&options, is_stopped)
                                                          : EXIT_USAGE;
}
