/*
 * noise.c - NOISE=cpu: runs a command beside a load, so that a class sees wall time waver while
 * counts stand.
 *
 *     noise cpu build/bin/compare --mode quick
 *
 * The load is a thread for each CPU that works and rests in turns of 1 to 40 ms, drawn from a fixed
 * seed: half of each CPU on average, and never the same half. It ends with the command, and after
 * half an hour at the latest. Exit status: the command's; 127 if it cannot be run; 2 for usage.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "common/clock.h"
#include "common/thread.h"

enum { EXIT_USAGE = 2, EXIT_NOT_RUN = 127, TURN_MS_MAX = 40 };

static const uint64_t MOST_NS = 1800ull * 1000000000u;

extern char **environ;

/* xorshift64 */
static uint64_t draw(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void work_and_rest(uint64_t work_ns, uint64_t rest_ns)
{
    uint64_t end_ns = clock_ns() + work_ns;
    while (clock_ns() < end_ns)
        ;
    nanosleep(&(struct timespec){.tv_nsec = (long)rest_ns}, NULL);
}

/* Ends with the process. */
static void *make_noise(void *argument)
{
    uint64_t state = 0x9E3779B97F4A7C15u + (uintptr_t)argument, start_ns = clock_ns();

    while (clock_ns() - start_ns < MOST_NS)
        work_and_rest((1 + draw(&state) % TURN_MS_MAX) * 1000000u,
                      (1 + draw(&state) % TURN_MS_MAX) * 1000000u);
    return NULL;
}

/* The command's; for the handler alone. */
static volatile sig_atomic_t command_pid;

static void pass_on(int number)
{
    kill((pid_t)command_pid, number);
}

/* What a terminal sends goes to the command too, which ends as it sees fit: we wait for it. */
static int wait_for(pid_t pid)
{
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return EXIT_NOT_RUN;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int spawn(pid_t *pid, char **argv)
{
    posix_spawnattr_t attributes;
    sigset_t by_default;

    sigemptyset(&by_default);
    sigaddset(&by_default, SIGINT);
    sigaddset(&by_default, SIGQUIT);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &by_default);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    int error = posix_spawnp(pid, argv[0], NULL, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    return error;
}

int main(int argc, char **argv)
{
    unsigned cpu_count = thread_cpu_count(), busy_count = 0;
    pthread_t thread;
    pid_t pid;

    if (argc < 3 || strcmp(argv[1], "cpu") != 0) {
        fprintf(stderr, "noise: NOISE takes cpu, as in: make compare NOISE=cpu\n");
        return EXIT_USAGE;
    }
    signal(SIGINT, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    int error = spawn(&pid, argv + 2);
    if (error != 0) {
        fprintf(stderr, "noise: %s: %s\n", argv[2], strerror(error));
        return EXIT_NOT_RUN;
    }
    command_pid = (sig_atomic_t)pid;
    signal(SIGTERM, pass_on);
    signal(SIGHUP, pass_on);
    for (uintptr_t i = 0; i < cpu_count; i++)
        if (pthread_create(&thread, NULL, make_noise, (void *)i) == 0) {
            pthread_detach(thread);
            busy_count++;
        }
    fprintf(stderr, "NOISE=cpu: half of each of %u of %u CPUs is busy with something else.\n",
            busy_count, cpu_count);
    return wait_for(pid);
}
