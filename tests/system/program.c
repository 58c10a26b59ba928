#include "tests/system/program.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { ENVIRONMENT_MAX = 500, FILES_MAX = 64, PATH_SIZE = 64 };

const char *const program_codes[16] = {
    "nnnn", "nnnf", "nnfn", "nnff", "nfnn", "nfnf", "nffn", "nfff",
    "fnnn", "fnnf", "fnfn", "fnff", "ffnn", "ffnf", "fffn", "ffff",
};

/* The files to be removed at the end. */
static char files[FILES_MAX][PATH_SIZE];
static unsigned file_count;
static struct {
    unsigned count;
    const char *path;
} records[4];

static void open_pipe(int ends[2])
{
    cr_assert_eq(pipe2(ends, O_CLOEXEC), 0);
}

/* The other end of what becomes the child's `fd`: a pipe, or a file that only the child has. */
static int connect_output(posix_spawn_file_actions_t *actions, int fd, const char *path,
                          int *child_end)
{
    int ends[2] = {-1, -1};
    if (path != NULL) {
        posix_spawn_file_actions_addopen(actions, fd, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    } else {
        open_pipe(ends);
        posix_spawn_file_actions_adddup2(actions, ends[1], fd);
    }
    *child_end = ends[1];
    return ends[0];
}

/* Signals as a shell leaves them, whatever this process does with them. */
static void reset_signals(posix_spawnattr_t *attributes)
{
    sigset_t reset, blocked;
    sigemptyset(&blocked);
    sigemptyset(&reset);
    sigaddset(&reset, SIGPIPE);
    sigaddset(&reset, SIGINT);
    sigaddset(&reset, SIGTERM);
    posix_spawnattr_init(attributes);
    posix_spawnattr_setsigdefault(attributes, &reset);
    posix_spawnattr_setsigmask(attributes, &blocked);
    posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
}

static void close_if_open(int fd)
{
    if (fd >= 0)
        close(fd);
}

struct program program_start(const struct program_setup *setup, const char *const *argv)
{
    static const struct program_setup usual;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    const char *variables[ENVIRONMENT_MAX];
    const char *arguments[64];
    struct program program;
    int input[2], output_end, error_end;
    char path[256];
    size_t count = 0, variable_count = 0;

    setup = setup != NULL ? setup : &usual;
    snprintf(path, sizeof path, PROGRAM_FOLDER "/fastenough-%s", argv[0]);
    for (; argv[count] != NULL; count++)
        arguments[count] = argv[count];
    arguments[0] = path;
    arguments[count] = NULL;
    for (const char *const *at = setup->environment; at != NULL && *at != NULL; at++)
        variables[variable_count++] = *at;
    for (char **at = environ; *at != NULL && variable_count < ENVIRONMENT_MAX - 1; at++)
        variables[variable_count++] = *at;
    variables[variable_count] = NULL;

    posix_spawn_file_actions_init(&actions);
    open_pipe(input);
    posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
    program.output = connect_output(&actions, STDOUT_FILENO, setup->output_path, &output_end);
    program.error = connect_output(&actions, STDERR_FILENO, setup->error_path, &error_end);
    program.input = input[1];
    if (setup->is_output_closed) {
        close(program.output);
        program.output = -1;
    }
    reset_signals(&attributes);
    int error = posix_spawn(&program.pid, path, &actions, &attributes, (char *const *)arguments,
                            (char *const *)variables);
    cr_assert_eq(error, 0, "%s: %s", path, strerror(error));
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    close(input[0]);
    close_if_open(output_end);
    close_if_open(error_end);
    return program;
}

void program_close_input(struct program *program)
{
    close_if_open(program->input);
    program->input = -1;
}

/* Appends what can be read; closes the descriptor at the end of it. */
static void read_some(int *fd, char **text, size_t *length)
{
    char *longer = realloc(*text, *length + 65537);
    cr_assert_not_null(longer);
    ssize_t count = read(*fd, longer + *length, 65536);
    *text = longer;
    if (count > 0) {
        *length += (size_t)count;
    } else {
        close(*fd);
        *fd = -1;
    }
    longer[*length] = '\0';
}

/* Writes as much as there is room for. A program need not read all of it. */
static void write_some(struct program *program, const struct program_setup *setup, size_t *done)
{
    if (*done < setup->input_length) {
        ssize_t count = write(program->input, setup->input + *done, setup->input_length - *done);
        if (count < 0 && errno == EAGAIN)
            return;
        *done = count < 0 ? setup->input_length : *done + (size_t)count;
    }
    if (*done == setup->input_length)
        program_close_input(program);
}

static struct program_result finish(struct program *program, const struct program_setup *setup)
{
    struct program_result result = {.output = calloc(1, 1), .error = calloc(1, 1)};
    size_t written = 0, error_length = 0;
    int status;

    if (program->input >= 0)
        fcntl(program->input, F_SETFL, O_NONBLOCK);
    while (program->output >= 0 || program->error >= 0 || program->input >= 0) {
        struct pollfd polled[] = {{program->input, POLLOUT, 0},
                                  {program->output, POLLIN, 0},
                                  {program->error, POLLIN, 0}};
        cr_assert(poll(polled, 3, -1) > 0 || errno == EINTR);
        if (polled[0].revents != 0)
            write_some(program, setup, &written);
        if (polled[1].revents != 0)
            read_some(&program->output, &result.output, &result.output_length);
        if (polled[2].revents != 0)
            read_some(&program->error, &result.error, &error_length);
    }
    cr_assert_eq(waitpid(program->pid, &status, 0), program->pid);
    result.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    result.signal_number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return result;
}

struct program_result program_finish(struct program *program)
{
    static const struct program_setup nothing;
    return finish(program, &nothing);
}

struct program_result program_run(const struct program_setup *setup, const char *const *argv)
{
    static const struct program_setup usual;
    struct program program = program_start(setup, argv);
    signal(SIGPIPE, SIG_IGN); /* the program may not read what is written to it */
    return finish(&program, setup != NULL ? setup : &usual);
}

void program_result_free(struct program_result *result)
{
    free(result->output);
    free(result->error);
}

cJSON *program_json(const struct program_result *result)
{
    const char *end;
    cJSON *json = cJSON_ParseWithOpts(result->output, &end, false);
    cr_assert_not_null(json, "exit %d, stdout '%s', stderr '%s'", result->exit_status,
                       result->output, result->error);
    cr_assert_str_eq(end, "\n", "one object and a newline");
    return json;
}

double program_number(const cJSON *json, const char *name)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(json, name);
    cr_assert(cJSON_IsNumber(member), "no number %s", name);
    return member->valuedouble;
}

