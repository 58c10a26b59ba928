#include "tests/pprof/ask.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/pprof/pprof.h"

int ask_port(const struct pprof *pprof)
{
    const char *url = pprof_url(pprof), *port = strrchr(url, ':');

    return strncmp(url, "unix:", 5) == 0 ? 0 : atoi(port + 1);
}

int ask_connect(const struct pprof *pprof)
{
    const struct timeval patience = {.tv_sec = 60};
    int port = ask_port(pprof), fd, status;

    if (port != 0) {
        struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
        name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        status = connect(fd, (void *)&name, sizeof name);
    } else {
        struct sockaddr_un name = {.sun_family = AF_UNIX};
        strcpy(name.sun_path, pprof_url(pprof) + strlen("unix:"));
        fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        status = connect(fd, (void *)&name, sizeof name);
    }
    cr_assert_eq(status, 0, "cannot connect to %s", pprof_url(pprof));
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return fd;
}

void ask_receive(int fd, struct answer *answer)
{
    size_t length = 0;
    ssize_t count;

    while (length < ASK_SIZE - 1 &&
           (count = recv(fd, answer->bytes + length, ASK_SIZE - 1 - length, 0)) > 0)
        length += (size_t)count;
    close(fd);
    answer->bytes[length] = '\0';
    answer->status = 0;
    sscanf(answer->bytes, "HTTP/1.1 %d", &answer->status);
    char *gap = strstr(answer->bytes, "\r\n\r\n");
    answer->body = gap != NULL ? gap + 4 : answer->bytes + length;
    answer->length = length - (size_t)(answer->body - answer->bytes);
}

void ask(const struct pprof *pprof, const char *method, const char *path, const char *headers,
         const char *body, struct answer *answer)
{
    char request[65536];
    int fd = ask_connect(pprof);

    int size = snprintf(request, sizeof request, "%s %s HTTP/1.1\r\nConnection: close\r\n%s",
                        method, path, headers);
    if (body != NULL)
        size += snprintf(request + size, sizeof request - (size_t)size,
                         "Content-Length: %zu\r\n\r\n%s", strlen(body), body);
    else
        size += snprintf(request + size, sizeof request - (size_t)size, "\r\n");
    cr_assert_eq(send(fd, request, (size_t)size, MSG_NOSIGNAL), size);
    ask_receive(fd, answer);
}

void ask_get(const struct pprof *pprof, const char *path, struct answer *answer)
{
    ask(pprof, "GET", path, "Host: 127.0.0.1:6060\r\n", NULL, answer);
}

const char *ask_header(const struct answer *answer, const char *name)
{
    static char value[256];
    char start[64];

    snprintf(start, sizeof start, "\r\n%s: ", name);
    const char *found = strstr(answer->bytes, start);
    if (found == NULL || found > answer->body)
        return "";
    found += strlen(start);
    snprintf(value, sizeof value, "%.*s", (int)strcspn(found, "\r\n"), found);
    return value;
}
