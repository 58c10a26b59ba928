#define _GNU_SOURCE /* pipe2 */
#include "bench/cost/service.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 24, CONNECTIONS_MAX = 16, OUTPUT_SIZE = 4096 };

static double seconds_of(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The port behind a word of what was printed; 0 if it is not there. */
static int port_behind(const char *printed, const char *word)
{
    const char *at = strstr(printed, word);

    if (at != NULL)
        at = strstr(at, "http://127.0.0.1:");
    return at != NULL ? atoi(at + strlen("http://127.0.0.1:")) : 0;
}

int service_start(struct service *service, const char *program, const char *const *options)
{
    const char *arguments[ARGUMENTS_MAX] = {program, "serve", "--listen", "127.0.0.1:0"};
    char printed[OUTPUT_SIZE] = "";
    size_t length = 0;
    ssize_t count;
    int ends[2];

    for (int i = 0; options[i] != NULL; i++) {
        assert(i + 5 < ARGUMENTS_MAX);
        arguments[4 + i] = options[i];
    }
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    service->process = fork();
    if (service->process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        setpgid(0, 0); /* Ctrl-C is for who measures; it ends this one */
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        execv(program, (char *const *)arguments);
        fprintf(stderr, "cannot run %s: %s\n", program, strerror(errno));
        _exit(127);
    }
    close(ends[1]);
    service->output = ends[0];
    while (strstr(printed, "caps: ") == NULL && length < sizeof printed - 1 &&
           (count = read(ends[0], printed + length, sizeof printed - 1 - length)) > 0) {
        length += (size_t)count;
        printed[length] = '\0';
    }
    service->port = port_behind(printed, "listening on");
    service->admin_port = port_behind(printed, "profiles at");
    if (service->port != 0)
        return 0;
    fprintf(stderr, "the service does not start: %s\n", printed);
    service_stop(service);
    return -1;
}

int service_stop(struct service *service)
{
    int status = 0;

    kill(service->process, SIGTERM);
    close(service->output); /* what it logs has no reader any more: it does not wait for one */
    if (waitpid(service->process, &status, 0) < 0)
        return -1;
    return 0;
}

/* A GET is sent. The socket, or -1. */
static int ask_for(int port, const char *path)
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    char text[256];
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int size = snprintf(text, sizeof text,
                        "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", path);

    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd >= 0 && connect(fd, (void *)&name, sizeof name) == 0 &&
        send(fd, text, (size_t)size, MSG_NOSIGNAL) == size)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static void read_to_end(int fd)
{
    char text[65536];

    while (recv(fd, text, sizeof text, 0) > 0) {
    }
    close(fd);
}

int service_get(int port, const char *path)
{
    static const char wanted[] = "HTTP/1.1 200";
    char head[sizeof wanted] = "";
    int fd = ask_for(port, path);

    if (fd >= 0 && recv(fd, head, sizeof wanted - 1, MSG_WAITALL) == sizeof wanted - 1 &&
        strcmp(head, wanted) == 0) {
        read_to_end(fd);
        return 0;
    }
    fprintf(stderr, "http://127.0.0.1:%d%s was not answered with 200: %s\n", port, path, head);
    if (fd >= 0)
        close(fd);
    return -1;
}

void service_watch(int port, const char *path)
{
    int fd = ask_for(port, path);

    if (fd >= 0)
        read_to_end(fd);
}

/* A connection's own thread. */
struct client {
    pthread_t thread;
    int port;
    int status;
};

static void *ask(void *argument)
{
    struct client *client = argument;
    char path[64];

    snprintf(path, sizeof path, "/process?n=%d", SERVICE_RECORDS);
    client->status = service_get(client->port, path);
    return NULL;
}

int service_load(const struct service *service, unsigned connections, struct service_load *load)
{
    struct client clients[CONNECTIONS_MAX];
    clockid_t clock;
    unsigned count = 0;
    int status = 0;

    if (clock_getcpuclockid(service->process, &clock) != 0)
        return -1;
    double cpu_before = seconds_of(clock), before = seconds_of(CLOCK_MONOTONIC);
    for (; count < connections && count < CONNECTIONS_MAX; count++) {
        clients[count] = (struct client){.port = service->port};
        if (pthread_create(&clients[count].thread, NULL, ask, &clients[count]) != 0)
            break;
    }
    for (unsigned i = 0; i < count; i++) {
        pthread_join(clients[i].thread, NULL);
        status |= clients[i].status;
    }
    load->records += (uint64_t)count * SERVICE_RECORDS;
    load->seconds += seconds_of(CLOCK_MONOTONIC) - before;
    load->cpu_seconds += seconds_of(clock) - cpu_before;
    return count > 0 ? status : -1;
}
