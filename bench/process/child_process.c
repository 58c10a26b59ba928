#include "bench/process/child_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/procinfo.h"

enum {
    CHUNK_BYTES = 64 * 1024,
    CHUNKS_AT_A_TIME =
        16, /* so that a child that never stops writing cannot keep us from the rest */
    DEFAULT_LIMIT_BYTES = 64 * 1024 * 1024,
    DEFAULT_GRACE_MS = 2000,
    FILES_MAX = 4096,
    DEEP_PIPE_BYTES = CHUNK_BYTES * CHUNKS_AT_A_TIME,
};
static const uint64_t DIGEST_START = 0xcbf29ce484222325u;
static const unsigned CLOSE_ON_EXEC = 1u << 2; /* CLOSE_RANGE_CLOEXEC, which older headers lack */

/* What the child tells of itself, through a pipe that its exec closes. */
enum step { STEP_SETUP, STEP_DIRECTORY, STEP_ASLR, STEP_EXEC };

struct news {
    enum step step;
    int error;
};

/* All that the child needs, made before the fork(): it may make system calls only. */
struct plan {
    const struct child_job *job;
    char *program;       /* its path; owned */
    char *path_variable; /* "PATH=..."; owned */
    const char *default_environment[2];
    const char *const *environment;
    int input, output, errors; /* what will be its descriptors 0, 1 and 2 */
    int news;
    pid_t parent;
};

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* The same descriptor above 2, so that putting it in the place of 0, 1 or 2 cannot clash. */
static int move_up(int fd)
{
    if (fd < 0 || fd > STDERR_FILENO)
        return fd;
    int moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    int error = errno;
    close(fd);
    errno = error;
    return moved;
}

static int open_above(const char *path, int flags)
{
    return move_up(open(path, flags | O_CLOEXEC, 0666));
}

static int pipe_above(int ends[2])
{
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    ends[0] = move_up(ends[0]);
    ends[1] = move_up(ends[1]);
    if (ends[0] >= 0 && ends[1] >= 0)
        return 0;
    int error = errno;
    close_fd(&ends[0]);
    close_fd(&ends[1]);
    errno = error;
    return -1;
}

static const char *search_path(void)
{
    const char *path = getenv("PATH");
    return path != NULL ? path : "/usr/local/bin:/usr/bin:/bin";
}

/* The path of the program; to be freed. NULL with errno set. */
static char *find_program(const char *name)
{
    if (strchr(name, '/') != NULL)
        return strdup(name);

    for (const char *at = search_path(); *at != '\0';) {
        size_t length = strcspn(at, ":");
        struct stat status;
        char *file;
        if (length > 0) {
            if (asprintf(&file, "%.*s/%s", (int)length, at, name) < 0)
                return NULL;
            if (stat(file, &status) == 0 && S_ISREG(status.st_mode) && access(file, X_OK) == 0)
                return file;
            free(file);
        }
        at += length + (at[length] == ':');
    }
    errno = ENOENT;
    return NULL;
}

static int open_sink(const struct child_stream *stream, struct child_capture *capture)
{
    int ends[2];

    if (stream->sink == CHILD_DISCARD)
        return open_above("/dev/null", O_WRONLY);
    if (stream->sink == CHILD_TO_FILE)
        return open_above(stream->path, O_WRONLY | O_CREAT | O_TRUNC);
    if (pipe_above(ends) != 0)
        return -1;
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    if (stream->is_digested)
        fcntl(ends[0], F_SETPIPE_SZ, DEEP_PIPE_BYTES); /* where it is refused, it is as it was */
    capture->fd = ends[0];
    capture->limit = stream->limit_bytes != 0 ? stream->limit_bytes : DEFAULT_LIMIT_BYTES;
    return ends[1];
}

