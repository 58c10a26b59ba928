#include "bench/classroom/sandbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/process/child.h"

/* Above what Debian gives to people and services, below the ranges of containers. */
enum { FIRST_USER = 61200, GRADINGS = 50, SLOTS = 64, TRIAL_TIMEOUT_MS = 10000 };

/* Another user: the kernel ends it when we end, which a change of user would otherwise undo. */
static void add_user(struct command *command, unsigned user)
{
    command_add_all(command, (const char *const[]){"setpriv", "--clear-groups", "--no-new-privs",
                                                   "--pdeathsig=KILL", NULL});
    command_addf(command, "--reuid=%u", user);
    command_addf(command, "--regid=%u", user);
}

/* Without a user of its own for each slot, `tasks` would count all that the grading user runs. */
static void add_limits(struct command *command, const struct sandbox_limits *limits,
                       bool is_own_user)
{
    command_add(command, "prlimit");
    command_add(command, "--core=0");
    command_addf(command, "--cpu=%u:%u", limits->cpu_s, limits->cpu_s + 1);
    command_addf(command, "--fsize=%llu", (unsigned long long)limits->file_bytes);
    if (is_own_user)
        command_addf(command, "--nproc=%u", limits->tasks);
    if (limits->memory_bytes != 0)
        command_addf(command, "--as=%llu", (unsigned long long)limits->memory_bytes);
}

static void add_bubblewrap(struct command *command, const char *const *readable,
                           const char *writable)
{
    static const char *const fixed[] = {
        "bwrap",         "--unshare-all", "--die-with-parent",
        "--new-session", "--cap-drop",    "ALL",
        "--ro-bind",     "/usr",          "/usr",
        "--symlink",     "usr/lib",       "/lib",
        "--symlink",     "usr/lib64",     "/lib64",
        "--symlink",     "usr/bin",       "/bin",
        "--proc",        "/proc",         "--dev",
        "/dev",          "--size",        "67108864",
        "--tmpfs",       "/tmp",          NULL,
    };

    command_add_all(command, fixed);
    for (; readable != NULL && *readable != NULL; readable++)
        command_add_all(command, (const char *const[]){"--ro-bind", *readable, *readable, NULL});
    if (writable != NULL)
        command_add_all(command, (const char *const[]){"--bind", writable, writable, NULL});
    command_add_all(command,
                    (const char *const[]){"--remount-ro", "/dev", "--remount-ro", "/", "--", NULL});
}

void sandbox_begin(struct command *command, const struct sandbox *sandbox, unsigned slot,
                   const struct sandbox_limits *limits, const char *const *readable,
                   const char *writable)
{
    command->count = 0;
    command->used = 0;
    bool is_own_user = sandbox->is_root && sandbox->kind != SANDBOX_LIMITS;
    if (is_own_user)
        add_user(command, sandbox->first_user + slot);
    add_limits(command, limits, is_own_user);
    if (sandbox->kind == SANDBOX_BUBBLEWRAP)
        add_bubblewrap(command, readable, writable);
}

static bool works(const struct sandbox *sandbox)
{
    static const struct sandbox_limits limits = {10, (uint64_t)1 << 30, 1 << 20, 100};
    struct command command;
    struct child_result result;

    sandbox_begin(&command, sandbox, 0, &limits, NULL, NULL);
    command_add(&command, "true");
    struct child_job job = {.argv = command.argv, .timeout_ms = TRIAL_TIMEOUT_MS};
    int status = child_run(&job, &result);
    child_result_free(&result);
    return status == 0;
}

/* Containers may refuse it. */
static bool has_ptrace(void)
{
    int status = -1;
    pid_t pid = fork();

    if (pid == 0)
        _exit(ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status == 0;
}

void sandbox_init(struct sandbox *sandbox, bool is_forced_down)
{
    sandbox->is_blind_to_leaks = !has_ptrace();
    sandbox->is_root = geteuid() == 0;
    sandbox->first_user = FIRST_USER + (unsigned)getpid() % GRADINGS * SLOTS;
    sandbox->kind = SANDBOX_BUBBLEWRAP;
    if (!is_forced_down && works(sandbox))
        return;
    sandbox->kind = SANDBOX_USER;
    if (sandbox->is_root && works(sandbox))
        return;
    sandbox->kind = SANDBOX_LIMITS;
}

const char *sandbox_name(const struct sandbox *sandbox)
{
    switch (sandbox->kind) {
    case SANDBOX_BUBBLEWRAP:
        return sandbox->is_root ? "bubblewrap, as an unprivileged user" : "bubblewrap";
    case SANDBOX_USER:
        return "an unprivileged user (setpriv), without bubblewrap";
    default:
        return "limits only";
    }
}

const char *sandbox_lacks(const struct sandbox *sandbox)
{
    switch (sandbox->kind) {
    case SANDBOX_BUBBLEWRAP:
        return "";
    case SANDBOX_USER:
        return "not contained: reading what every user may read, the network, writing to /tmp. "
               "apt-get install bubblewrap, on a machine that lets it make namespaces, contains "
               "these";
    default:
        return "not contained: submitted code runs with your own rights, and only the checks of "
               "its text and symbols stand between it and your files. apt-get install bubblewrap, "
               "on a machine that lets it make namespaces, or grade as root";
    }
}

int sandbox_give(const struct sandbox *sandbox, unsigned slot, const char *path)
{
    if (!sandbox->is_root || sandbox->kind == SANDBOX_LIMITS)
        return 0;
    return chown(path, sandbox->first_user + slot, sandbox->first_user + slot);
}
