#include "bench/process/http_get.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* The socket over which the question was sent, or -1. */
static int ask(int port, const char *path, const char *accept, unsigned patience_s)
{
    const struct timeval patience = {.tv_sec = (time_t)patience_s};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    char text[512];
    int length = snprintf(text, sizeof text,
                          "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: %s\r\n"
                          "Connection: close\r\n\r\n",
                          path, accept);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0 &&
        connect(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
        send(fd, text, (size_t)length, MSG_NOSIGNAL) == length)
        return fd;
    close(fd);
    return -1;
}

int http_get(int port, const char *path, const char *accept, unsigned patience_s, char *answer,
             size_t size)
{
    int fd = ask(port, path, accept, patience_s), status;
    char rest[4096];
    size_t length = 0;
    ssize_t count = -1;

    answer[0] = '\0';
    if (fd < 0)
        return -1;
    do {
        bool has_room = length + 1 < size;
        count = has_room ? recv(fd, answer + length, size - 1 - length, 0)
                         : recv(fd, rest, sizeof rest, 0);
        if (count > 0 && has_room)
            length += (size_t)count;
    } while (count > 0);
    answer[length] = '\0';
    close(fd);
    return count == 0 && sscanf(answer, "HTTP/1.1 %d", &status) == 1 ? status : -1;
}

const char *http_body(const char *answer)
{
    const char *blank = strstr(answer, "\r\n\r\n");

    return blank != NULL ? blank + 4 : NULL;
}
