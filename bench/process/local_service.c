#include "bench/process/local_service.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_S = 30, ARGUMENTS_MAX = 24, PRINTED_SIZE = 4096 };

/* The port behind a word of what was printed; 0 if it is not there. */
static int port_behind(const char *printed, const char *word)
{
    static const char url[] = "http://127.0.0.1:";
    const char *at = strstr(printed, word);

    if (at != NULL)
        at = strstr(at, url);
    return at != NULL ? atoi(at + sizeof url - 1) : 0;
}

/* Reads to the last line of its greeting, or to what it says instead. */
static void read_greeting(int fd, char printed[PRINTED_SIZE])
{
    struct pollfd output = {.fd = fd, .events = POLLIN};
    size_t length = 0;
    ssize_t count = 1;

    printed[0] = '\0';
    while (strstr(printed, "caps: ") == NULL && length < PRINTED_SIZE - 1 && count > 0 &&
           poll(&output, 1, PATIENCE_S * 1000) == 1) {
        count = read(fd, printed + length, PRINTED_SIZE - 1 - length);
        length += count > 0 ? (size_t)count : 0;
        printed[length] = '\0';
    }
}

/* In the child. */
static void execute(const char *program, const char *const *arguments, int output)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setpgid(0, 0); /* Ctrl-C is for who measures; that ends this one */
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    execv(program, (char *const *)arguments);
    fprintf(stderr, "cannot run %s: %s\n", program, strerror(errno));
    _exit(127);
}

int local_service_start(struct local_service *service, const char *program,
                        const char *const *options, char error[LOCAL_SERVICE_ERROR_SIZE])
{
    const char *arguments[ARGUMENTS_MAX] = {program, "serve", "--listen", "127.0.0.1:0"};
    char printed[PRINTED_SIZE];
    int ends[2];

    for (int i = 0; options[i] != NULL; i++) {
        assert(i + 5 < ARGUMENTS_MAX);
        arguments[4 + i] = options[i];
    }
    *service = (struct local_service){.process = -1};
    if (pipe2(ends, O_CLOEXEC) != 0) {
        snprintf(error, LOCAL_SERVICE_ERROR_SIZE, "%s", strerror(errno));
        return -1;
    }
    service->process = fork();
    if (service->process == 0)
        execute(program, arguments, ends[1]);
    close(ends[1]);
    service->output = ends[0];
    if (service->process < 0) {
        snprintf(error, LOCAL_SERVICE_ERROR_SIZE, "%s", strerror(errno));
        close(ends[0]);
        return -1;
    }
    read_greeting(ends[0], printed);
    service->port = port_behind(printed, "listening on");
    service->admin_port = port_behind(printed, "profiles at");
    if (service->port != 0)
        return 0;
    printed[strcspn(printed, "\n")] = '\0';
    snprintf(error, LOCAL_SERVICE_ERROR_SIZE, "the service does not start: %.400s",
             printed[0] != '\0' ? printed : "it said nothing");
    local_service_stop(service);
    return -1;
}

int local_service_stop(struct local_service *service)
{
    const struct timespec pause = {.tv_nsec = 10000000};
    int status = 0;
    pid_t ended = 0;

    if (service->process <= 0)
        return 0;
    kill(service->process, SIGTERM);
    close(service->output); /* what it logs has no reader any more: it does not wait for one */
    for (int i = 0; i < PATIENCE_S * 100 && ended == 0; i++) {
        ended = waitpid(service->process, &status, WNOHANG);
        if (ended == 0)
            nanosleep(&pause, NULL);
    }
    if (ended == 0) {
        kill(service->process, SIGKILL);
        waitpid(service->process, &status, 0);
    }
    service->process = -1;
    return status == 0 ? 0 : -1;
}
