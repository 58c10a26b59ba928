#include "tests/service/server.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/service/client.h"

enum { ARGUMENTS_MAX = 40 };

static void program_path(const char *variant, char path[512])
{
    const char *folder = getenv("FASTENOUGH_BIN");
    snprintf(path, 512, "%s/fastenough-%s", folder != NULL ? folder : PROGRAM_FOLDER, variant);
}

/* Starts a program with what it prints going into a pipe, whose reading end it returns. */
static int start(const char *variant, const char *const *arguments, pid_t *process)
{
    const char *argv[ARGUMENTS_MAX + 2];
    char path[512];
    int ends[2], count = 0;

    program_path(variant, path);
    argv[count++] = path;
    for (; arguments != NULL && arguments[count - 1] != NULL; count++) {
        cr_assert_lt(count, ARGUMENTS_MAX);
        argv[count] = arguments[count - 1];
    }
    argv[count] = NULL;
    cr_assert_eq(pipe2(ends, O_CLOEXEC), 0);
    *process = fork();
    cr_assert_geq(*process, 0);
    if (*process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves no service behind */
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        execv(path, (char *const *)argv);
        fprintf(stderr, "cannot run %s: %s\n", path, strerror(errno));
        _exit(127);
    }
    close(ends[1]);
    return ends[0];
}

/* Reads what is printed until `until` is in it, or the program has ended. */
static void read_output(int output, char *printed, size_t size, const char *until)
{
    size_t length = strlen(printed);

    while (until == NULL || strstr(printed, until) == NULL) {
        struct pollfd wait = {.fd = output, .events = POLLIN};
        cr_assert_eq(poll(&wait, 1, 60000), 1, "the program says nothing for a minute: %s",
                     printed);
        char piece[512];
        ssize_t count = read(output, piece, sizeof piece);
        if (count <= 0)
            return;
        size_t room = size - 1 - length, taken = (size_t)count < room ? (size_t)count : room;
        memcpy(printed + length, piece, taken);
        length += taken;
        printed[length] = '\0';
    }
}

static int wait_for_end(pid_t process)
{
    int status = 0;
    cr_assert_eq(waitpid(process, &status, 0), process);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void server_start(struct server *server, const char *variant, const char *const *options)
{
    const char *arguments[ARGUMENTS_MAX] = {"serve", "--listen", "127.0.0.1:0"};

    *server = (struct server){0};
    for (int i = 0; options != NULL && options[i] != NULL; i++) {
        cr_assert_lt(i + 4, ARGUMENTS_MAX);
        arguments[3 + i] = options[i];
    }
    server->output = start(variant, arguments, &server->process);
    read_output(server->output, server->printed, sizeof server->printed, "caps: ");
    const char *url = strstr(server->printed, "http://127.0.0.1:");
    cr_assert_not_null(url, "it does not listen: %s", server->printed);
    server->port = atoi(url + strlen("http://127.0.0.1:"));
}

int server_start_failing(struct server *server, const char *variant, const char *const *arguments)
{
    *server = (struct server){0};
    server->output = start(variant, arguments, &server->process);
    read_output(server->output, server->printed, sizeof server->printed, NULL);
    close(server->output);
    return wait_for_end(server->process);
}

int server_stop(struct server *server, int signal_number)
{
    kill(server->process, signal_number);
    read_output(server->output, server->printed, sizeof server->printed, NULL);
    close(server->output);
    return wait_for_end(server->process);
}

void server_database(char path[64])
{
    snprintf(path, 64, "/tmp/fastenough-test-XXXXXX");
    cr_assert_not_null(mkdtemp(path));
    strcat(path, "/rows.db");
}

void server_database_remove(const char *path)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    char name[128];

    for (int i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", path, endings[i]);
        unlink(name);
    }
    snprintf(name, sizeof name, "%.*s", (int)(strrchr(path, '/') - path), path);
    rmdir(name);
}

cJSON *server_metrics(const struct server *server)
{
    struct client_answer answer;

    client_get(server->port, "/metrics", "Accept: application/json\r\n", &answer);
    cr_assert_eq(answer.status, 200);
    cJSON *json = cJSON_Parse(answer.body);
    cr_assert_not_null(json, "not JSON: %s", answer.body);
    client_answer_free(&answer);
    return json;
}

double server_metric(const struct server *server, const char *path)
{
    cJSON *json = server_metrics(server);
    const cJSON *item = json;
    char names[256], *rest = names, *name;

    snprintf(names, sizeof names, "%s", path);
    while ((name = strsep(&rest, ".")) != NULL)
        item = cJSON_GetObjectItemCaseSensitive(item, name);
    double number = cJSON_IsNumber(item) ? item->valuedouble : NAN;
    cJSON_Delete(json);
    return number;
}

static bool is_sanitized(void)
{
    return IS_SANITIZED || getenv("FASTENOUGH_SANITIZED") != NULL;
}

double server_resident_bytes(const struct server *server)
{
    return is_sanitized() ? 0 : server_metric(server, "process.resident_bytes");
}

double server_resident_bytes_max(const struct server *server)
{
    return is_sanitized() ? 0 : server_metric(server, "process.resident_bytes_max");
}

double server_await_metric(const struct server *server, const char *path, double wanted)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    double value = server_metric(server, path);

    for (int i = 0; i < 3000 && !(value >= wanted && value <= wanted); i++) {
        nanosleep(&pause, NULL);
        value = server_metric(server, path);
    }
    return value;
}

int server_command(const char *const *arguments, char *printed, size_t size)
{
    pid_t process;
    int output = start("ffff", arguments, &process);

    printed[0] = '\0';
    read_output(output, printed, size, NULL);
    close(output);
    return wait_for_end(process);
}
