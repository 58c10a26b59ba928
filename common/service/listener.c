#include "common/service/listener.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/quantity.h"

enum { BACKLOG = 1024, HOST_SIZE = 64 };

/* Splits HOST:PORT or [HOST]:PORT. 0, or -1 if it is neither. */
static int split(const char *address, char host[HOST_SIZE], const char **port)
{
    const char *start = address, *end = strrchr(address, ':');
    uint64_t number;

    if (end == NULL)
        return -1;
    *port = end + 1;
    if (start[0] == '[') {
        if (end == start || end[-1] != ']')
            return -1;
        start++;
        end--;
    } else if (memchr(start, ':', (size_t)(end - start)) != NULL) {
        return -1;
    }
    if (end <= start || end - start >= HOST_SIZE ||
        quantity_read(QUANTITY_NUMBER, *port, 0, 65535, &number) != 0)
        return -1;
    memcpy(host, start, (size_t)(end - start));
    host[end - start] = '\0';
    return 0;
}

/* The socket, or -1 with errno set. */
static int open_socket(const struct addrinfo *where)
{
    const int yes = 1;
    int fd = socket(where->ai_family, where->ai_socktype | SOCK_CLOEXEC, where->ai_protocol);

    if (fd < 0)
        return -1;
    /* started anew, it need not wait for old connections' TIME_WAIT; a port in use stays in use */
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, where->ai_addr, where->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int problem = errno;
    close(fd);
    errno = problem;
    return -1;
}

static void describe(int fd, char url[HTTP_URL_SIZE])
{
    struct sockaddr_storage name;
    socklen_t length = sizeof name;
    char host[HOST_SIZE] = "?", port[8] = "0";

    if (getsockname(fd, (struct sockaddr *)&name, &length) == 0)
        getnameinfo((struct sockaddr *)&name, length, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV);
    snprintf(url, HTTP_URL_SIZE, strchr(host, ':') != NULL ? "http://[%s]:%s/" : "http://%s:%s/",
             host, port);
}

int listener_open(const char *address, char url[HTTP_URL_SIZE], char error[HTTP_ERROR_SIZE])
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    char host[HOST_SIZE];
    const char *port;

    if (split(address, host, &port) != 0) {
        snprintf(error, HTTP_ERROR_SIZE,
                 "cannot listen on %s: an address is HOST:PORT, as in 127.0.0.1:8080", address);
        return -1;
    }
    int problem = getaddrinfo(host, port, &hints, &found);
    if (problem != 0) {
        snprintf(error, HTTP_ERROR_SIZE, "cannot listen on %s: %s", address, gai_strerror(problem));
        return -1;
    }
    int fd = open_socket(found);
    if (fd < 0)
        snprintf(error, HTTP_ERROR_SIZE, "cannot listen on %s: %s", address, strerror(errno));
    else
        describe(fd, url);
    freeaddrinfo(found);
    return fd;
}
