#include "bench/isolated.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Waits for the child's end. 0 if it was a regular one, or -1 with the error set. */
static int reap(pid_t child, char error[ISOLATED_ERROR_SIZE])
{
    int status;

    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) {
            snprintf(error, ISOLATED_ERROR_SIZE, "no word from a process: %s", strerror(errno));
            return -1;
        }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    if (WIFSIGNALED(status))
        snprintf(error, ISOLATED_ERROR_SIZE, "a process of its own was ended by signal %d (%s)",
                 WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        snprintf(error, ISOLATED_ERROR_SIZE, "a process of its own ended with status %d",
                 WEXITSTATUS(status));
    return -1;
}

int isolated_run(void (*work)(const void *argument, void *result), const void *argument,
                 void *result, size_t size, char error[ISOLATED_ERROR_SIZE])
{
    void *shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int status = -1;

    if (shared == MAP_FAILED) {
        snprintf(error, ISOLATED_ERROR_SIZE, "no memory for a result: %s", strerror(errno));
        return -1;
    }
    pid_t child = fork();
    if (child == 0) {
        work(argument, shared);
        _exit(EXIT_SUCCESS);
    }
    if (child > 0)
        status = reap(child, error);
    else
        snprintf(error, ISOLATED_ERROR_SIZE, "no process could be started: %s", strerror(errno));
    memcpy(result, shared, size);
    munmap(shared, size);
    return status;
}
