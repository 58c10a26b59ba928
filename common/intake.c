#include "common/intake.h"

#include <time.h>

#include "common/clock.h"

/* A request is some 0.5 ms of work for a worker: room comes about as often. */
enum { RETRY_NS = 200000 };

void intake_init(struct intake *intake, const struct intake_options *options,
                 struct workers *workers)
{
    pthread_condattr_t attributes;

    *intake = (struct intake){.options = *options, .workers = workers};
    request_pool_init(&intake->pool, options->request_records, options->buffers_bytes_max,
                      options->idle_bytes_max);
    pthread_mutex_init(&intake->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&intake->has_moved, &attributes);
    pthread_condattr_destroy(&attributes);
}

void intake_free(struct intake *intake)
{
    pthread_cond_destroy(&intake->has_moved);
    pthread_mutex_destroy(&intake->mutex);
    request_pool_free(&intake->pool);
}

static struct timespec to_timespec(uint64_t ns)
{
    return (struct timespec){.tv_sec = (time_t)(ns / 1000000000u),
                             .tv_nsec = (long)(ns % 1000000000u)};
}

static enum workers_result retry(struct intake *intake, struct request *request,
                                 uint64_t deadline_ns)
{
    const struct timespec pause = to_timespec(RETRY_NS);
    enum workers_result result;

    while ((result = workers_submit(intake->workers, request, false)) == WORKERS_FULL &&
           clock_ns() < deadline_ns)
        nanosleep(&pause, NULL);
    return result;
}

/* Waits until the caller is at the head of the row. Returns false if the deadline came first. */
static bool reach_head(struct intake *intake, uint64_t deadline_ns)
{
    const struct timespec deadline = to_timespec(deadline_ns);
    int error = 0;

    pthread_mutex_lock(&intake->mutex);
    while (intake->is_trying && error == 0)
        error = pthread_cond_timedwait(&intake->has_moved, &intake->mutex, &deadline);
    bool is_head = !intake->is_trying;
    if (is_head)
        intake->is_trying = true;
    pthread_mutex_unlock(&intake->mutex);
    return is_head;
}

static void leave_head(struct intake *intake)
{
    pthread_mutex_lock(&intake->mutex);
    intake->is_trying = false;
    pthread_cond_signal(&intake->has_moved);
    pthread_mutex_unlock(&intake->mutex);
}

enum workers_result intake_submit(struct intake *intake, struct request *request)
{
    enum workers_result result = WORKERS_FULL;

    if (intake->options.wait_ns == INTAKE_WAIT_FOREVER)
        return workers_submit(intake->workers, request, true);
    if (atomic_load_explicit(&intake->waiting_count, memory_order_relaxed) == 0)
        result = workers_submit(intake->workers, request, false);
    if (result != WORKERS_FULL)
        return result;

    const uint64_t deadline_ns = clock_ns() + intake->options.wait_ns;
    atomic_fetch_add_explicit(&intake->waiting_count, 1, memory_order_relaxed);
    if (reach_head(intake, deadline_ns)) {
        result = retry(intake, request, deadline_ns);
        leave_head(intake);
    }
    atomic_fetch_sub_explicit(&intake->waiting_count, 1, memory_order_relaxed);
    return result;
}
