#define _GNU_SOURCE
#include "reach.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "reach_scan.h"

enum { ANSWER_YES = 'S', ANSWER_NO = '-' };

/* In the child, which has but this thread; it may use nothing that locks. */
static _Noreturn void run_child(int answer, const struct halt *halt, uintptr_t freed_key)
{
    char *text =
        mmap(NULL, halt->count + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bool *is_stuck = (bool *)text;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (text == MAP_FAILED || reach_scan(halt, freed_key, answer, is_stuck) != 0)
        _exit(1);
    for (unsigned i = 0; i < halt->count; i++)
        text[i] = is_stuck[i] ? ANSWER_YES : ANSWER_NO;
    for (size_t at = 0; at < halt->count;) {
        ssize_t count = write(answer, text + at, halt->count - at);
        if (count <= 0)
            _exit(1);
        at += (size_t)count;
    }
    _exit(0);
}

bool reach_is_available(void)
{
    /* a sanitizer has another malloc, and objects to what reads memory that is not its own */
#if defined __GLIBC__ && !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
    return true;
#else
    return false;
#endif
}

/*
 * Neither fork(), which takes locks that stopped threads may hold, nor with a signal to the parent
 * when it ends: the program's own waitpid() is not to see this child.
 */
void reach_begin(struct reach *reach, const struct halt *halt, uintptr_t freed_key)
{
    int ends[2];
    sigset_t all, previous;

    *reach = (struct reach){.answer = -1};
    if (!reach_is_available() || !halt->is_complete || pipe2(ends, O_CLOEXEC) != 0)
        return;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all,
                    &previous); /* the program's handlers are not for the child */
    reach->child = (pid_t)syscall(SYS_clone, 0, NULL, NULL, NULL, NULL);
    if (reach->child == 0)
        run_child(ends[1], halt, freed_key);
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
    close(ends[1]);
    if (reach->child < 0) {
        reach->child = 0;
        close(ends[0]);
        return;
    }
    reach->answer = ends[0];
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads the answer, in which each thread has a byte. The number of bytes that came in time. */
static unsigned read_answer(int answer, bool *is_stuck, unsigned count, int64_t end_ms)
{
    struct pollfd input = {.fd = answer, .events = POLLIN};
    unsigned at = 0;

    while (at < count) {
        char text[4096];
        int64_t left_ms = end_ms - now_ms();
        if (left_ms <= 0)
            break;
        if (poll(&input, 1, (int)left_ms) < 0 && errno == EINTR)
            continue;
        ssize_t got =
            (input.revents & (POLLIN | POLLHUP)) == 0 ? 0 : read(answer, text, sizeof text);
        if (got <= 0)
            break;
        for (ssize_t i = 0; i < got && at < count; i++)
            is_stuck[at++] = text[i] == ANSWER_YES;
    }
    return at;
}

int reach_end(struct reach *reach, const struct halt *halt, bool *is_stuck, unsigned milliseconds)
{
    memset(is_stuck, 0, halt->count * sizeof *is_stuck);
    if (reach->child == 0)
        return -1;
    unsigned answered =
        read_answer(reach->answer, is_stuck, halt->count, now_ms() + (int64_t)milliseconds);
    close(reach->answer);
    kill(reach->child, SIGKILL);
    while (waitpid(reach->child, NULL, __WALL) < 0 && errno == EINTR)
        ;
    reach->child = 0;
    if (answered == halt->count && halt->is_complete)
        return 0;
    memset(is_stuck, 0, halt->count * sizeof *is_stuck);
    return -1;
}
