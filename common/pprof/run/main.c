/*
 * pprof-run: starts a program with libpprof.so in it, which serves its profiles.
 *
 * It sets the environment (preload.c has the words) and becomes the program: same process, same
 * terminal, same exit status. What cannot work it says before that.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <glob.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../address.h"
#include "../pprof.h"
#include "check.h"

enum { NAMES_SIZE = 4096, USAGE_STATUS = 2, FAILURE_STATUS = 125, SWEEP_MS = 1000 };

static const char usage[] =
    "usage: pprof-run [option ...] [--] PROGRAM [ARGUMENT ...]\n"
    "Starts the program; its profiles are at http://127.0.0.1:6060/debug/pprof/ while it runs.\n"
    "  --listen ADDRESS    HOST:PORT (127.0.0.1:6060), port 0 for any; or unix:PATH\n"
    "  --anywhere          allow another address than a loopback one\n"
    "  --token file:PATH   ask for a password, the file's first line (8 characters or more)\n"
    "  --collect LIST      of heap, locks, threadcreate; heap-all in place of heap has each\n"
    "                      allocation, slowly. Without it: heap,locks,threadcreate\n"
    "  --children          serve those that it forks or starts, too, each at an address of its "
    "own\n"
    "  --program NAME      who is meant, where others stand in front; else the first whose\n"
    "                      name is on this command line, and not sh, timeout or the like\n"
    "  --log               a line for each request, on standard error\n"
    "  --quiet             no line at the start\n"
    "  --library PATH      libpprof.so, if it is not where it was installed\n"
    "  --help\n";

struct run {
    const char *listen, *token_file, *collect, *program, *library;
    bool is_anywhere, has_children, is_logged, is_quiet;
};

static __attribute__((noreturn, format(printf, 2, 3))) void fail(int status, const char *format,
                                                                 ...)
{
    va_list arguments;

    fputs("pprof-run: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(status);
}

static void parse(int argc, char **argv, struct run *run)
{
    static const struct option options[] = {{"listen", required_argument, NULL, 'l'},
                                            {"anywhere", no_argument, NULL, 'a'},
                                            {"token", required_argument, NULL, 't'},
                                            {"collect", required_argument, NULL, 'c'},
                                            {"children", no_argument, NULL, 'f'},
                                            {"program", required_argument, NULL, 'p'},
                                            {"log", no_argument, NULL, 'v'},
                                            {"quiet", no_argument, NULL, 'q'},
                                            {"library", required_argument, NULL, 'L'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};

    *run = (struct run){.listen = "127.0.0.1:6060"};
    for (int option; (option = getopt_long(argc, argv, "+h", options, NULL)) != -1;) {
        switch (option) {
        case 'l':
            run->listen = optarg;
            break;
        case 'a':
            run->is_anywhere = true;
            break;
        case 't':
            if (strncmp(optarg, "file:", 5) != 0)
                fail(USAGE_STATUS, "--token file:PATH, as others see the command line");
            run->token_file = optarg + 5;
            break;
        case 'c':
            run->collect = optarg;
            break;
        case 'f':
            run->has_children = true;
            break;
        case 'p':
            run->program = optarg;
            break;
        case 'v':
            run->is_logged = true;
            break;
        case 'q':
            run->is_quiet = true;
            break;
        case 'L':
            run->library = optarg;
            break;
        case 'h':
            fputs(usage, stdout);
            exit(0);
        default:
            fputs(usage, stderr);
            exit(USAGE_STATUS);
        }
    }
    if (optind == argc) {
        fputs(usage, stderr);
        exit(USAGE_STATUS);
    }
}

/* That each word is known: one that is not would leave a profile empty. */
static void check_collect(const char *list)
{
    static const char *const known[] = {"heap", "heap-all", "locks", "threadcreate"};

    for (const char *at = list; at != NULL && *at != '\0';) {
        size_t length = strcspn(at, ","), i = 0;
        while (i < 4 && (strlen(known[i]) != length || memcmp(known[i], at, length) != 0))
            i++;
        if (i == 4)
            fail(USAGE_STATUS, "--collect %s: there is heap, heap-all, locks and threadcreate",
                 list);
        at += length;
        at += *at == ',';
    }
}

