/* threads_profile.h: where each thread stands, and who waits for what can never come. */
#include "common/pprof/threads_profile.h"

#include <criterion/criterion.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/pprof/profile_samples.h"
#include "common/pprof/reach/reach.h"

static const struct profile_type types[] = {{"threads", "count"}};
static const char stuck_state[] = "waiting, nobody can signal it";
static atomic_bool is_over;
static atomic_int ready_count;
/* Threads that are about to wait, and will not do anything else until they are told to. */
static atomic_int waiter_count;
static _Atomic pid_t waiters[16];

static void say_that_i_wait(void)
{
    waiters[waiter_count++] = gettid();
    ready_count++;
}

/* Whether the kernel has it sleep in a system call; or else it says "running". */
static bool is_asleep(pid_t thread)
{
    char path[64], text[2] = "";

    snprintf(path, sizeof path, "/proc/self/task/%d/syscall", (int)thread);
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    cr_assert_not_null(fgets(text, sizeof text, file), "%s", path);
    fclose(file);
    return text[0] >= '0' && text[0] <= '9';
}

static void await_sleep(void)
{
    for (int i = 0; i < waiter_count; i++)
        while (!is_asleep(waiters[i]))
            usleep(1000);
}

/* Threads that wait until somebody says that there is work. */
struct crew {
    pthread_mutex_t mutex;
    pthread_cond_t has_work;
    bool is_closed;
    struct crew *other; /* that they know of */
};

static struct crew *volatile known; /* to the whole program */

static struct crew *crew_new(void)
{
    struct crew *crew = calloc(1, sizeof *crew);

    pthread_mutex_init(&crew->mutex, NULL);
    pthread_cond_init(&crew->has_work, NULL);
    return crew;
}

static __attribute__((noinline)) void wait_for_work(struct crew *crew)
{
    pthread_mutex_lock(&crew->mutex);
    say_that_i_wait();
    while (!crew->is_closed)
        pthread_cond_wait(&crew->has_work, &crew->mutex);
    pthread_mutex_unlock(&crew->mutex);
}

static void *run_crew(void *argument)
{
    struct crew *crew = argument;

    pthread_setname_np(pthread_self(), crew->other != NULL ? "chain" : "crew");
    wait_for_work(crew);
    return NULL;
}

/* A crew that only its threads know: the calling thread forgets it. */
static __attribute__((noinline)) void start_crew(int thread_count, bool is_known)
{
    struct crew *crew = crew_new();
    pthread_t thread;

    ready_count = 0;
    for (int i = 0; i < thread_count; i++)
        pthread_create(&thread, NULL, run_crew, crew);
    while (ready_count < thread_count)
        usleep(1000);
    if (is_known)
        known = crew;
}

/* What was left of it on the stack. */
static __attribute__((noinline)) void wipe_stack(void)
{
    volatile char room[16384];

    for (size_t i = 0; i < sizeof room; i++)
        room[i] = 0;
}

static struct profile *collect(void)
{
    struct profile *profile = profile_new(types, 1);

    await_sleep();
    cr_assert_eq(threads_profile_collect(profile), 0, "%s", strerror(errno));
    return profile;
}

static const char *text_of(const struct profile_sample *sample, const char *key)
{
    for (unsigned i = 0; i < sample->label_count; i++)
        if (strcmp(sample->labels[i].key, key) == 0)
            return sample->labels[i].text;
    return "";
}

static int64_t number_of(const struct profile_sample *sample, const char *key)
{
    for (unsigned i = 0; i < sample->label_count; i++)
        if (strcmp(sample->labels[i].key, key) == 0)
            return sample->labels[i].number;
    return -1;
}

static int count_of(const struct profile *profile, const char *name, const char *state)
{
    int count = 0;

    for (size_t i = 0; i < profile->sample_count; i++)
        count += (name == NULL || strcmp(text_of(profile->samples[i], "name"), name) == 0) &&
                 strcmp(text_of(profile->samples[i], "state"), state) == 0;
    return count;
}

static bool has_frame(const struct profile_sample *sample, uintptr_t function)
{
    for (unsigned i = 0; i < sample->depth; i++)
        if (sample->stack[i] - function < 256)
            return true;
    return false;
}

Test(threads, tells_who_waits_for_ever_from_who_is_idle, .timeout = 300)
{
    if (!reach_is_available())
        cr_skip_test("with a sanitizer the heap cannot be searched");
    start_crew(5, false);
    start_crew(3, true);
    wipe_stack();
    struct profile *profile = collect();
    cr_assert_eq(count_of(profile, "crew", stuck_state), 5);
    cr_assert_eq(count_of(profile, "crew", "waiting"), 3);
    cr_assert_eq(count_of(profile, NULL, stuck_state), 5, "nobody else");
    profile_delete(profile);
}

