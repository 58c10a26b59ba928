/* hooked.h: whether the hooks took is asked while others load libraries and fork. */
#include "common/pprof/hooked.h"

#include <criterion/criterion.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/pprof/locks.h"

static atomic_bool is_over;

static void *load(void *argument)
{
    while (!is_over) {
        void *library = dlopen("libutil.so.1", RTLD_NOW); /* nothing else needs it */
        if (library != NULL)
            dlclose(library);
    }
    return argument;
}

static void start(void)
{
    if (!locks_is_available())
        cr_skip_test("the hooks are not linked with sanitizers");
    cr_assert_eq(locks_start(1000), 0);
}

/* The loader has two locks: who asks must not have the second and wait for the first. */
Test(hooked, is_asked_while_libraries_are_loaded, .timeout = 120)
{
    char text[HOOKED_TEXT_SIZE];
    pthread_t loading;

    start();
    cr_assert_eq(pthread_create(&loading, NULL, load, NULL), 0);
    for (unsigned i = 0; i < 20000; i++)
        hooked_state(HOOKED_LOCKS, text);
    is_over = true;
    pthread_join(loading, NULL);
    locks_stop();
    cr_expect_eq(strncmp(text, "taken", 5), 0, "%s", text);
}

static void *ask(void *argument)
{
    char text[HOOKED_TEXT_SIZE];

    while (!is_over)
        hooked_state(HOOKED_LOCKS, text);
    return argument;
}

/* A child that had the loader's locks as they were would wait for them for ever. */
Test(hooked, is_asked_while_children_are_forked, .timeout = 120)
{
    char text[HOOKED_TEXT_SIZE];
    pthread_t asking;

    start();
    cr_assert_eq(pthread_create(&asking, NULL, ask, NULL), 0);
    for (unsigned i = 0; i < 200; i++) {
        pid_t child = fork();
        if (child == 0) {
            alarm(60);
            hooked_state(HOOKED_LOCKS, text);
            _exit(0);
        }
        int status = -1;
        cr_assert_eq(waitpid(child, &status, 0), child);
        cr_assert_eq(status, 0, "child %u: %d", i, status);
    }
    is_over = true;
    pthread_join(asking, NULL);
    locks_stop();
}