static void read_token(const char *path, char token[256])
{
    FILE *file = fopen(path, "re");

    if (file == NULL || fgets(token, 256, file) == NULL)
        fail(FAILURE_STATUS, "the token cannot be read from %s: %s", path,
             file == NULL ? strerror(errno) : "it is empty");
    fclose(file);
    token[strcspn(token, "\r\n")] = '\0';
    if (strlen(token) < PPROF_TOKEN_LENGTH_MIN)
        fail(FAILURE_STATUS, "the token in %s must have %d characters or more", path,
             PPROF_TOKEN_LENGTH_MIN);
}

/* Beside this program: lib/libpprof.so of the folder that has bin/pprof-run. */
static void find_library(const char *given, char path[PATH_MAX])
{
    char own[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);

    if (given == NULL) {
        own[length > 0 ? length : 0] = '\0';
        char *slash = strrchr(own, '/');
        if (slash != NULL)
            *slash = '\0';
        snprintf(path, PATH_MAX, "%.4000s/../lib/libpprof.so", own);
        given = path;
    }
    char *real = realpath(given, NULL);
    if (real == NULL)
        fail(FAILURE_STATUS, "%s: %s", given, strerror(errno));
    if (strpbrk(real, ": ") != NULL) /* the loader takes a list with these */
        fail(FAILURE_STATUS, "%s: LD_PRELOAD takes no path with a space or a colon", real);
    snprintf(path, PATH_MAX, "%s", real);
    free(real);
    if (dlopen(path, RTLD_LAZY | RTLD_LOCAL) == NULL)
        fail(FAILURE_STATUS, "it cannot be loaded: %s", dlerror());
}

/* It is opened and closed again: what is wrong with it is told by us, and not by the program. */
static void check_address(const struct run *run)
{
    struct address address;
    char error[PPROF_ERROR_SIZE];
    const struct address_use use = {.what = "cannot serve profiles on",
                                    .example = "127.0.0.1:6060, or unix:PATH",
                                    .path = "",
                                    .is_any_allowed = run->is_anywhere,
                                    .is_unix_allowed = true};

    if (address_open(&address, run->listen, &use, error, sizeof error) != 0)
        fail(FAILURE_STATUS, "%s%s", error,
             errno == EADDRINUSE ? "; --listen 127.0.0.1:0 takes any that is free" : "");
    address_close(&address);
}

/* Opening a left-over socket removes it, and closing it does that, too. Returns how many live. */
static unsigned sweep(const char *pattern)
{
    const struct address_use use = {.what = "", .example = "", .path = "", .is_unix_allowed = true};
    unsigned count = 0;
    glob_t found;

    if (glob(pattern, GLOB_NOSORT, NULL, &found) != 0)
        return 0;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct address address;
        char text[PATH_MAX + 8], error[PPROF_ERROR_SIZE];
        snprintf(text, sizeof text, "unix:%.4000s", found.gl_pathv[i]);
        if (address_open(&address, text, &use, error, sizeof error) != 0)
            count++;
        else
            address_close(&address);
    }
    globfree(&found);
    return count;
}

/*
 * A program that is killed cannot remove its socket. A process beside it does, which is no child of
 * the program's, so that this meets none that it does not know, and ends after it.
 */
static void start_sweeper(const char *path, bool has_children)
{
    char pattern[PATH_MAX];
    int process = (int)syscall(SYS_pidfd_open, getpid(), 0);
    pid_t child = process >= 0 ? fork() : -1;

    if (child > 0)
        waitpid(child, NULL, 0);
    if (child != 0) {
        if (process >= 0)
            close(process);
        return;
    }
    if (fork() != 0)
        _exit(0);
    setsid();
    int nothing = open("/dev/null", O_RDWR);
    for (int i = 0; i < 3; i++)
        dup2(nothing, i);
    dup2(process, 3);
    closefrom(4);
    process = 3;
    if (chdir("/") != 0 && path[0] != '/')
        _exit(1);
    poll(&(struct pollfd){.fd = process, .events = POLLIN}, 1, -1);
    sweep(path);
    snprintf(pattern, sizeof pattern, "%.4000s.[0-9]*", path);
    while (has_children && sweep(pattern) > 0)
        poll(NULL, 0, SWEEP_MS);
    _exit(0);
}

