#include "tests/pprof/clients.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64];
static pid_t owner; /* a forked child that ends must not remove it */

static void remove_folder(void)
{
    char command[128];

    if (folder[0] == '\0' || owner != getpid())
        return;
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0)
        fprintf(stderr, "could not remove %s\n", folder);
}

const char *clients_folder(void)
{
    if (folder[0] == '\0') {
        strcpy(folder, "/tmp/fastenough-pprof-XXXXXX");
        cr_assert_not_null(mkdtemp(folder));
        owner = getpid();
        atexit(remove_folder);
    }
    return folder;
}

const char *clients_path(const char *name)
{
    enum { KEPT_MAX = 64 };
    static char *kept[KEPT_MAX]; /* valid until the process ends, and no leak */
    static unsigned kept_count;

    cr_assert_lt(kept_count, KEPT_MAX);
    cr_assert_gt(asprintf(&kept[kept_count], "%s/%s", clients_folder(), name), 0);
    return kept[kept_count++];
}

const char *clients_save(const char *name, const void *bytes, size_t length)
{
    const char *path = clients_path(name);
    FILE *file = fopen(path, "wb");

    cr_assert_not_null(file);
    cr_assert_eq(fwrite(bytes, 1, length, file), length);
    cr_assert_eq(fclose(file), 0);
    return path;
}

int clients_run(char output[CLIENTS_OUTPUT_SIZE], const char *format, ...)
{
    char command[8192], line[10240];
    va_list arguments;
    size_t length = 0, count;

    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    snprintf(
        line, sizeof line,
        "exec 2>&1; export HOME='%s' PPROF_TMPDIR='%s' GOCACHE='%s' GOFLAGS=-mod=mod CC='%s'; cd '%s'; "
        "unset http_proxy https_proxy all_proxy; timeout 120 sh -c '%s'",
        clients_folder(), folder, GO_CACHE, COMPILER, folder, command);
    FILE *pipe = popen(line, "r");
    cr_assert_not_null(pipe);
    while ((count = fread(output + length, 1, CLIENTS_OUTPUT_SIZE - 1 - length, pipe)) > 0)
        length += count;
    output[length] = '\0';
    while (fgetc(pipe) != EOF) {
    }
    int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int clients_top_row(const char *output, const char *function)
{
    const char *line = strstr(output, "flat%");

    for (int row = 1; line != NULL && (line = strchr(line, '\n')) != NULL; row++) {
        char name[256];
        line++;
        if (sscanf(line, "%*s %*s %*s %*s %*s %255s", name) == 1 &&
            strncmp(name, function, strlen(function)) == 0)
            return row;
    }
    return 0;
}
