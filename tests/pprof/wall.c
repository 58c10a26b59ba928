/* wall.h: that the sum is the threads' time, where they are, and that who sleeps is left asleep. */
#include "common/pprof/wall.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/pprof/profile_samples.h"
#include "common/pprof/symbols.h"
#include "common/pprof/threads_profile.h"

static const struct profile_type types[] = {{"samples", "count"}, {"wall", "nanoseconds"}};
static atomic_bool is_over;
static atomic_int interrupted_count, ready_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int end_of_poll;

static void *spin(void *argument)
{
    ready_count++;
    while (!is_over)
        ;
    return argument;
}

static void *wait_in_poll(void *argument)
{
    struct pollfd end = {.fd = end_of_poll, .events = POLLIN};

    ready_count++;
    while (poll(&end, 1, -1) != 1)
        interrupted_count++;
    return argument;
}

static void *wait_for_lock(void *argument)
{
    ready_count++;
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    return argument;
}

/* Of stacks that have this frame, or of all: NULL. */
static int64_t sum_of(const struct profile *profile, struct symbols *symbols, const char *name)
{
    int64_t sum = 0;

    for (size_t i = 0; i < profile->sample_count; i++) {
        const struct profile_sample *sample = profile->samples[i];
        bool is_found = name == NULL;
        for (unsigned j = 0; j < sample->depth && !is_found; j++) {
            struct symbol_place place;
            symbols_find(symbols, profile_sample_address(sample, j), &place);
            for (unsigned k = 0; k < place.frame_count && !is_found; k++)
                is_found =
                    place.frames[k].function != NULL && strcmp(place.frames[k].function, name) == 0;
        }
        sum += is_found ? sample->values[1] : 0;
    }
    return sum;
}

static struct profile *collect(unsigned milliseconds)
{
    struct profile *profile = profile_new(types, WALL_TYPES);
    int status;

    do
        status = wall_collect(profile, milliseconds, NULL, NULL);
    while (status != 0 && errno == EBUSY);
    cr_assert_eq(status, 0, "%s", strerror(errno));
    return profile;
}

/* Each has the time of the profile, as it is there all the while. */
static void expect_time(const struct profile *profile, struct symbols *symbols, const char *name)
{
    int64_t ns = sum_of(profile, symbols, name);

    cr_expect_geq(ns, profile->duration_ns / 100 * 90, "%s: %ld of %ld", name, (long)ns,
                  (long)profile->duration_ns);
    cr_expect_leq(ns, profile->duration_ns / 100 * 105, "%s: %ld of %ld", name, (long)ns,
                  (long)profile->duration_ns);
}

Test(wall, has_the_time_of_each_thread_where_it_is, .timeout = 120)
{
    void *(*const functions[])(void *) = {spin, wait_in_poll, wait_for_lock};
    pthread_t threads[3];
    struct symbols *symbols = symbols_new();

    end_of_poll = eventfd(0, 0);
    pthread_mutex_lock(&lock);
    for (int i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, functions[i], NULL);
    while (ready_count < 3)
        usleep(1000);
    usleep(50000);
    struct profile *profile = collect(1000);
    symbols_refresh(symbols);
    expect_time(profile, symbols, "spin");
    expect_time(profile, symbols, "wait_in_poll");
    expect_time(profile, symbols, "wait_for_lock");
    expect_time(profile, symbols, "[waiting: lock]");
    cr_expect_geq(sum_of(profile, symbols, "[waiting: events]"), profile->duration_ns / 100 * 90);
    cr_expect_geq(sum_of(profile, symbols, "[running]"), profile->duration_ns / 2);
    cr_expect_geq(sum_of(profile, symbols, NULL), 3 * (profile->duration_ns / 100 * 90));
    /* once for the first sample, once for the look at the end; not for each of 40 a second */
    cr_expect_leq(interrupted_count, 4, "%d", interrupted_count);
    profile_delete(profile);
    symbols_delete(symbols);
    is_over = true;
    pthread_mutex_unlock(&lock);
    eventfd_write(end_of_poll, 1);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
}

static bool always(void *closure)
{
    (void)closure;
    return true;
}

static void *collect_one(void *argument)
{
    profile_delete(collect(700));
    return argument;
}

Test(wall, is_one_at_a_time_and_ends_when_it_is_told, .timeout = 120)
{
    struct profile *profile = profile_new(types, WALL_TYPES);
    pthread_t other;
    int status;

    cr_expect_eq(wall_collect(profile, 60000, always, NULL), -1);
    cr_expect_eq(errno, ECANCELED);
    pthread_create(&other, NULL, collect_one, NULL);
    do /* until the other one is at it */
        status = wall_collect(profile, 1, NULL, NULL);
    while (status == 0);
    cr_expect_eq(errno, EBUSY);
    pthread_join(other, NULL);
    cr_expect_eq(wall_collect(profile, 1, NULL, NULL), 0);
    profile_delete(profile);
}

static void *come_and_go(void *argument)
{
    while (!is_over) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, wait_for_lock, NULL) == 0)
            pthread_join(thread, NULL);
    }
    return argument;
}

Test(wall, goes_on_while_threads_come_and_go_and_are_dumped, .timeout = 120)
{
    const struct profile_type count = {"threads", "count"};
    pthread_t threads[3];
    int dumps = 0;

    pthread_create(&threads[0], NULL, come_and_go, NULL);
    pthread_create(&threads[1], NULL, come_and_go, NULL);
    pthread_create(&threads[2], NULL, collect_one, NULL);
    for (int i = 0; i < 5; i++) {
        struct profile *profile = profile_new(&count, 1);
        dumps += threads_profile_collect(profile) == 0;
        profile_delete(profile);
    }
    pthread_join(threads[2], NULL);
    is_over = true;
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    cr_expect_geq(dumps, 4); /* the look at the end of the other may be in the way of one */
}
