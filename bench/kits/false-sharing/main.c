/*
 * main.c - counts the bytes of a text that it makes up, by kind, in two threads: `false-sharing
 * PASSES`. What both sides share.
 *
 * It also says in how many cache lines the counts of two threads meet, in the file that is named by
 * FASTENOUGH_COUNTERS: whoever knows where the counts lie can count what no tool can.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "tally.h"

enum { THREADS = 2, BYTES = 1 << 16, LINE_BYTES = 64 };

struct worker {
    struct tally *tally;
    unsigned number, passes;
    const unsigned char *bytes;
    pthread_t thread;
};

static void *work(void *argument)
{
    const struct worker *worker = argument;
    for (unsigned pass = 0; pass < worker->passes; pass++)
        tally_count(worker->tally, worker->number, worker->bytes, BYTES);
    return NULL;
}

static uintptr_t line_of(const uint64_t *count)
{
    return (uintptr_t)count / LINE_BYTES;
}

/* Lines in which the counts of thread 0 lie, and those of thread 1. */
static unsigned lines_shared(const struct tally *tally)
{
    const uint64_t *a = tally_counts(tally, 0), *b = tally_counts(tally, 1);
    unsigned count = 0;

    for (uintptr_t line = line_of(a); line <= line_of(a + TALLY_KINDS - 1); line++)
        count += line >= line_of(b) && line <= line_of(b + TALLY_KINDS - 1);
    return count;
}

static int say_counters(const struct tally *tally)
{
    const char *path = getenv("FASTENOUGH_COUNTERS");
    if (path == NULL)
        return 0;
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return -1;
    fprintf(file, "lines_shared=%u\n", lines_shared(tally));
    return fclose(file);
}

int main(int argc, char **argv)
{
    static unsigned char bytes[BYTES];
    struct worker workers[THREADS];
    struct tally *tally = tally_new(THREADS);
    uint32_t random = 1;

    if (argc != 2 || tally == NULL)
        return 2;
    for (unsigned i = 0; i < BYTES; i++)
        bytes[i] = (unsigned char)((random = random * 1664525 + 1013904223) >> 24);
    for (unsigned i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){tally, i, (unsigned)atoi(argv[1]), bytes, 0};
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            return 1;
    }
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(workers[i].thread, NULL);
    for (unsigned kind = 0; kind < TALLY_KINDS; kind++) {
        unsigned long long sum = 0;
        for (unsigned i = 0; i < THREADS; i++)
            sum += tally_counts(tally, i)[kind];
        printf("%u %llu\n", kind, sum);
    }
    int status = say_counters(tally);
    tally_delete(tally);
    return status == 0 ? 0 : 1;
}