/* What could not be made, or NULL; plan_free() is due in both cases. */
static const char *plan_init(struct plan *plan, struct child_process *process)
{
    const struct child_job *job = process->job;

    *plan = (struct plan){.job = job, .input = -1, .output = -1, .errors = -1, .news = -1};
    plan->parent = getpid();
    plan->program = find_program(job->argv[0]);
    if (plan->program == NULL)
        return "find";
    plan->environment = job->environment;
    if (plan->environment == NULL) {
        if (asprintf(&plan->path_variable, "PATH=%s", search_path()) < 0) {
            plan->path_variable = NULL;
            return "memory";
        }
        plan->default_environment[0] = plan->path_variable;
        plan->environment = plan->default_environment;
    }
    const char *input = job->input != NULL ? job->input : "/dev/null";
    plan->input = open_above(input, O_RDONLY);
    if (plan->input < 0)
        return input;
    plan->output = open_sink(&job->output, &process->output);
    if (plan->output < 0)
        return job->output.path != NULL ? job->output.path : "standard output";
    plan->errors = open_sink(&job->errors, &process->errors);
    if (plan->errors < 0)
        return job->errors.path != NULL ? job->errors.path : "standard error";
    return NULL;
}

static void plan_free(struct plan *plan)
{
    free(plan->program);
    free(plan->path_variable);
    close_fd(&plan->input);
    close_fd(&plan->output);
    close_fd(&plan->errors);
    close_fd(&plan->news);
}

static void tell(const struct plan *plan, enum step step, int error)
{
    struct news news = {step, error};
    ssize_t written = write(plan->news, &news, sizeof news);
    (void)written; /* nobody is left to tell */
}

/*
 * In containers the limit of open files can be 2^30, and there are programs that make room for as
 * many: Valgrind does not start then. Who needs more can raise it again.
 */
static void limit_files(void)
{
    struct rlimit files;

    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur <= FILES_MAX)
        return;
    files.rlim_cur = FILES_MAX;
    setrlimit(RLIMIT_NOFILE, &files);
}

/* In the child, with all signals blocked: system calls only. */
static _Noreturn void become(const struct plan *plan)
{
    struct sigaction by_default = {.sa_handler = SIG_DFL};
    struct rlimit no_core = {0, 0};
    sigset_t none;
    int personality_now = personality(0xffffffff);

    setsid(); /* a group of its own, and no terminal to read from or to be stopped by */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != plan->parent)
        _exit(127); /* it died before the line above */
    for (int number = 1; number < NSIG; number++)
        sigaction(number, &by_default, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setrlimit(RLIMIT_CORE, &no_core);
    limit_files();
    if (dup2(plan->input, STDIN_FILENO) < 0 || dup2(plan->output, STDOUT_FILENO) < 0 ||
        dup2(plan->errors, STDERR_FILENO) < 0) {
        tell(plan, STEP_SETUP, errno);
        _exit(127);
    }
    if (plan->job->directory != NULL && chdir(plan->job->directory) != 0) {
        tell(plan, STEP_DIRECTORY, errno);
        _exit(127);
    }
    if (plan->job->is_without_aslr &&
        (personality_now < 0 || personality((unsigned)personality_now | ADDR_NO_RANDOMIZE) < 0))
        tell(plan, STEP_ASLR, errno);
    syscall(SYS_close_range, STDERR_FILENO + 1, ~0u, CLOSE_ON_EXEC);
    execve(plan->program, (char *const *)plan->job->argv, (char *const *)plan->environment);
    tell(plan, STEP_EXEC, errno);
    _exit(127);
}

/* Waits for the exec. 0, or -1 if the child did not come to it; then it is over, or nearly so. */
static int hear(int fd, struct child_process *process)
{
    struct child_result *result = process->result;
    struct news news;

    for (;;) {
        ssize_t count = read(fd, &news, sizeof news);
        if (count < 0 && errno == EINTR)
            continue;
        if (count != (ssize_t)sizeof news)
            return 0;
        if (news.step == STEP_ASLR) {
            result->is_aslr_refused = true;
            continue;
        }
        result->start_errno = news.error;
        result->start_step = news.step == STEP_EXEC        ? "exec"
                             : news.step == STEP_DIRECTORY ? process->job->directory
                                                           : "setup";
        return -1;
    }
}

