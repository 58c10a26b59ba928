/*
 * memcached_load HOST PORT CONNECTIONS REQUESTS: that many sets and gets, one of nine a set, one
 * after the other on each connection, a thread each; 0: until it is ended.
 */
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { KEYS = 1000, VALUE_BYTES = 512 };

static const char *host, *port;
static long request_count;

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static int open_connection(void)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found;

    if (getaddrinfo(host, port, &hints, &found) != 0)
        fail(host);
    int file = socket(found->ai_family, SOCK_STREAM, 0);
    if (file < 0 || connect(file, found->ai_addr, found->ai_addrlen) != 0)
        fail("connect");
    freeaddrinfo(found);
    return file;
}

/* One request, and its answer up to the line that ends it. */
static void ask(FILE *file, unsigned turn)
{
    static const char value[VALUE_BYTES + 1] = {[0 ... VALUE_BYTES - 1] = 'v'};
    char line[VALUE_BYTES + 64];

    if (turn % 9 == 0)
        fprintf(file, "set key%u 0 0 %d\r\n%s\r\n", turn % KEYS, VALUE_BYTES, value);
    else
        fprintf(file, "get key%u\r\n", turn % KEYS);
    fflush(file);
    do
        if (fgets(line, sizeof line, file) == NULL)
            fail("memcached does not answer");
    while (strncmp(line, "STORED", 6) != 0 && strncmp(line, "END", 3) != 0);
}

static void *work(void *argument)
{
    FILE *file = fdopen(open_connection(), "r+");
    unsigned turn = (unsigned)(size_t)argument * 97;

    if (file == NULL)
        fail("fdopen");
    for (long i = 0; request_count == 0 || i < request_count; i++)
        ask(file, turn++);
    fclose(file);
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[64];
    int count = argc == 5 ? atoi(argv[3]) : 0;

    if (count < 1 || count > 64) {
        fprintf(stderr, "usage: memcached_load HOST PORT CONNECTIONS REQUESTS\n");
        return 2;
    }
    host = argv[1];
    port = argv[2];
    request_count = atol(argv[4]) / count;
    for (int i = 0; i < count; i++)
        if (pthread_create(&threads[i], NULL, work, (void *)(size_t)i) != 0)
            fail("pthread_create");
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    return 0;
}
