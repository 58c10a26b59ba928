/*
 * example.c - a program that can be profiled while it runs: four threads fill in a table under one
 * lock, and each takes too long over it. How it is built stands in ../README.md.
 *
 *     ./profiled 127.0.0.1:6060
 *     go tool pprof -top http://127.0.0.1:6060/debug/pprof/mutex     # unlocked in slow_put: what
 * others waited for go tool pprof -top http://127.0.0.1:6060/debug/pprof/profile?seconds=5
 *
 * It ends when its standard input does: Ctrl-D.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "pprof.h"

enum { THREADS = 4, SLOTS = 1024 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned table[SLOTS]; /* guarded by it */
static atomic_bool is_over;

static unsigned slow_hash(unsigned number)
{
    for (int i = 0; i < 20000; i++)
        number = number * 1664525 + 1013904223;
    return number;
}

/* The hash needs no lock: that it is made under it is the problem. */
static void slow_put(unsigned number)
{
    pthread_mutex_lock(&lock);
    table[slow_hash(number) % SLOTS] = number;
    pthread_mutex_unlock(&lock);
    atomic_signal_fence(
        memory_order_seq_cst); /* so that it is called, and in the stack, for that */
}

static void *work(void *argument)
{
    for (unsigned number = 0; !is_over; number++)
        slow_put(number);
    return argument;
}

int main(int argc, char **argv)
{
    char error[PPROF_ERROR_SIZE];
    struct pprof_options options = {.listen = argc > 1 ? argv[1] : "127.0.0.1:0"};
    struct pprof *pprof = pprof_start(&options, error);
    pthread_t threads[THREADS];
    int count = 0;

    if (pprof == NULL) {
        fprintf(stderr, "%s\n", error);
        return EXIT_FAILURE;
    }
    printf("%s\n", pprof_url(pprof));
    fflush(stdout);
    while (count < THREADS && pthread_create(&threads[count], NULL, work, NULL) == 0)
        count++;
    while (getchar() != EOF)
        ;
    is_over = true;
    while (count > 0)
        pthread_join(threads[--count], NULL);
    pprof_stop(pprof);
    return EXIT_SUCCESS;
}