static void reap(pid_t pid)
{
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

static int start(struct child_process *process, struct plan *plan)
{
    struct child_result *result = process->result;
    sigset_t all, before;
    int news[2];

    if (pipe_above(news) != 0) {
        result->start_errno = errno;
        result->start_step = "pipe";
        return -1;
    }
    plan->news = news[1];
    result->rss_floor_kb = procinfo_resident_bytes() / 1024;
    /* The caller's handlers must not run in the child: they would speak for the caller. */
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    process->start_ns = clock_ns();
    process->pid = fork();
    if (process->pid == 0)
        become(plan);
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close_fd(&plan->news);
    if (process->pid < 0) {
        close(news[0]);
        result->start_errno = error;
        result->start_step = "fork";
        return -1;
    }
    int status = hear(news[0], process);
    close(news[0]);
    if (status == 0) {
        process->pidfd = (int)syscall(SYS_pidfd_open, process->pid, 0);
        if (process->pidfd >= 0)
            return 0;
        result->start_errno = errno;
        result->start_step = "pidfd_open";
        kill(-process->pid, SIGKILL);
    }
    reap(process->pid);
    return -1;
}

int child_process_start(struct child_process *process, const struct child_job *job, size_t index,
                        struct child_result *result)
{
    struct plan plan;

    *result = (struct child_result){.end = CHILD_EXITED};
    *process = (struct child_process){
        .job = job,
        .result = result,
        .index = index,
        .pidfd = -1,
        .output = {-1, &result->output, &result->output_length, &result->is_output_cut, 0, 0, NULL, NULL},
        .errors = {-1, &result->errors, &result->errors_length, &result->is_errors_cut, 0, 0, NULL, NULL},
        .ended_as = CHILD_EXITED,
    };
    if (job->output.is_digested) {
        process->output.count = &result->output_bytes;
        process->output.digest = &result->output_digest;
        result->output_digest = DIGEST_START;
    }
    result->start_step = plan_init(&plan, process);
    result->start_errno = result->start_step != NULL ? errno : 0;
    int status = result->start_step == NULL ? start(process, &plan) : -1;
    plan_free(&plan);
    if (status != 0) {
        result->end = CHILD_NOT_STARTED;
        close_fd(&process->output.fd);
        close_fd(&process->errors.fd);
        return -1;
    }
    if (job->timeout_ms != 0)
        process->deadline_ns = process->start_ns + job->timeout_ms * 1000000u;
    return 0;
}

void child_process_end(struct child_process *process, enum child_end ended_as, uint64_t now_ns)
{
    uint64_t grace_ms = process->job->grace_ms != 0 ? process->job->grace_ms : DEFAULT_GRACE_MS;

    if (process->stage != CHILD_STAGE_RUNNING)
        return;
    process->stage = CHILD_STAGE_TERMINATED;
    process->ended_as = ended_as;
    process->deadline_ns = now_ns + grace_ms * 1000000u;
    kill(-process->pid, SIGTERM);
    kill(-process->pid, SIGCONT); /* a stopped process cannot hear */
}

void child_process_check_time(struct child_process *process, uint64_t now_ns)
{
    if (process->deadline_ns == 0 || now_ns < process->deadline_ns)
        return;
    if (process->stage == CHILD_STAGE_RUNNING) {
        child_process_end(process, CHILD_TIMED_OUT, now_ns);
        return;
    }
    process->stage = CHILD_STAGE_KILLED;
    process->deadline_ns = 0;
    kill(-process->pid, SIGKILL);
}

/* FNV-1a-64 (Fowler, Noll, Vo). */
static void digest(const struct child_capture *capture, const char *bytes, size_t count)
{
    if (capture->digest == NULL)
        return;
    uint64_t value = *capture->digest;
    for (size_t i = 0; i < count; i++)
        value = (value ^ (unsigned char)bytes[i]) * 0x100000001b3u;
    *capture->digest = value;
    *capture->count += count;
}

/* Keeps what fits, and notes that something did not. */
static void append(struct child_capture *capture, const char *bytes, size_t count)
{
    size_t room = capture->limit - *capture->length;

    digest(capture, bytes, count);
    if (count > room) {
        *capture->is_cut = true;
        count = room;
    }
    if (*capture->length + count + 1 > capture->capacity) {
        size_t capacity = 2 * (*capture->length + count + 1);
        char *bigger = realloc(*capture->bytes, capacity);
        if (bigger == NULL) {
            *capture->is_cut = true;
            return;
        }
        *capture->bytes = bigger;
        capture->capacity = capacity;
    }
    memcpy(*capture->bytes + *capture->length, bytes, count);
    *capture->length += count;
    (*capture->bytes)[*capture->length] = '\0';
}

void child_capture_read(struct child_capture *capture)
{
    char chunk[CHUNK_BYTES];

    for (int i = 0; capture->fd >= 0 && i < CHUNKS_AT_A_TIME; i++) {
        ssize_t count = read(capture->fd, chunk, sizeof chunk);
        if (count > 0)
            append(capture, chunk, (size_t)count);
        else if (count < 0 && errno == EINTR)
            continue;
        else if (count < 0 && errno == EAGAIN)
            return;
        else
            close_fd(&capture->fd);
    }
}

/* The rest: a pipe holds no more than is read at a time here. */
static void end_capture(struct child_capture *capture, bool is_captured)
{
    if (is_captured)
        append(capture, "", 0); /* so that there is a text even if nothing was written */
    child_capture_read(capture);
    close_fd(&capture->fd);
}

static uint64_t timeval_ns(const struct timeval *time)
{
    return (uint64_t)time->tv_sec * 1000000000u + (uint64_t)time->tv_usec * 1000u;
}

static void set_end(struct child_process *process, int status)
{
    struct child_result *result = process->result;

    if (process->ended_as != CHILD_EXITED) {
        result->end = process->ended_as;
        result->is_interrupted = process->ended_as == CHILD_INTERRUPTED;
    } else if (WIFSIGNALED(status)) {
        result->end = CHILD_SIGNALLED;
        result->signal_number = WTERMSIG(status);
    } else {
        result->exit_status = WEXITSTATUS(status);
    }
}

void child_process_finish(struct child_process *process, uint64_t now_ns)
{
    struct child_result *result = process->result;
    struct rusage usage;
    int status;
    pid_t waited;

    /* Before it is reaped, while its number cannot be another group's. */
    kill(-process->pid, SIGKILL);
    end_capture(&process->output, process->job->output.sink == CHILD_CAPTURE);
    end_capture(&process->errors, process->job->errors.sink == CHILD_CAPTURE);
    do
        waited = wait4(process->pid, &status, 0, &usage);
    while (waited < 0 && errno == EINTR);
    close_fd(&process->pidfd);
    if (waited < 0) {
        result->end = CHILD_NOT_STARTED; /* somebody else waited for it: nothing is known of it */
        result->start_errno = errno;
        result->start_step = "wait4";
        return;
    }
    set_end(process, status);
    result->wall_ns = now_ns - process->start_ns;
    result->user_ns = timeval_ns(&usage.ru_utime);
    result->sys_ns = timeval_ns(&usage.ru_stime);
    result->max_rss_kb = (uint64_t)usage.ru_maxrss;
    result->minor_faults = (uint64_t)usage.ru_minflt;
    result->major_faults = (uint64_t)usage.ru_majflt;
    result->voluntary_switches = (uint64_t)usage.ru_nvcsw;
    result->involuntary_switches = (uint64_t)usage.ru_nivcsw;
}
