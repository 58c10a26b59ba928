/*
 * threads.c - a program that is run under the tools to make the test data of their readers.
 *
 * Four threads, each with a block from the heap. Two hold a mutex for long; all of them race for a
 * variable where asked to ("race").
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { THREAD_COUNT = 4, BLOCK_BYTES = 20000 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t barrier;
static int guarded;
static int unguarded;
static int is_racing;

__attribute__((noinline)) static void *make_block(size_t size)
{
    void *block = malloc(size);
    memset(block, 1, size);
    return block;
}

__attribute__((noinline)) static void hold_long(void)
{
    struct timespec pause = {.tv_nsec = 30 * 1000 * 1000};
    pthread_mutex_lock(&mutex);
    guarded++;
    nanosleep(&pause, NULL);
    pthread_mutex_unlock(&mutex);
}

__attribute__((noinline)) static void hold_short(void)
{
    pthread_mutex_lock(&mutex);
    guarded++;
    pthread_mutex_unlock(&mutex);
}

__attribute__((noinline)) static void race(void)
{
    unguarded++;
}

static void *thread_main(void *argument)
{
    void *block = make_block(BLOCK_BYTES);
    pthread_barrier_wait(&barrier);
    if (*(int *)argument % 2 == 0)
        hold_long();
    else
        hold_short();
    if (is_racing)
        race();
    free(block);
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[THREAD_COUNT];
    int numbers[THREAD_COUNT] = {0, 1, 2, 3};

    is_racing = argc > 1 && strcmp(argv[1], "race") == 0;
    pthread_barrier_init(&barrier, NULL, THREAD_COUNT);
    for (int i = 0; i < THREAD_COUNT; i++)
        pthread_create(&threads[i], NULL, thread_main, &numbers[i]);
    for (int i = 0; i < THREAD_COUNT; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&barrier);
    return guarded == THREAD_COUNT ? 0 : 1;
}
