/*
 * Ten seconds of everything at once: profiles are asked for, and hung up on, while threads work,
 * wait, start and end, and libraries come and go. Neither a crash nor a deadlock may come of it.
 */
#include <criterion/criterion.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/pprof/pprof.h"
#include "tests/pprof/ask.h"
#include "tests/pprof/clients.h"

enum { SOAK_SECONDS = 5, ASKERS = 3, CHURNERS = 2, HANG_SECONDS = 300 };

static struct pprof *pprof;
static atomic_bool is_over;
static atomic_uint answered_count, library_count, thread_count;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char library_path[256];

static const char *const pages[] = {
    "/debug/pprof/",
    "/debug/pprof/profile?seconds=1",
    "/debug/pprof/heap",
    "/debug/pprof/allocs?debug=1",
    "/debug/pprof/mutex?seconds=1",
    "/debug/pprof/block?debug=2",
    "/debug/pprof/threads",
    "/debug/pprof/threads?debug=2",
    "/debug/pprof/threadcreate?debug=1",
    "/pprof/heap",
    "/pprof/profile?seconds=1",
    "/pprof/contention",
};

enum { PAGE_COUNT = sizeof pages / sizeof pages[0] };

static void hang_up(const char *page)
{
    char request[256];
    int fd = ask_connect(pprof);
    int size =
        snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", page);

    if (write(fd, request, (size_t)size) == size)
        usleep(20000);
    close(fd);
}

static void *ask_for_all(void *argument)
{
    struct answer *answer = malloc(sizeof *answer);
    unsigned seed = (unsigned)(uintptr_t)argument;

    while (!atomic_load(&is_over)) {
        const char *page = pages[rand_r(&seed) % PAGE_COUNT];
        if (rand_r(&seed) % 8 == 0) {
            hang_up(page);
            continue;
        }
        ask_get(pprof, page, answer);
        if (answer->status == 0)
            continue; /* those that were hung up on still had all the connections */
        /* 501: not in this build; 503: another CPU profile is under way */
        cr_assert(answer->status == 200 || answer->status == 501 || answer->status == 503,
                  "%s: %d %s", page, answer->status, answer->body);
        atomic_fetch_add(&answered_count, 1);
    }
    free(answer);
    return NULL;
}

/* A short life, with everything in it that is watched. */
static void *live_and_die(void *argument)
{
    for (int i = 0; i < 200; i++) {
        char *block = malloc(1000 + (size_t)i);
        pthread_mutex_lock(&mutex);
        for (volatile int work = 0; work < 2000; work++) {
        }
        pthread_mutex_unlock(&mutex);
        free(block);
    }
    atomic_fetch_add(&thread_count, 1);
    return argument;
}

static void *start_threads(void *argument)
{
    (void)argument;
    while (!atomic_load(&is_over)) {
        pthread_t threads[8];
        for (int i = 0; i < 8; i++)
            cr_assert_eq(pthread_create(&threads[i], NULL, live_and_die, NULL), 0);
        for (int i = 0; i < 8; i++)
            pthread_join(threads[i], NULL);
    }
    return NULL;
}

static void *load_and_unload(void *argument)
{
    (void)argument;
    while (!atomic_load(&is_over)) {
        void *library = dlopen(library_path, RTLD_NOW);
        cr_assert_not_null(library);
        unsigned (*spin)(unsigned) = (unsigned (*)(unsigned))(uintptr_t)dlsym(library, "spin");
        spin(20000); /* so that samples are taken in it */
        cr_assert_eq(dlclose(library), 0);
        atomic_fetch_add(&library_count, 1);
    }
    return NULL;
}

static void make_library(void)
{
    static char output[CLIENTS_OUTPUT_SIZE];
    static const char source[] =
        "#include <stdlib.h>\n"
        "unsigned spin(unsigned n)\n"
        "{ volatile unsigned a = 0; for (unsigned i = 0; i < n; i++) a += i; free(malloc(70000)); "
        "return a; }\n";

    clients_save("spin.c", source, sizeof source - 1);
    cr_assert_eq(clients_run(output, "$CC -g -O1 -shared -fPIC -o spin.so spin.c"), 0, "%s",
                 output);
    snprintf(library_path, sizeof library_path, "%s/spin.so", clients_folder());
}

/* To the end, though each dump of the threads interrupts it. */
static void rest(unsigned seconds)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += seconds;
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) != 0) {
    }
}

Test(soak, neither_crashes_nor_deadlocks, .timeout = HANG_SECONDS)
{
    pthread_t askers[ASKERS], churners[CHURNERS], loader;
    char error[PPROF_ERROR_SIZE];

    make_library();
    pprof = pprof_start(&(struct pprof_options){.listen = "127.0.0.1:0"}, error);
    cr_assert_not_null(pprof, "%s", error);
    for (uintptr_t i = 0; i < ASKERS; i++)
        pthread_create(&askers[i], NULL, ask_for_all, (void *)(i + 1));
    for (int i = 0; i < CHURNERS; i++)
        pthread_create(&churners[i], NULL, start_threads, NULL);
    pthread_create(&loader, NULL, load_and_unload, NULL);
    rest(SOAK_SECONDS);
    atomic_store(&is_over, true);
    for (int i = 0; i < ASKERS; i++)
        pthread_join(askers[i], NULL);
    for (int i = 0; i < CHURNERS; i++)
        pthread_join(churners[i], NULL);
    pthread_join(loader, NULL);

    static struct answer answer;
    do /* those that were hung up on may have all the connections for a while yet */
        ask_get(pprof, "/debug/pprof/", &answer);
    while (answer.status == 0 && usleep(100000) == 0);
    cr_assert_eq(answer.status, 200);
    pprof_stop(pprof);
    cr_log_info("%u profiles, %u threads, %u libraries", answered_count, thread_count,
                library_count);
    cr_assert_gt(answered_count, 0);
    cr_assert_gt(thread_count, 0);
    cr_assert_gt(library_count, 0);
}