Test(threads, takes_a_thread_for_idle_as_long_as_one_that_can_run_leads_to_it, .timeout = 300)
{
    struct crew *mine = crew_new();
    pthread_t threads[2];

    /* this thread's stack leads to `first`, whose thread leads to `mine` */
    struct crew *volatile first = crew_new();
    first->other = mine;
    ready_count = 0;
    pthread_create(&threads[0], NULL, run_crew, first);
    pthread_create(&threads[1], NULL, run_crew, mine);
    while (ready_count < 2)
        usleep(1000);
    mine = NULL;
    wipe_stack();
    struct profile *profile = collect();
    cr_assert_eq(count_of(profile, NULL, stuck_state), 0);
    profile_delete(profile);

    mine = first->other;
    mine->is_closed = first->is_closed = true; /* they can indeed be ended */
    pthread_cond_signal(&mine->has_work);
    pthread_cond_signal(&first->has_work);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    free(mine);
    free(first);
}

/* Only the kernel knows the crew: it hands it out when there is something to read. */
static __attribute__((noinline)) int start_crew_of_epoll(void)
{
    struct epoll_event event = {.events = EPOLLIN};
    struct crew *crew = crew_new();
    int epoll = epoll_create1(EPOLL_CLOEXEC), input = eventfd(0, EFD_CLOEXEC);
    pthread_t thread;

    event.data.ptr = crew;
    epoll_ctl(epoll, EPOLL_CTL_ADD, input, &event);
    ready_count = 0;
    pthread_create(&thread, NULL, run_crew, crew);
    while (ready_count < 1)
        usleep(1000);
    return input;
}

Test(threads, knows_what_epoll_is_to_hand_back, .timeout = 300)
{
    int input = start_crew_of_epoll();

    wipe_stack();
    struct profile *profile = collect();
    cr_assert_eq(count_of(profile, NULL, stuck_state), 0);
    cr_assert_eq(fcntl(input, F_GETFD), FD_CLOEXEC, "the child closes its own files only");
    profile_delete(profile);
}

static __attribute__((noinline)) void start_deadlock(void)
{
    struct crew *a = crew_new(), *b = crew_new();
    pthread_t thread;

    a->other = b; /* two crews that know each other, and nobody else knows them */
    b->other = a;
    ready_count = 0;
    pthread_create(&thread, NULL, run_crew, a);
    pthread_create(&thread, NULL, run_crew, b);
    while (ready_count < 2)
        usleep(1000);
}

Test(threads, sees_threads_that_only_wait_for_each_other, .timeout = 300)
{
    if (!reach_is_available())
        cr_skip_test("with a sanitizer the heap cannot be searched");
    start_deadlock();
    wipe_stack();
    struct profile *profile = collect();
    cr_assert_eq(count_of(profile, "chain", stuck_state), 2);
    profile_delete(profile);
}

static void *burn(void *argument)
{
    ready_count++;
    while (!is_over)
        ;
    return argument;
}

Test(threads, has_each_threads_stack_and_state, .timeout = 300)
{
    pthread_t thread;

    start_crew(2, true);
    ready_count = 0;
    pthread_create(&thread, NULL, burn, NULL);
    while (ready_count < 1)
        usleep(1000);
    struct profile *profile = collect();
    is_over = true;
    pthread_join(thread, NULL);
    cr_assert_geq(profile->sample_count, 4); /* Criterion has a thread, too */
    int waiting = 0, running = 0;
    for (size_t i = 0; i < profile->sample_count; i++) {
        const struct profile_sample *sample = profile->samples[i];
        if (strcmp(text_of(sample, "state"), "did not answer") == 0)
            continue;
        bool is_crew = strcmp(text_of(sample, "name"), "crew") == 0;
        cr_assert_gt(sample->depth, 1);
        cr_assert_eq(sample->values[0], 1);
        for (unsigned j = 1; j < sample->depth; j++) /* the leaf may be the kernel's */
            cr_assert_neq(dladdr((void *)(sample->stack[j] - 1), &(Dl_info){0}), 0,
                          "the stack ends before what is no code: %lx", sample->stack[j]);
        cr_assert_gt(number_of(sample, "thread"), 0);
        cr_assert_gt(number_of(sample, "stack_bytes"), number_of(sample, "stack_resident_bytes"));
        waiting += is_crew && has_frame(sample, (uintptr_t)wait_for_work);
        running +=
            has_frame(sample, (uintptr_t)burn) && strcmp(text_of(sample, "state"), "running") == 0;
        if (is_crew) {
            cr_assert_lt(number_of(sample, "stack_resident_bytes"), 1 << 20);
            cr_assert_geq(number_of(sample, "stack_bytes"), 64 << 10);
        }
    }
    cr_assert_eq(waiting, 2);
    cr_assert_eq(running, 1);
    profile_delete(profile);
}

static sem_t deaf_end;

static void *sleep_deaf(void *argument)
{
    sigset_t set;

    sigfillset(&set);
    pthread_sigmask(SIG_SETMASK, &set, NULL);
    pthread_setname_np(pthread_self(), "deaf");
    say_that_i_wait();
    sem_wait(&deaf_end);
    return argument;
}

