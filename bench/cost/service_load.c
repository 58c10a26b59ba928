#include "bench/cost/service_load.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bench/process/http_get.h"

enum { CONNECTIONS_MAX = 16 };

static double seconds_of(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int get(int port, const char *path)
{
    char answer[64]; /* its status is what is wanted */
    int status = http_get(port, path, "*/*", 0, answer, sizeof answer);

    if (status == 200)
        return 0;
    answer[strcspn(answer, "\r")] = '\0';
    fprintf(stderr, "http://127.0.0.1:%d%s was not answered with 200: %s\n", port, path, answer);
    return -1;
}

/* A connection's own thread. */
struct client {
    pthread_t thread;
    int port;
    unsigned records;
    int status;
};

static void *ask(void *argument)
{
    struct client *client = argument;
    char path[64];

    snprintf(path, sizeof path, "/process?n=%u", client->records);
    client->status = get(client->port, path);
    return NULL;
}

int service_load_add(const struct local_service *service, unsigned connections, unsigned records,
                     struct service_load *load)
{
    struct client clients[CONNECTIONS_MAX];
    clockid_t clock;
    unsigned count = 0;
    int status = 0;

    if (clock_getcpuclockid(service->process, &clock) != 0)
        return -1;
    double cpu_before = seconds_of(clock), before = seconds_of(CLOCK_MONOTONIC);
    for (; count < connections && count < CONNECTIONS_MAX; count++) {
        clients[count] = (struct client){.port = service->port, .records = records};
        if (pthread_create(&clients[count].thread, NULL, ask, &clients[count]) != 0)
            break;
    }
    for (unsigned i = 0; i < count; i++) {
        pthread_join(clients[i].thread, NULL);
        status |= clients[i].status;
    }
    load->records += (uint64_t)count * records;
    load->seconds += seconds_of(CLOCK_MONOTONIC) - before;
    load->cpu_seconds += seconds_of(clock) - cpu_before;
    return count > 0 ? status : -1;
}
