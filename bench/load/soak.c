#include "bench/load/soak.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench/lesson.h"
#include "bench/load/wrk.h"
#include "bench/process/child.h"

/* wrk's run, in a thread of its own. */
struct drive {
    const char *script, *body, *url;
    unsigned seconds;
    struct wrk_result result;
    int status;
    char error[TARGET_TEXT_SIZE];
};

static void *drive(void *argument)
{
    struct drive *drive = argument;
    drive->status = wrk_run(drive->script, drive->body, drive->url, SOAK_CONNECTIONS,
                            drive->seconds, &drive->result, drive->error, sizeof drive->error);
    return NULL;
}

/* Looks at the service each second. 0, or -1 with a sentence in `error`. */
static int watch(struct soak *soak, const struct target *target, struct workshop *workshop,
                 char *error, size_t size)
{
    const struct timespec second = {.tv_sec = 1};
    char what[64], text[TARGET_TEXT_SIZE];

    while (soak->count < soak->seconds) {
        nanosleep(&second, NULL);
        if (child_is_interrupted() || target_look(target, &soak->states[soak->count], text) != 0) {
            snprintf(error, size, "%s", child_is_interrupted() ? "interrupted" : text);
            return -1;
        }
        soak->count++;
        snprintf(what, sizeof what, "the long load: second %u of %u", soak->count, soak->seconds);
        workshop_say(workshop, what);
    }
    return 0;
}

static int drive_and_watch(struct soak *soak, struct drive *wrk, const struct target *target,
                           struct workshop *workshop, char *error, size_t size)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, drive, wrk) != 0) {
        snprintf(error, size, "cannot start a thread");
        return -1;
    }
    int status = watch(soak, target, workshop, error, size);
    pthread_join(thread, NULL);
    if (wrk->status != 0) {
        snprintf(error, size, "%s", wrk->error);
        return -1;
    }
    soak->ok_count = wrk->result.ok_count;
    soak->refused_count = wrk->result.refused_count;
    soak->error_count = wrk->result.socket_errors + wrk->result.timeouts;
    if (wrk->result.seconds > 0)
        soak->records_per_s = (double)soak->ok_count * BODY_RECORDS / wrk->result.seconds;
    wrk_result_free(&wrk->result);
    return status;
}

int soak_run(struct soak *soak, const char *programs, const char *script, unsigned seconds,
             struct workshop *workshop, char *error, size_t size)
{
    struct target target;
    char text[TARGET_TEXT_SIZE];

    *soak = (struct soak){.seconds = seconds};
    soak->states = calloc(seconds, sizeof *soak->states);
    if (soak->states == NULL) {
        snprintf(error, size, "out of memory");
        return -1;
    }
    if (target_start(&target, programs, CODE_FIXED, "0", text) != 0) {
        snprintf(error, size, "%s", text);
        return -1;
    }
    struct drive wrk = {
        .script = script, .body = workshop->body, .url = target.url, .seconds = seconds + 1};
    int status = drive_and_watch(soak, &wrk, &target, workshop, error, size);
    if (target_stop(&target, text) != 0 && status == 0) {
        snprintf(error, size, "%s", text);
        status = -1;
    }
    return status;
}

void soak_free(struct soak *soak)
{
    free(soak->states);
    soak->states = NULL;
}

static uint64_t lower(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t higher(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

void soak_memory(const struct soak *soak, struct soak_memory *memory)
{
    unsigned from = soak->count / 10, n = soak->count - from;
    double mean_x = (n - 1) / 2.0, mean_y = 0, above = 0, below = 0;
    const struct target_state *states = soak->states + from;

    *memory = (struct soak_memory){.settled = states[0].resident_bytes,
                                   .last = states[n - 1].resident_bytes,
                                   .low = UINT64_MAX,
                                   .threads_low = UINT64_MAX};
    for (unsigned i = 0; i < n; i++) {
        memory->low = lower(memory->low, states[i].resident_bytes);
        memory->high = higher(memory->high, states[i].resident_bytes);
        memory->threads_low = lower(memory->threads_low, states[i].process_threads);
        memory->threads_high = higher(memory->threads_high, states[i].process_threads);
        mean_y += (double)states[i].resident_bytes / n;
    }
    for (unsigned i = 0; i < n; i++) {
        above += (i - mean_x) * ((double)states[i].resident_bytes - mean_y);
        below += (i - mean_x) * (i - mean_x);
    }
    memory->bytes_per_minute = below > 0 ? 60 * above / below : 0;
}
