#include "early.h"

#include <errno.h>
#include <microhttpd.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>

enum { HEAD_SIZE = 512, DISCARD_BYTES = 16 * 1024 };

int early_send(int socket, unsigned status, const char *headers, const char *text, size_t length)
{
    char head[HEAD_SIZE];
    int size = snprintf(head, sizeof head,
                        "HTTP/1.1 %u %s\r\nContent-Length: %zu\r\nConnection: close\r\n%s\r\n",
                        status, MHD_get_reason_phrase_for(status), length, headers);

    /* libmicrohttpd's sockets do not block: an answer has room, or nobody has taken earlier ones */
    return size < HEAD_SIZE && send(socket, head, (size_t)size, MSG_NOSIGNAL | MSG_MORE) == size &&
                   send(socket, text, length, MSG_NOSIGNAL) == (ssize_t)length
               ? 0
               : -1;
}

void early_linger(int socket)
{
    struct pollfd wait = {.fd = socket, .events = POLLIN};
    char discarded[DISCARD_BYTES];
    bool is_open = shutdown(socket, SHUT_WR) == 0;

    while (is_open) {
        poll(&wait, 1, -1);
        ssize_t count = recv(socket, discarded, sizeof discarded, MSG_DONTWAIT);
        is_open = count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
    }
}
