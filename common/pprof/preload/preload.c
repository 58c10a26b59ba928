/*
 * preload.c - the start of libpprof.so in a program that knows nothing of it, by what the
 * environment says (pprof-run, or whoever sets LD_PRELOAD):
 *
 *     PPROF_LISTEN    where, as pprof.h has it; without it nothing happens
 *     PPROF_TOKEN     the password, if one is to be asked for
 *     PPROF_COLLECT   what is collected, a list with commas; without it all is
 *     PPROF_PROGRAM   whom it is for, names of files with colons between them; one that is alone
 * may be a launcher's. Without it, for the first that is no launcher PPROF_CHILDREN  its children,
 * too, each at the next free port, or at PATH.PROCESS PPROF_ANYWHERE  other addresses than loopback
 * ones are allowed PPROF_QUIET     no line at the start;  PPROF_LOG  one for each request
 *
 * Whoever it is for takes these words, and the library's name in LD_PRELOAD, out of its environment
 * before main(), so that programs that it starts know nothing of it, least of all the token; unless
 * its children are meant, too. Launchers (sh, timeout, env) pass all of it on.
 */
#define _GNU_SOURCE /* dladdr, program_invocation_short_name */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../catalog.h"
#include "../children.h"
#include "../hooked.h"
#include "../pprof.h"

enum { PORTS_TRIED = 1000, LISTEN_SIZE = 320, SETTLE_MS = 50 };

static const char *const words[] = {"PPROF_LISTEN",  "PPROF_TOKEN",    "PPROF_COLLECT",
                                    "PPROF_PROGRAM", "PPROF_CHILDREN", "PPROF_ANYWHERE",
                                    "PPROF_QUIET",   "PPROF_LOG"};

static struct {
    struct pprof *pprof;
    pid_t process; /* which it serves */
    char name[64]; /* as it was started: some write other things there */
    char listen[LISTEN_SIZE], token[256], collect[128];
    bool has_token, has_collect, has_children, is_anywhere, is_quiet, is_logged;
    char socket[LISTEN_SIZE]; /* a Unix socket's path, to be removed; "": none */
} start;

/* Programs that start another one, and are not what anybody wants to profile. */
static bool is_launcher(const char *name)
{
    static const char *const launchers[] = {
        "sh",      "dash",    "bash",    "ash",     "zsh",     "ksh",       "busybox",
        "env",     "timeout", "nice",    "ionice",  "nohup",   "time",      "chrt",
        "taskset", "setsid",  "stdbuf",  "numactl", "setpriv", "unshare",   "script",
        "xargs",   "prlimit", "setarch", "runuser", "tini",    "dumb-init", "start-stop-daemon",
        "gosu",    "make",    "sudo",    "su",      "chroot",  "catatonit", "flock"};

    for (size_t i = 0; i < sizeof launchers / sizeof launchers[0]; i++)
        if (strcmp(name, launchers[i]) == 0)
            return true;
    return false;
}

static bool is_in(const char *list, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = list; (at = strstr(at, name)) != NULL; at++)
        if ((at == list || at[-1] == ':') && (at[length] == ':' || at[length] == '\0'))
            return true;
    return false;
}

static bool is_meant(void)
{
    const char *wanted = getenv("PPROF_PROGRAM"), *called = program_invocation_short_name;
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);

    if (length <= 0)
        return false;
    path[length] = '\0';
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    if (wanted != NULL && !is_in(wanted, name) && !is_in(wanted, called))
        return false;
    return (wanted != NULL && strchr(wanted, ':') == NULL) ||
           (!is_launcher(name) && !is_launcher(called));
}

/* Takes this library's path out of LD_PRELOAD; of others there it keeps the order. */
static void leave_preload(void)
{
    Dl_info own;
    char *list = getenv("LD_PRELOAD"), *rest = NULL;

    if (list == NULL || dladdr(words, &own) == 0 || (rest = malloc(strlen(list) + 1)) == NULL)
        return;
    size_t used = 0;
    for (const char *at = list; *at != '\0';) {
        size_t length = strcspn(at, ": ");
        bool is_own = length == strlen(own.dli_fname) && memcmp(at, own.dli_fname, length) == 0;
        if (length > 0 && !is_own) {
            if (used > 0)
                rest[used++] = ':';
            memcpy(rest + used, at, length);
            used += length;
        }
        at += length;
        at += *at != '\0';
    }
    rest[used] = '\0';
    if (used > 0)
        setenv("LD_PRELOAD", rest, 1);
    else
        unsetenv("LD_PRELOAD");
    free(rest);
}

/* Copies the word; false if it is not there, or longer than there is room for. */
static bool take(const char *word, char *text, size_t size)
{
    const char *value = getenv(word);

    if (value == NULL || strlen(value) >= size)
        return false;
    strcpy(text, value);
    return true;
}

static void read_environment(void)
{
    take("PPROF_LISTEN", start.listen, sizeof start.listen);
    start.has_token = take("PPROF_TOKEN", start.token, sizeof start.token);
    start.has_collect = take("PPROF_COLLECT", start.collect, sizeof start.collect);
    start.has_children = getenv("PPROF_CHILDREN") != NULL;
    start.is_anywhere = getenv("PPROF_ANYWHERE") != NULL;
    start.is_quiet = getenv("PPROF_QUIET") != NULL;
    start.is_logged = getenv("PPROF_LOG") != NULL;
}

