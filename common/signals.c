#include "common/signals.h"

#include <stddef.h>

/* A handler has no argument to pass these in. */
static volatile sig_atomic_t is_stopped;
static void (*call)(void);

static void stop(int number)
{
    (void)number;
    is_stopped = 1;
}

static void forward(int number)
{
    (void)number;
    call();
}

static void handle(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

const volatile sig_atomic_t *signals_set_flag(void)
{
    handle(SIGINT, stop, (int)SA_RESETHAND);
    handle(SIGTERM, stop, (int)SA_RESETHAND);
    return &is_stopped;
}

void signals_call(void (*interrupt)(void))
{
    call = interrupt;
    handle(SIGINT, forward, 0);
    handle(SIGTERM, forward, 0);
    handle(SIGHUP, forward, 0);
    signal(SIGPIPE, SIG_IGN);
}