const char *program_string(const cJSON *json, const char *name)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(json, name);
    cr_assert(cJSON_IsString(member), "no string %s", name);
    return member->valuestring;
}

static char *new_path(void)
{
    cr_assert_lt(file_count, (unsigned)FILES_MAX);
    char *path = files[file_count++];
    snprintf(path, PATH_SIZE, "/tmp/fastenough-test-XXXXXX");
    int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    close(fd);
    return path;
}

const char *program_file(const char *bytes, size_t length)
{
    const char *path = new_path();
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(bytes, 1, length, file), length);
    cr_assert_eq(fclose(file), 0);
    return path;
}

const char *program_records(unsigned count)
{
    char number[16];
    unsigned i = 0;

    for (; records[i].count != 0; i++)
        if (records[i].count == count)
            return records[i].path;
    cr_assert_lt(i, sizeof records / sizeof *records - 1);
    records[i].count = count;
    records[i].path = new_path();
    snprintf(number, sizeof number, "%u", count);
    struct program_setup setup = {.output_path = records[i].path};
    struct program_result result = PROGRAM_WITH(&setup, "ffff", "generate", number);
    cr_assert_eq(result.exit_status, 0, "%s", result.error);
    program_result_free(&result);
    return records[i].path;
}

void program_remove_files(void)
{
    while (file_count > 0)
        unlink(files[--file_count]);
}

char *program_read_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "r");
    char *bytes = NULL;
    long size;

    if (file == NULL)
        return NULL;
    if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 && fseek(file, 0, SEEK_SET) == 0)
        bytes = malloc((size_t)size + 1);
    if (bytes != NULL) {
        *length = fread(bytes, 1, (size_t)size, file);
        bytes[*length] = '\0';
    }
    fclose(file);
    return bytes;
}