/* The token is wiped where it stands, too: /proc/PID/environ has that as the program was started */
static void clean_environment(void)
{
    char *token = getenv("PPROF_TOKEN");

    if (token != NULL)
        explicit_bzero(token, strlen(token));
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        unsetenv(words[i]);
    leave_preload();
}

static struct pprof *open_at(const char *listen, char error[PPROF_ERROR_SIZE])
{
    const struct pprof_options options = {
        .listen = listen,
        .is_any_address_allowed = start.is_anywhere,
        .token = start.has_token ? start.token : NULL,
        .collected = start.has_collect ? start.collect : NULL,
        .log = start.is_logged ? stderr : NULL,
    };
    return pprof_start(&options, error);
}

/* A child has the address of the first, and then what is next to it: PATH.PROCESS, or PORT + 1 ...
 */
static struct pprof *open_next(char error[PPROF_ERROR_SIZE])
{
    char listen[LISTEN_SIZE + 32];
    const char *colon = strrchr(start.listen, ':');
    struct pprof *pprof = NULL;

    if (strncmp(start.listen, "unix:", 5) == 0) {
        snprintf(listen, sizeof listen, "%s.%d", start.listen, (int)getpid());
        return open_at(listen, error);
    }
    if (colon == NULL)
        return NULL;
    long port = strtol(colon + 1, NULL, 10);
    for (long next = port + 1; pprof == NULL && next <= port + PORTS_TRIED; next++) {
        snprintf(listen, sizeof listen, "%.*s:%ld", (int)(colon - start.listen), start.listen,
                 port == 0 ? 0 : next);
        pprof = open_at(listen, error);
        if (pprof == NULL && errno != EADDRINUSE)
            break;
    }
    return pprof;
}

/* One write(), so that what several processes say does not mingle; what the program has in its
 * buffers stays there. */
static void tell(const char *error)
{
    char text[2048], state[HOOKED_TEXT_SIZE];
    int length;

    if (start.is_quiet && error == NULL)
        return;
    if (error != NULL) {
        length = snprintf(text, sizeof text, "pprof: %s, process %d, serves no profiles: %s\n",
                          start.name, (int)getpid(), error);
    } else {
        length = snprintf(text, sizeof text, "pprof: %s, process %d: %s", start.name, (int)getpid(),
                          pprof_url(start.pprof));
        for (int hook = 0; hook < HOOKED_COUNT && length < (int)sizeof text; hook++)
            length += snprintf(text + length, sizeof text - (size_t)length, "; %s: %s",
                               hooked_name(hook), hooked_state(hook, state));
        if (length < (int)sizeof text - 1)
            text[length++] = '\n';
    }
    if (length > (int)sizeof text)
        length = sizeof text;
    if (write(STDERR_FILENO, text, (size_t)length) < 0)
        return; /* nobody listens to it */
}

static void serve(bool is_first)
{
    char error[PPROF_ERROR_SIZE] = "no port is free there";

    start.process = getpid();
    start.pprof = is_first ? open_at(start.listen, error) : open_next(error);
    if (start.pprof == NULL) {
        catalog_leave();
        tell(error);
        return;
    }
    const char *url = pprof_url(start.pprof);
    if (strncmp(url, "unix:", 5) == 0)
        snprintf(start.socket, sizeof start.socket, "%s", url + 5);
    children_add(url);
    tell(NULL);
}

/* A child that runs another program at once needs no address, and has none by then. */
static void *serve_later(void *argument)
{
    (void)argument;
    nanosleep(&(struct timespec){.tv_nsec = SETTLE_MS * 1000000L}, NULL);
    serve(false);
    return NULL;
}

static void in_child(void)
{
    pthread_attr_t attributes;
    pthread_t thread;
    sigset_t all, previous;

    pprof_abandon(start.pprof);
    start.pprof = NULL;
    start.socket[0] = '\0';
    if (!start.has_children) {
        catalog_leave();
        return;
    }
    sigemptyset(&all);
    for (int number = 1; number < 32; number++) /* the others are how threads are halted */
        if (number != SIGPROF)
            sigaddset(&all, number);
    pthread_sigmask(SIG_BLOCK, &all, &previous);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (pthread_create(&thread, &attributes, serve_later, NULL) != 0)
        catalog_leave();
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
}

static __attribute__((constructor)) void begin(void)
{
    bool is_first = true;
    int error = errno;

    if (getenv("PPROF_LISTEN") == NULL || !is_meant())
        return;
    snprintf(start.name, sizeof start.name, "%s", program_invocation_short_name);
    read_environment();
    if (start.has_children) {
        int file = atoi(getenv("PPROF_CHILDREN"));
        is_first = file <= 0 || children_adopt(file) != 0;
        if (is_first && (file = children_new()) >= 0) {
            char number[16];
            snprintf(number, sizeof number, "%d", file);
            setenv("PPROF_CHILDREN", number, 1);
        }
    } else {
        clean_environment();
    }
    if (pthread_atfork(NULL, NULL, in_child) == 0)
        serve(is_first);
    errno = error;
}

/* No more than that: other threads may be running, and exit() may be within anything. */
static __attribute__((destructor)) void end(void)
{
    if (start.socket[0] != '\0' && start.process == getpid())
        unlink(start.socket);
}
