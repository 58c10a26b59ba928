#define _GNU_SOURCE /* pipe2 */
#include "bench/load/target.h"

#include <arpa/inet.h>
#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/readers/json.h"

enum { PATIENCE_S = 30, ANSWER_SIZE = 64 * 1024 };

static int fail(char *error, const char *what)
{
    snprintf(error, TARGET_TEXT_SIZE, "%s", what);
    return -1;
}

/* Reads the line that says where it listens. 0, or -1 if it ended or said something else. */
static int read_url(struct target *target, char *error)
{
    char printed[TARGET_TEXT_SIZE] = "";
    size_t length = 0;
    const char *url = NULL;

    while (strchr(printed, '\n') == NULL && length + 1 < sizeof printed) {
        struct pollfd wait = {.fd = target->output, .events = POLLIN};
        if (poll(&wait, 1, PATIENCE_S * 1000) != 1)
            return fail(error, "the service does not say that it listens");
        ssize_t count = read(target->output, printed + length, sizeof printed - 1 - length);
        if (count <= 0)
            break;
        length += (size_t)count;
        printed[length] = '\0';
    }
    url = strstr(printed, "http://127.0.0.1:");
    if (url == NULL)
        return fail(error, printed[0] != '\0' ? printed : "the service ended at once");
    target->port = atoi(url + strlen("http://127.0.0.1:"));
    snprintf(target->url, sizeof target->url, "http://127.0.0.1:%d/process", target->port);
    return 0;
}

int target_start(struct target *target, const char *programs, const char *variant,
                 const char *db_latency, char error[TARGET_TEXT_SIZE])
{
    char program[TARGET_TEXT_SIZE], ignored[TARGET_TEXT_SIZE];
    int ends[2];

    *target = (struct target){.process = -1};
    snprintf(program, sizeof program, "%s/fastenough-%s", programs, variant);
    if (pipe2(ends, O_CLOEXEC) != 0)
        return fail(error, strerror(errno));
    target->process = fork();
    if (target->process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        signal(SIGINT, SIG_IGN); /* Ctrl-C is for us, and we end it */
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        execl(program, program, "serve", "--listen", "127.0.0.1:0", "--db-latency", db_latency,
              (char *)NULL);
        fprintf(stderr, "cannot run %s: %s\n", program, strerror(errno));
        _exit(127);
    }
    close(ends[1]);
    target->output = ends[0];
    if (target->process < 0) {
        close(ends[0]);
        return fail(error, strerror(errno));
    }
    if (read_url(target, error) == 0)
        return 0;
    target_stop(target, ignored);
    return -1;
}

/* The whole answer to a GET of /metrics as JSON; it fits, and the connection ends behind it. */
static int get_metrics(int port, char answer[ANSWER_SIZE])
{
    static const char request[] = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n"
                                  "Accept: application/json\r\nConnection: close\r\n\r\n";
    const struct timeval patience = {.tv_sec = PATIENCE_S};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    size_t length = 0;
    ssize_t count = -1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
        send(fd, request, sizeof request - 1, MSG_NOSIGNAL) == (ssize_t)sizeof request - 1)
        while ((count = recv(fd, answer + length, ANSWER_SIZE - 1 - length, 0)) > 0)
            length += (size_t)count;
    answer[length] = '\0';
    if (fd >= 0)
        close(fd);
    return count == 0 ? 0 : -1;
}

static int read_state(const cJSON *json, struct target_state *state)
{
    const cJSON *process = cJSON_GetObjectItemCaseSensitive(json, "process");
    const cJSON *workers = cJSON_GetObjectItemCaseSensitive(json, "workers");
    const cJSON *lock = cJSON_GetObjectItemCaseSensitive(json, "lock");
    const cJSON *records = cJSON_GetObjectItemCaseSensitive(json, "records");

    return json_integer(process, "resident_bytes", &state->resident_bytes) |
           json_integer(process, "threads", &state->process_threads) |
           json_integer(workers, "threads", &state->worker_threads) |
           json_integer(workers, "retained_bytes", &state->retained_bytes) |
           json_integer(workers, "stack_resident_bytes", &state->stack_resident_bytes) |
           json_integer(lock, "wait_ns", &state->lock_wait_ns) |
           json_integer(records, "accepted", &state->accepted);
}

int target_look(const struct target *target, struct target_state *state,
                char error[TARGET_TEXT_SIZE])
{
    static char answer[ANSWER_SIZE];

    if (get_metrics(target->port, answer) != 0)
        return fail(error, "the service does not answer for /metrics");
    const char *body = strstr(answer, "\r\n\r\n");
    cJSON *json = body != NULL ? cJSON_Parse(body + 4) : NULL;
    int status = json != NULL ? read_state(json, state) : -1;
    cJSON_Delete(json);
    return status == 0 ? 0 : fail(error, "the service's /metrics lacks what is looked for");
}

int target_stop(struct target *target, char error[TARGET_TEXT_SIZE])
{
    const struct timespec pause = {.tv_nsec = 10000000};
    int status = 0;
    pid_t ended = 0;

    if (target->process <= 0)
        return 0;
    kill(target->process, SIGTERM);
    for (int i = 0; i < PATIENCE_S * 100 && ended == 0; i++) {
        ended = waitpid(target->process, &status, WNOHANG);
        if (ended == 0)
            nanosleep(&pause, NULL);
    }
    if (ended == 0) {
        kill(target->process, SIGKILL);
        waitpid(target->process, &status, 0);
    }
    close(target->output);
    target->process = -1;
    return status == 0 ? 0 : fail(error, "the service did not end well");
}
