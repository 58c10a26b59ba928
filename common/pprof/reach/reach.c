#define _GNU_SOURCE
#include "reach.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "reach_scan.h"

/* In an answer: each thread's, or the first character of why there is none. */
enum { ANSWER_YES = 'S', ANSWER_NO = '-', ANSWER_DOUBT = '?' };

static void write_all(int file, const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        ssize_t count = write(file, text + at, length - at);
        if (count <= 0)
            _exit(1);
        at += (size_t)count;
    }
}

/* In the child, which has but this thread; it may use nothing that locks. */
static _Noreturn void run_child(int answer, const struct halt *halt,
                                const struct reach_probe *probe)
{
    char *text =
        mmap(NULL, halt->count + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bool *is_stuck = (bool *)text;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (text == MAP_FAILED)
        _exit(1);
    const char *doubt = reach_scan(halt, probe, answer, is_stuck);
    if (doubt != NULL) {
        const char mark = ANSWER_DOUBT;
        write_all(answer, &mark, 1);
        write_all(answer, doubt, strlen(doubt));
        _exit(1);
    }
    for (unsigned i = 0; i < halt->count; i++)
        text[i] = is_stuck[i] ? ANSWER_YES : ANSWER_NO;
    write_all(answer, text, halt->count);
    _exit(0);
}

/* NULL: this build can do it. */
static const char *missing(void)
{
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
    /* it has another malloc, and objects to what reads memory that is not its own */
    return "a sanitizer is in this build";
#elif !defined __GLIBC__
    return "the C library is not glibc";
#elif !defined __x86_64__
    return "where threads keep their own data is known for x86-64 only";
#else
    return NULL;
#endif
}

bool reach_is_available(void)
{
    return missing() == NULL;
}

/*
 * Neither fork(), which takes locks that stopped threads may hold, nor with a signal to the parent
 * when it ends: the program's own waitpid() is not to see this child.
 */
void reach_begin(struct reach *reach, const struct halt *halt, const struct reach_probe *probe)
{
    int ends[2];
    sigset_t all, previous;

    *reach = (struct reach){.answer = -1};
    if (missing() != NULL || halt->doubt != NULL)
        return;
    if (pipe2(ends, O_CLOEXEC) != 0) {
        reach->problem = errno;
        return;
    }
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all,
                    &previous); /* the program's handlers are not for the child */
    reach->child = (pid_t)syscall(SYS_clone, 0, NULL, NULL, NULL, NULL);
    if (reach->child == 0)
        run_child(ends[1], halt, probe);
    reach->problem = errno;
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

/* Reads the answer to its end, or for so long. Returns its length; it may be cut off. */
static size_t read_answer(int answer, char *text, size_t size, int64_t end_ms)
{
    struct pollfd input = {.fd = answer, .events = POLLIN};
    size_t length = 0;

    while (length < size) {
        int64_t left_ms = end_ms - now_ms();
        if (left_ms <= 0)
            break;
        if (poll(&input, 1, (int)left_ms) < 0 && errno == EINTR)
            continue;
        ssize_t got = (input.revents & (POLLIN | POLLHUP)) == 0
                          ? 0
                          : read(answer, text + length, size - length);
        if (got <= 0)
            break;
        length += (size_t)got;
    }
    return length;
}

/* What came of the child, which is ended. */
static void describe(struct reach *reach, const char *text, size_t length, int status,
                     unsigned milliseconds)
{
    if (length > 0 && text[0] == ANSWER_DOUBT)
        snprintf(reach->doubt, sizeof reach->doubt, "%.*s", (int)length - 1, text + 1);
    else if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
        snprintf(reach->doubt, sizeof reach->doubt,
                 "the search was ended by signal %d (%s), which is a fault of its own",
                 WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        snprintf(reach->doubt, sizeof reach->doubt,
                 "the search was not through after %u ms, or was ended from outside", milliseconds);
}

int reach_end(struct reach *reach, const struct halt *halt, bool *is_stuck, unsigned milliseconds)
{
    size_t size = halt->count + REACH_DOUBT_SIZE, length = 0;
    char *text = malloc(size);
    const char *why = missing() != NULL ? missing() : halt->doubt;
    int status = 0;

    memset(is_stuck, 0, halt->count * sizeof *is_stuck);
    if (reach->child != 0) {
        if (text != NULL)
            length = read_answer(reach->answer, text, size, now_ms() + (int64_t)milliseconds);
        close(reach->answer);
        kill(reach->child, SIGKILL);
        while (waitpid(reach->child, &status, __WALL) < 0 && errno == EINTR)
            ;
    }
    if (why != NULL)
        snprintf(reach->doubt, sizeof reach->doubt, "%s", why);
    else if (reach->child == 0)
        snprintf(reach->doubt, sizeof reach->doubt, "the search could not be started: %s",
                 strerror(reach->problem));
    else if (text == NULL || length != halt->count || text[0] == ANSWER_DOUBT)
        describe(reach, text, length, status, milliseconds);
    else
        for (unsigned i = 0; i < halt->count; i++)
            is_stuck[i] = text[i] == ANSWER_YES;
    reach->child = 0;
    free(text);
    return reach->doubt[0] == '\0' ? 0 : -1;
}
