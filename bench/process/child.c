#include "bench/process/child.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bench/process/child_process.h"
#include "common/clock.h"

enum { POLLED_EACH = 3 }; /* descriptors of a child: its end, its output, its errors */

/*
 * The one state that is not passed as an argument: a signal handler has no argument to pass it in.
 * The descriptor is made by the first run and kept, so that a handler can never write into another
 * file that got its number; it stays readable from an interruption until child_interrupt_clear().
 */
static struct {
    atomic_bool is_set;
    atomic_int wake_fd;
} interrupt = {false, -1};

void child_interrupt(void)
{
    int error = errno;

    atomic_store(&interrupt.is_set, true);
    int fd = atomic_load(&interrupt.wake_fd);
    if (fd >= 0) {
        uint64_t one = 1;
        ssize_t written = write(fd, &one, sizeof one);
        (void)written; /* it can only fail if it is full, and then it is readable already */
    }
    errno = error;
}

bool child_is_interrupted(void)
{
    return atomic_load(&interrupt.is_set);
}

void child_interrupt_clear(void)
{
    uint64_t count;
    int fd = atomic_load(&interrupt.wake_fd);

    atomic_store(&interrupt.is_set, false);
    if (fd >= 0 && read(fd, &count, sizeof count) < 0)
        assert(errno == EAGAIN);
}

/* The descriptor that an interruption makes readable; -1 with errno set. */
static int open_wake_fd(void)
{
    int none = -1;

    if (atomic_load(&interrupt.wake_fd) >= 0)
        return atomic_load(&interrupt.wake_fd);
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fd >= 0 && !atomic_compare_exchange_strong(&interrupt.wake_fd, &none, fd)) {
        close(fd); /* another thread was faster */
        return none;
    }
    return fd;
}

/* A call of child_run_all(). */
struct runner {
    const struct child_job *jobs;
    size_t count;
    child_done *on_done;
    void *context;
    struct child_result *results;
    struct child_process *running; /* running_count of them, in no order */
    size_t running_count, running_max;
    size_t next;           /* job to start */
    struct pollfd *polled; /* the wake descriptor, then POLLED_EACH for each running */
    bool is_interrupted;
};

static void report(struct runner *runner, size_t index)
{
    if (runner->on_done != NULL)
        runner->on_done(runner->context, index, &runner->results[index]);
}

static void start_more(struct runner *runner)
{
    while (runner->next < runner->count && runner->running_count < runner->running_max &&
           !runner->is_interrupted) {
        size_t index = runner->next++;
        if (child_process_start(&runner->running[runner->running_count], &runner->jobs[index],
                                index, &runner->results[index]) == 0)
            runner->running_count++;
        else
            report(runner, index);
        runner->is_interrupted = runner->is_interrupted || child_is_interrupted();
    }
}

static void end_all(struct runner *runner)
{
    for (size_t i = 0; i < runner->running_count; i++)
        child_process_end(&runner->running[i], CHILD_INTERRUPTED, clock_ns());
}

/* Milliseconds until the first deadline, rounded up; -1 if there is none. */
static int next_timeout_ms(const struct runner *runner)
{
    uint64_t now_ns = clock_ns(), first_ns = UINT64_MAX;

    for (size_t i = 0; i < runner->running_count; i++)
        if (runner->running[i].deadline_ns != 0 && runner->running[i].deadline_ns < first_ns)
            first_ns = runner->running[i].deadline_ns;
    if (first_ns == UINT64_MAX)
        return -1;
    uint64_t left_ms = first_ns > now_ns ? (first_ns - now_ns + 999999) / 1000000 : 0;
    return left_ms < 3600000 ? (int)left_ms : 3600000;
}

static void wait_for_news(struct runner *runner)
{
    /* Once all have been told to end, an interruption need not wake us up again. */
    runner->polled[0].fd = runner->is_interrupted ? -1 : atomic_load(&interrupt.wake_fd);
    runner->polled[0].events = POLLIN;
    for (size_t i = 0; i < runner->running_count; i++) {
        struct pollfd *polled = &runner->polled[1 + POLLED_EACH * i];
        polled[0] = (struct pollfd){.fd = runner->running[i].pidfd, .events = POLLIN};
        polled[1] = (struct pollfd){.fd = runner->running[i].output.fd, .events = POLLIN};
        polled[2] = (struct pollfd){.fd = runner->running[i].errors.fd, .events = POLLIN};
    }
    int count =
        poll(runner->polled, 1 + POLLED_EACH * runner->running_count, next_timeout_ms(runner));
    if (count <= 0)
        for (size_t i = 0; i < 1 + POLLED_EACH * runner->running_count; i++)
            runner->polled[i].revents = 0;
}

static void handle_news(struct runner *runner)
{
    uint64_t now_ns = clock_ns();

    /* Backwards: the last one moves into the place of one that is over. */
    for (size_t i = runner->running_count; i-- > 0;) {
        struct child_process *process = &runner->running[i];
        const struct pollfd *polled = &runner->polled[1 + POLLED_EACH * i];

        child_process_check_time(process, now_ns);
        if (polled[1].revents != 0)
            child_capture_read(&process->output);
        if (polled[2].revents != 0)
            child_capture_read(&process->errors);
        if (polled[0].revents == 0)
            continue;
        child_process_finish(process, now_ns);
        size_t index = process->index;
        *process = runner->running[--runner->running_count];
        report(runner, index);
    }
}

static void run(struct runner *runner)
{
    runner->is_interrupted = child_is_interrupted();
    start_more(runner);
    while (runner->running_count > 0) {
        if (runner->is_interrupted)
            end_all(runner);
        wait_for_news(runner);
        runner->is_interrupted = runner->is_interrupted || child_is_interrupted();
        handle_news(runner);
        start_more(runner);
    }
    /* What an interruption left over. */
    for (; runner->next < runner->count; runner->next++)
        report(runner, runner->next);
}

static bool has_succeeded(const struct child_result *result)
{
    return result->end == CHILD_EXITED && result->exit_status == 0;
}

int child_run_all(const struct child_job *jobs, size_t count, size_t parallel_count,
                  child_done *on_done, void *context, struct child_result *results)
{
    size_t running_max = parallel_count < count ? parallel_count : count;
    struct runner runner = {
        .jobs = jobs,
        .count = count,
        .on_done = on_done,
        .context = context,
        .results = results,
        .running_max = running_max,
        .running = calloc(running_max + 1, sizeof *runner.running),
        .polled = calloc(1 + POLLED_EACH * running_max, sizeof *runner.polled),
    };
    int status = 0;

    assert(parallel_count >= 1);
    for (size_t i = 0; i < count; i++)
        results[i] = (struct child_result){.end = CHILD_NOT_RUN, .is_interrupted = true};
    if (runner.running == NULL || runner.polled == NULL || open_wake_fd() < 0) {
        int error = runner.running == NULL || runner.polled == NULL ? ENOMEM : errno;
        for (size_t i = 0; i < count; i++) {
            results[i] = (struct child_result){
                .end = CHILD_NOT_STARTED, .start_errno = error, .start_step = "setup"};
            report(&runner, i);
        }
    } else {
        run(&runner);
    }
    for (size_t i = 0; i < count; i++)
        if (!has_succeeded(&results[i]))
            status = -1;
    free(runner.running);
    free(runner.polled);
    return status;
}

int child_run(const struct child_job *job, struct child_result *result)
{
    return child_run_all(job, 1, 1, NULL, NULL, result);
}

void child_result_free(struct child_result *result)
{
    free(result->output);
    free(result->errors);
    result->output = result->errors = NULL;
    result->output_length = result->errors_length = 0;
}
