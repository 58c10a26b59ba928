#define _DEFAULT_SOURCE /* getnameinfo, fchmod */
#include "address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 1024 };

static const char unix_prefix[] = "unix:";

bool address_is_numeric(const char *host)
{
    unsigned char bytes[16];

    return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

/* Splits HOST:PORT or [HOST]:PORT. 0, or -1 if it is neither. */
static int split(const char *text, char host[ADDRESS_HOST_SIZE], const char **port)
{
    const char *start = text, *end = strrchr(text, ':');

    if (end == NULL)
        return -1;
    *port = end + 1;
    size_t digits = strspn(*port, "0123456789");
    if (digits == 0 || digits > 5 || (*port)[digits] != '\0' || atoi(*port) > 65535)
        return -1;
    if (start[0] == '[') {
        if (end[-1] != ']')
            return -1;
        start++;
        end--;
    } else if (memchr(start, ':', (size_t)(end - start)) != NULL) {
        return -1;
    }
    if (end <= start || end - start >= ADDRESS_HOST_SIZE)
        return -1;
    memcpy(host, start, (size_t)(end - start));
    host[end - start] = '\0';
    return 0;
}

static bool is_loopback(const struct sockaddr *name)
{
    if (name->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const void *)name;
        return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
    }
    const struct sockaddr_in6 *v6 = (const void *)name;
    return IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

static int bind_and_listen(int fd, const struct sockaddr *name, socklen_t length)
{
    const int yes = 1;

    if (fd < 0)
        return -1;
    if (name->sa_family != AF_UNIX)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    else if (fchmod(fd, S_IRUSR | S_IWUSR) != 0) /* before the file is there: it is never open */
        return -1;
    return bind(fd, name, length) == 0 && listen(fd, BACKLOG) == 0 ? 0 : -1;
}

static void describe(struct address *address, const char *path)
{
    struct sockaddr_storage name;
    socklen_t length = sizeof name;
    char host[64] = "?", port[8] = "0";

    if (getsockname(address->socket, (struct sockaddr *)&name, &length) == 0)
        getnameinfo((struct sockaddr *)&name, length, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV);
    snprintf(address->url, sizeof address->url,
             strchr(host, ':') != NULL ? "http://[%s]:%s%s" : "http://%s:%s%s", host, port, path);
}

static int open_tcp(struct address *address, const char *text, const struct address_use *use,
                    char *error, size_t error_size)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    const char *port;
    int status = -1;

    if (split(text, address->host, &port) != 0) {
        snprintf(error, error_size, "%s '%s': an address is HOST:PORT, as in %s", use->what, text,
                 use->example);
        return -1;
    }
    int problem = getaddrinfo(address->host, port, &hints, &found);
    if (problem != 0) {
        snprintf(error, error_size, "%s %s: %s", use->what, text, gai_strerror(problem));
        return -1;
    }
    if (!use->is_any_allowed && !is_loopback(found->ai_addr)) {
        snprintf(error, error_size,
                 "profiles are served on loopback addresses only (127.0.0.1, [::1]) unless another "
                 "one is allowed explicitly: %s is not one",
                 text);
    } else {
        address->socket = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        status = bind_and_listen(address->socket, found->ai_addr, found->ai_addrlen);
        if (status == 0)
            describe(address, use->path);
        else
            snprintf(error, error_size, "%s %s: %s", use->what, text, strerror(errno));
    }
    problem = errno;
    freeaddrinfo(found);
    errno = problem;
    return status;
}

/* Whether the path is that of a socket that nobody listens on: its program was killed. */
static bool is_left_over(const struct sockaddr_un *name)
{
    struct stat info;

    if (lstat(name->sun_path, &info) != 0 || !S_ISSOCK(info.st_mode))
        return false;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_refused =
        fd >= 0 && connect(fd, (const void *)name, sizeof *name) != 0 && errno == ECONNREFUSED;
    if (fd >= 0)
        close(fd);
    return is_refused;
}

static int open_unix(struct address *address, const char *path, const struct address_use *use,
                     char *error, size_t error_size)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};

    if (path[0] == '\0' || strlen(path) >= sizeof name.sun_path) {
        snprintf(error, error_size, "%s unix:%s: a path has 1 to %zu characters", use->what, path,
                 sizeof name.sun_path - 1);
        return -1;
    }
    strcpy(name.sun_path, path);
    if (is_left_over(&name))
        unlink(path);
    address->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind_and_listen(address->socket, (const void *)&name, sizeof name) != 0) {
        snprintf(error, error_size, "%s unix:%s: %s", use->what, path, strerror(errno));
        return -1;
    }
    address->is_unix = true; /* from now on, the file is ours to remove */
    snprintf(address->host, sizeof address->host, "%s", path);
    snprintf(address->url, sizeof address->url, "unix:%s", path);
    return 0;
}

int address_open(struct address *address, const char *text, const struct address_use *use,
                 char *error, size_t error_size)
{
    size_t prefix = sizeof unix_prefix - 1;

    *address = (struct address){.socket = -1};
    int status = use->is_unix_allowed && strncmp(text, unix_prefix, prefix) == 0
                     ? open_unix(address, text + prefix, use, error, error_size)
                     : open_tcp(address, text, use, error, error_size);
    int problem = errno;
    if (status != 0)
        address_close(address);
    errno = problem;
    return status;
}

void address_close(struct address *address)
{
    if (address->socket >= 0)
        close(address->socket);
    if (address->is_unix)
        unlink(address->host);
    *address = (struct address){.socket = -1};
}