/* Whoever may be meant: the names of files among the words, those within sh -c '...', too. */
static const char *list_names(char **words, char names[NAMES_SIZE])
{
    size_t used = 0;

    for (; *words != NULL; words++) {
        for (const char *at = *words; *at != '\0';) {
            size_t length = strcspn(at, " \t\n;|&()<>'\"`:=");
            const char *slash = memrchr(at, '/', length);
            const char *name = slash != NULL ? slash + 1 : at;
            size_t count = (size_t)(at + length - name);
            if (count > 0 && *name != '-' && used + count + 2 < NAMES_SIZE) {
                memcpy(names + used, name, count);
                used += count;
                names[used++] = ':';
            }
            at += length;
            at += *at != '\0';
        }
    }
    names[used > 0 ? used - 1 : 0] = '\0';
    return names;
}

static void set(const char *name, const char *value)
{
    if (value == NULL)
        unsetenv(name);
    else if (setenv(name, value, 1) != 0)
        fail(FAILURE_STATUS, "%s", strerror(errno));
}

static void set_environment(const struct run *run, const char *library)
{
    const char *before = getenv("LD_PRELOAD");
    char *list = NULL, token[256];

    /* in front of what is there: an allocator that is preloaded is the next one then */
    if (asprintf(&list, "%s%s%s", library, before != NULL ? ":" : "",
                 before != NULL ? before : "") < 0)
        fail(FAILURE_STATUS, "%s", strerror(errno));
    set("LD_PRELOAD", list);
    free(list);
    set("PPROF_LISTEN", run->listen);
    set("PPROF_COLLECT", run->collect);
    set("PPROF_PROGRAM", run->program);
    set("PPROF_CHILDREN", run->has_children ? "yes" : NULL);
    set("PPROF_ANYWHERE", run->is_anywhere ? "yes" : NULL);
    set("PPROF_LOG", run->is_logged ? "yes" : NULL);
    set("PPROF_QUIET", run->is_quiet ? "yes" : NULL);
    if (run->token_file != NULL)
        read_token(run->token_file, token);
    set("PPROF_TOKEN", run->token_file != NULL ? token : NULL);
    explicit_bzero(token, sizeof token);
}

int main(int argc, char **argv)
{
    struct run run;
    char path[PATH_MAX], library[PATH_MAX], error[CHECK_ERROR_SIZE], absolute[PATH_MAX + 8];
    char names[NAMES_SIZE];

    parse(argc, argv, &run);
    check_collect(run.collect);
    int status = check_find(argv[optind], path, error);
    if (status != 0)
        fail(status, "%s", error);
    if (check_program(path, error) != 0)
        fail(FAILURE_STATUS, "%s", error);
    unsetenv("PPROF_LISTEN"); /* not for this process, which loads the library to try it */
    find_library(run.library, library);
    check_address(&run);
    if (strncmp(run.listen, "unix:", 5) == 0) {
        char *folder = run.listen[5] != '/' ? getcwd(NULL, 0) : NULL;
        snprintf(absolute, sizeof absolute, "unix:%s%s%s", folder != NULL ? folder : "",
                 folder != NULL ? "/" : "", run.listen + 5); /* wherever the program goes */
        free(folder);
        run.listen = absolute;
        start_sweeper(absolute + 5, run.has_children);
    }
    if (run.program == NULL)
        run.program = list_names(argv + optind, names);
    set_environment(&run, library);
    execv(path, argv + optind);
    fail(errno == ENOENT ? 127 : 126, "%s: %s", path, strerror(errno));
}
