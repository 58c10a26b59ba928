/* cpu.h: whose CPU time it is, that the sum is right, and that nobody notices. */
#include "common/pprof/cpu.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/pprof/profile_samples.h"
#include "tests/pprof/place.h"

#define NS_PER_S INT64_C(1000000000)

static const struct profile_type types[] = {{"samples", "count"}, {"cpu", "nanoseconds"}};
static atomic_bool is_over;

static int64_t cpu_ns(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return now.tv_sec * NS_PER_S + now.tv_nsec;
}

static int64_t usage_ns(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * NS_PER_S +
           (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000;
}

static int64_t sum_of(const struct profile *profile, unsigned type)
{
    int64_t sum = 0;

    for (size_t i = 0; i < profile->sample_count; i++)
        sum += profile->samples[i]->values[type];
    return sum;
}

/* Of a PLACE, by how far an address is behind its first byte. */
static bool has_frame(const struct profile_sample *sample, void (*function)(void))
{
    for (unsigned i = 0; i < sample->depth; i++)
        if (sample->stack[i] - (uintptr_t)function < PLACE_BYTES)
            return true;
    return false;
}

static int64_t sum_with(const struct profile *profile, void (*function)(void))
{
    int64_t sum = 0;

    for (size_t i = 0; i < profile->sample_count; i++)
        if (has_frame(profile->samples[i], function))
            sum += profile->samples[i]->values[1];
    return sum;
}

static PLACE void burn(void)
{
    for (volatile int i = 0; i < 10000; i++)
        ;
}

static PLACE void burn_on(void)
{
    while (!is_over)
        burn();
    __asm__ volatile("" ::: "memory"); /* behind the call, so that it is no jump */
}

static void *run_burner(void *argument)
{
    burn_on();
    __asm__ volatile("" ::: "memory");
    return argument;
}

static struct profile *collect(unsigned hz, unsigned milliseconds)
{
    struct profile *profile = profile_new(types, 2);

    cr_assert_eq(cpu_profile_collect(profile, hz, milliseconds, NULL, NULL), 0, "%s",
                 strerror(errno));
    return profile;
}

/* What a profile is to go on for: CPU time rather than time, of which a busy machine gives none. */
struct use {
    int64_t until_ns;
    int times; /* it has come to that, once more than is needed: what is under way comes in */
};

static bool is_used(void *closure)
{
    struct use *use = closure;

    use->times += usage_ns() >= use->until_ns;
    return use->times == 2;
}

/* A profile of this process, until it has used so much CPU time. */
static struct profile *collect_use(unsigned hz, unsigned milliseconds)
{
    struct profile *profile = profile_new(types, 2);
    struct use use = {.until_ns = usage_ns() + milliseconds * INT64_C(1000000)};

    cr_assert_eq(cpu_profile_collect(profile, hz, 100 * 1000, is_used, &use), -1);
    cr_assert_eq(errno, ECANCELED, "%s", strerror(errno));
    return profile;
}

static void assert_agrees(int64_t sum, int64_t used, int percent)
{
    cr_assert_lt(llabs(sum - used) * 100, used * percent, "sampled %lld ms of %lld ms used",
                 (long long)sum / 1000000, (long long)used / 1000000);
}

enum { BURNERS = 3, BURN_MS = 700 };

static atomic_bool is_collecting;
static atomic_int done_count;
static _Atomic int64_t burnt_ns;

/* A part of the CPU time that is known exactly, all of it while the profile is collected. */
static PLACE void *run_measured(void *argument)
{
    struct rusage usage;

    while (!is_collecting)
        usleep(1000);
    while (cpu_ns(CLOCK_THREAD_CPUTIME_ID) < BURN_MS * INT64_C(1000000))
        burn();
    getrusage(RUSAGE_THREAD, &usage);
    burnt_ns += (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * NS_PER_S +
                (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000;
    done_count++;
    return argument;
}

/* Ends the profile once all have burnt and what is under way has come in. */
static bool have_burnt(void *closure)
{
    int *times = closure;

    is_collecting = true;
    *times += done_count == BURNERS;
    return *times == 2;
}

Test(cpu, agrees_with_the_cpu_time_used, .timeout = 300)
{
    pthread_t threads[BURNERS];
    struct profile *profile = profile_new(types, 2);
    int times = 0;

    for (int i = 0; i < BURNERS; i++)
        pthread_create(&threads[i], NULL, run_measured, NULL);
    cr_assert_eq(cpu_profile_collect(profile, 500, 100 * 1000, have_burnt, &times), -1);
    cr_assert_eq(errno, ECANCELED);
    for (int i = 0; i < BURNERS; i++)
        pthread_join(threads[i], NULL);
    assert_agrees(sum_with(profile, (void (*)(void))run_measured), burnt_ns, 5);
    cr_assert_eq(sum_of(profile, 1), sum_of(profile, 0) * (NS_PER_S / 500));
    profile_delete(profile);
}

Test(cpu, is_led_by_who_uses_the_cpu, .timeout = 300)
{
    pthread_t thread;

    pthread_create(&thread, NULL, run_burner, NULL);
    struct profile *profile = collect_use(500, 1000);
    is_over = true;
    pthread_join(thread, NULL);
    cr_assert_gt(sum_with(profile, burn) * 100, sum_of(profile, 1) * 80, "it leads");
    cr_assert_gt(sum_with(profile, burn_on) * 100, sum_with(profile, burn) * 95, "with its caller");
    cr_assert_eq(profile->period, NS_PER_S / 500);
    cr_assert_gt(profile->duration_ns, 0);
    profile_delete(profile);
}

/* As naive/workers.c does it: threads that work for less than a period. */
static void *run_shortly(void *argument)
{
    cpu_profile_thread_started();
    while (cpu_ns(CLOCK_THREAD_CPUTIME_ID) < 3000000)
        burn();
    return argument;
}

static void *start_threads(void *argument)
{
    pthread_t thread;

    while (!is_over) {
        pthread_create(&thread, NULL, run_shortly, NULL);
        pthread_join(thread, NULL);
    }
    return argument;
}

Test(cpu, sees_threads_that_live_for_less_than_a_period, .timeout = 300)
{
    pthread_t thread;

    pthread_create(&thread, NULL, start_threads, NULL);
    int64_t before = usage_ns();
    struct profile *profile = collect_use(100, 3000);
    int64_t used = usage_ns() - before;
    is_over = true;
    pthread_join(thread, NULL);
    /* a busy machine starts threads at its ticks, and those that end before the next go unseen */
    cr_assert_gt(sum_of(profile, 1) * 4, used, "sampled %lld ms of %lld ms used",
                 (long long)sum_of(profile, 1) / 1000000, (long long)used / 1000000);
    cr_assert_lt(sum_of(profile, 1), used * 5 / 4);
    profile_delete(profile);
}

enum { NAPPERS = 60, NAP_MS = 10 };

/* As a thread that waits for its database: ticks seldom meet it, and then it waits for good. */
static void *run_between_naps(void *argument)
{
    while (!is_collecting)
        usleep(1000);
    while (cpu_ns(CLOCK_THREAD_CPUTIME_ID) < NAP_MS * INT64_C(1000000)) {
        for (volatile int i = 0; i < 1000; i++)
            ;
        nanosleep(&(struct timespec){.tv_nsec = 50000}, NULL);
    }
    while (!is_over)
        usleep(10000);
    return argument;
}

struct naps {
    int64_t from_ns, to_ns; /* of the process' CPU time */
};

/* Asked until the end, and never says it: what is cancelled is not summed up. */
static bool looks_at_naps(void *closure)
{
    struct naps *naps = closure;

    if (!is_collecting)
        naps->from_ns = usage_ns();
    is_collecting = true;
    naps->to_ns = usage_ns();
    return false;
}

Test(cpu, sums_up_what_no_tick_meets, .timeout = 300)
{
    pthread_t threads[NAPPERS];
    struct profile *profile = profile_new(types, 2);
    struct naps naps;
    int64_t unseen = 0;

    for (int i = 0; i < NAPPERS; i++)
        pthread_create(&threads[i], NULL, run_between_naps, NULL);
    cr_assert_eq(cpu_profile_collect(profile, 100, 3000, looks_at_naps, &naps), 0);
    is_over = true;
    for (int i = 0; i < NAPPERS; i++)
        pthread_join(threads[i], NULL);
    assert_agrees(sum_of(profile, 1), naps.to_ns - naps.from_ns, 10);
    for (size_t i = 0; i < profile->sample_count; i++)
        if (profile->samples[i]->depth == 0) {
            cr_expect_str_eq(profile->samples[i]->labels[0].key, "unseen");
            unseen += profile->samples[i]->values[1];
        }
    cr_expect_lt(unseen, sum_of(profile, 1), "some are met");
    profile_delete(profile);
}

static bool is_told_to_end(void *closure)
{
    (void)closure;
    is_collecting = true;
    return is_over;
}

/* A profile that goes on until is_over is set. */
static void *collect_quietly(void *argument)
{
    struct profile *profile = profile_new(types, 2);

    cr_assert_eq(cpu_profile_collect(profile, 1000, 100 * 1000, is_told_to_end, NULL), -1);
    cr_assert_eq(errno, ECANCELED, "%s", strerror(errno));
    profile_delete(profile);
    return argument;
}

/* It is under way when this returns. */
static pthread_t start_collecting(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, collect_quietly, NULL);
    while (!is_collecting)
        usleep(1000);
    return thread;
}

static void end_collecting(pthread_t thread)
{
    is_over = true;
    pthread_join(thread, NULL);
}

Test(cpu, does_not_disturb_sleep_and_poll, .timeout = 300)
{
    enum { ROUNDS = 500 };
    int pipe_ends[2], interrupted = 0;

    cr_assert_eq(pipe(pipe_ends), 0);
    pthread_t thread = start_collecting();
    for (int round = 0; round < ROUNDS; round++) {
        struct pollfd input = {.fd = pipe_ends[0], .events = POLLIN};
        for (int i = 0; i < 20; i++)
            burn(); /* so that a signal may be due when it falls asleep */
        interrupted += nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL) != 0;
        interrupted += poll(&input, 1, 1) != 0;
    }
    end_collecting(thread);
    cr_assert_eq(interrupted, 0, "%d of %d", interrupted, ROUNDS);
}

static int count_lines(const char *path, const char *word)
{
    char line[512];
    int count = 0;
    FILE *file = fopen(path, "r");

    cr_assert_not_null(file, "%s", path);
    while (fgets(line, sizeof line, file) != NULL)
        count += strstr(line, word) != NULL;
    fclose(file);
    return count;
}

Test(cpu, leaves_nothing_behind, .timeout = 300)
{
    profile_delete(collect(100, 20)); /* what libdw keeps, once */
    int files = count_lines("/proc/self/maps", "\n");
    profile_delete(collect(1000, 300));
    if (access("/proc/self/timers", R_OK) == 0)
        cr_assert_eq(count_lines("/proc/self/timers", "ID:"), 0);
#ifndef __SANITIZE_ADDRESS__ /* it keeps what was freed, in mappings of its own */
    cr_assert_leq(count_lines("/proc/self/maps", "\n"), files + 1); /* the heap may have grown */
#else
    (void)files;
#endif
    raise(SIGPROF); /* one that comes late */
    cr_assert_eq(count_lines("/proc/self/maps", "memfd:vdso"), 0);
}

Test(cpu, is_collected_once_at_a_time, .timeout = 300)
{
    struct profile *profile = profile_new(types, 2);
    pthread_t thread = start_collecting();

    cr_assert_eq(cpu_profile_collect(profile, 100, 1, NULL, NULL), -1);
    cr_assert_eq(errno, EBUSY);
    end_collecting(thread);
    profile_delete(profile);
    profile_delete(collect(100, 20));
}

static void handle_own(int number)
{
    (void)number;
}

Test(cpu, leaves_a_programs_own_handler_alone)
{
    struct profile *profile = profile_new(types, 2);
    struct sigaction action = {.sa_handler = handle_own}, after;

    sigaction(SIGPROF, &action, NULL);
    cr_assert_eq(cpu_profile_collect(profile, 100, 20, NULL, NULL), -1);
    cr_assert_eq(errno, EBUSY);
    sigaction(SIGPROF, NULL, &after);
    cr_assert_eq(after.sa_handler, handle_own);
    cr_assert_eq(cpu_profile_collect(profile, 0, 20, NULL, NULL), -1);
    cr_assert_eq(errno, EINVAL);
    profile_delete(profile);
}

static bool cancel(void *closure)
{
    (void)closure;
    return true;
}

Test(cpu, ends_when_nobody_wants_it_any_more, .timeout = 300)
{
    struct profile *profile = profile_new(types, 2);

    cr_assert_eq(cpu_profile_collect(profile, 100, 3600 * 1000, cancel, NULL), -1);
    cr_assert_eq(errno, ECANCELED);
    profile_delete(profile);
    profile_delete(collect(100, 20));
}

/* Not under ASan: the locks of its allocator stay as another thread had them at the fork(). */
static bool collects_as_a_child(void)
{
#ifdef __SANITIZE_ADDRESS__
    return true;
#else
    struct profile *profile = profile_new(types, 2);

    return cpu_profile_collect(profile, 1000, 30, NULL, NULL) == 0;
#endif
}

Test(cpu, survives_forks, .timeout = 300)
{
    pthread_t thread = start_collecting();

    for (int count = 0; count < 100; count++) {
        int status;
        pid_t child = fork();
        if (child == 0) {
            cpu_profile_thread_started();
            burn();
            if (count % 8 == 0 && !collects_as_a_child())
                _exit(1);
            if (count % 8 == 1)
                execlp("true", "true", (char *)NULL);
            _exit(0);
        }
        cr_assert_eq(waitpid(child, &status, 0), child);
        cr_assert_eq(status, 0, "the child ended with %d", status);
    }
    end_collecting(thread);
}

static void *load_and_unload(void *argument)
{
    while (!is_over) {
        void *library = dlopen("libthread_db.so.1", RTLD_NOW | RTLD_LOCAL);
        void *other = dlopen("libBrokenLocale.so.1", RTLD_NOW | RTLD_LOCAL);
        burn();
        if (other != NULL)
            dlclose(other);
        if (library != NULL)
            dlclose(library);
    }
    return argument;
}

Test(cpu, survives_libraries_and_threads_that_come_and_go, .timeout = 300)
{
    pthread_t threads[3];

    pthread_create(&threads[0], NULL, load_and_unload, NULL);
    pthread_create(&threads[1], NULL, load_and_unload, NULL);
    pthread_create(&threads[2], NULL, start_threads, NULL);
    int64_t before = usage_ns();
    struct profile *profile = collect_use(1000, 1000);
    int64_t used = usage_ns() - before;
    is_over = true;
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    cr_assert_gt(sum_of(profile, 1) * 2, used, "most is seen even so");
    profile_delete(profile);
}

static __attribute__((noinline)) int dig(int depth)
{
    volatile char room[1024];

    room[0] = (char)depth;
    if (depth == 0)
        while (!is_over)
            burn();
    return depth == 0 ? 0 : dig(depth - 1) + room[0];
}

static void *run_deep(void *argument)
{
    dig(64);
    return argument;
}

Test(cpu, keeps_the_top_of_a_stack_that_is_too_deep_to_copy, .timeout = 300)
{
    pthread_t thread;

    pthread_create(&thread, NULL, run_deep, NULL);
    struct profile *profile = collect_use(1000, 300);
    is_over = true;
    pthread_join(thread, NULL);
    int64_t deep = 0;
    for (size_t i = 0; i < profile->sample_count; i++)
        if (has_frame(profile->samples[i], burn) && profile->samples[i]->depth > 10)
            deep += profile->samples[i]->values[1];
    cr_assert_gt(deep * 2, sum_of(profile, 1));
    profile_delete(profile);
}

Test(cpu, asks_no_network_for_debug_information, .timeout = 300)
{
    char url[64];
    pthread_t thread;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

    cr_assert_eq(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    cr_assert_eq(listen(listener, 8), 0);
    getsockname(listener, (struct sockaddr *)&address, &length);
    snprintf(url, sizeof url, "http://127.0.0.1:%d", ntohs(address.sin_port));
    setenv("DEBUGINFOD_URLS", url, 1);

    pthread_create(&thread, NULL, load_and_unload, NULL);
    struct profile *profile = collect_use(1000, 300);
    is_over = true;
    pthread_join(thread, NULL);
    cr_assert_gt(sum_of(profile, 0), 0);
    cr_assert_eq(accept(listener, NULL, NULL), -1, "somebody came to ask");
    profile_delete(profile);
    close(listener);
}