Test(threads, does_not_wait_for_a_thread_that_blocks_the_signal, .timeout = 300)
{
    pthread_t thread;

    if (!reach_is_available())
        cr_skip_test("with a sanitizer the heap cannot be searched");
    start_crew(2, false);
    sem_init(&deaf_end, 0, 0);
    ready_count = 0;
    pthread_create(&thread, NULL, sleep_deaf, NULL);
    while (ready_count < 1)
        usleep(1000);
    wipe_stack();
    struct profile *profile = collect();
    cr_assert_eq(count_of(profile, "deaf", "did not answer"), 1);
    cr_assert_eq(count_of(profile, "crew", stuck_state), 2, "it sleeps: its stack can be found");
    profile_delete(profile);
    sem_post(&deaf_end);
    pthread_join(thread, NULL);
}

static void *allocate(void *argument)
{
    void *blocks[64] = {NULL};

    for (unsigned i = 0; !is_over; i++) {
        free(blocks[i % 64]);
        blocks[i % 64] = malloc(i * 37 % 5000);
    }
    for (int i = 0; i < 64; i++)
        free(blocks[i]);
    return argument;
}

static void *return_at_once(void *argument)
{
    return argument;
}

static void *start_and_join(void *argument)
{
    pthread_t thread;

    while (!is_over)
        if (pthread_create(&thread, NULL, return_at_once, NULL) == 0)
            pthread_join(thread, NULL);
    return argument;
}

Test(threads, survives_threads_within_malloc_and_threads_that_come_and_go, .timeout = 300)
{
    pthread_t threads[4];

    pthread_create(&threads[0], NULL, allocate, NULL);
    pthread_create(&threads[1], NULL, allocate, NULL);
    pthread_create(&threads[2], NULL, start_and_join, NULL);
    pthread_create(&threads[3], NULL, start_and_join, NULL);
    for (int i = 0; i < 30; i++) {
        struct profile *profile = collect();
        cr_assert_geq(profile->sample_count, 5);
        cr_assert_eq(count_of(profile, NULL, stuck_state), 0);
        profile_delete(profile);
    }
    is_over = true;
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
}

static atomic_int child_signals;

static void count_child(int number)
{
    (void)number;
    child_signals++;
}

static int poll_end; /* something to read ends the poll */

static void *wait_in_poll(void *argument)
{
    struct pollfd end = {.fd = poll_end, .events = POLLIN};
    int interrupted = 0;

    say_that_i_wait();
    while (poll(&end, 1, -1) < 0 && errno == EINTR)
        interrupted++;
    *(int *)argument = interrupted;
    return NULL;
}

Test(threads, hides_its_child_from_the_program_and_interrupts_polls_once, .timeout = 300)
{
    pthread_t thread;
    int interrupted = -1;

    signal(SIGCHLD, count_child);
    poll_end = eventfd(0, EFD_CLOEXEC);
    pthread_create(&thread, NULL, wait_in_poll, &interrupted);
    while (ready_count < 1)
        usleep(1000);
    profile_delete(collect());
    cr_assert_eq(waitpid(-1, NULL, WNOHANG), -1);
    cr_assert_eq(errno, ECHILD);
    cr_assert_eq(eventfd_write(poll_end, 1), 0);
    pthread_join(thread, NULL);
    close(poll_end);
    cr_assert_eq(child_signals, 0);
    cr_assert_eq(interrupted, 1);
}

static atomic_int busy_count, done_count;

static void *collect_often(void *argument)
{
    for (int i = 0; i < 20; i++) {
        struct profile *profile = profile_new(types, 1);
        if (threads_profile_collect(profile) == 0)
            done_count++;
        else if (errno == EBUSY)
            busy_count++;
        profile_delete(profile);
    }
    return argument;
}

Test(threads, is_collected_by_one_at_a_time, .timeout = 300)
{
    pthread_t threads[3];

    for (int i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, collect_often, NULL);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    cr_assert_eq(busy_count + done_count, 60, "nothing else goes wrong");
    cr_assert_gt(done_count, 0);
}

Test(threads, writes_text_with_those_first_that_nobody_can_signal, .timeout = 300)
{
    char *text;
    size_t length;

    if (!reach_is_available())
        cr_skip_test("with a sanitizer the heap cannot be searched");
    start_crew(2, false);
    wipe_stack();
    await_sleep();
    FILE *file = open_memstream(&text, &length);
    cr_assert_eq(threads_profile_write_text(file), 0);
    fclose(file);
    const char *stuck = strstr(text, stuck_state);
    cr_assert_not_null(stuck, "%s", text);
    cr_assert_not_null(strstr(text, "\n2 wait for something that nobody can signal"), "%s", text);
    cr_assert_not_null(strstr(stuck, "wait_for_work"), "%s", text);
    cr_assert_not_null(strstr(text, "\"crew\""), "%s", text);
    free(text);
}
