#include "tests/service/client.h"

#include <arpa/inet.h>
#include <cjson/cJSON.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int client_try_connect(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    const struct timeval patience = {.tv_sec = 60};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

int client_connect(int port)
{
    int fd = client_try_connect(port);
    cr_assert_geq(fd, 0, "cannot connect: %s", strerror(errno));
    return fd;
}

bool client_send(int fd, const void *bytes, size_t count)
{
    const char *at = bytes;

    while (count > 0) {
        ssize_t sent = send(fd, at, count, MSG_NOSIGNAL);
        if (sent < 0)
            return false;
        at += sent;
        count -= (size_t)sent;
    }
    return true;
}

bool client_send_text(int fd, const char *text)
{
    return client_send(fd, text, strlen(text));
}

/* Reads up to the empty line; byte by byte, so that nothing of the body is taken. */
static bool receive_head(int fd, struct client_answer *answer)
{
    size_t length = 0;

    while (length + 1 < sizeof answer->head) {
        if (recv(fd, answer->head + length, 1, 0) != 1)
            return false;
        answer->head[++length] = '\0';
        if (length >= 4 && strcmp(answer->head + length - 4, "\r\n\r\n") == 0)
            return true;
    }
    return false;
}

void client_receive(int fd, struct client_answer *answer)
{
    *answer = (struct client_answer){0};
    do {
        if (!receive_head(fd, answer) ||
            sscanf(answer->head, "HTTP/1.1 %d", &answer->status) != 1) {
            answer->status = 0;
            return;
        }
    } while (answer->status == 100);
    answer->length = strtoul(client_header(answer, "Content-Length"), NULL, 10);
    answer->body = calloc(1, answer->length + 1);
    cr_assert_not_null(answer->body);
    if (answer->length > 0 &&
        recv(fd, answer->body, answer->length, MSG_WAITALL) != (ssize_t)answer->length)
        answer->status = 0;
}

void client_answer_free(struct client_answer *answer)
{
    free(answer->body);
    answer->body = NULL;
}

const char *client_header(const struct client_answer *answer, const char *name)
{
    static char value[256];
    size_t length = strlen(name);

    for (const char *line = answer->head; (line = strstr(line, "\r\n")) != NULL;) {
        line += 2;
        if (strncasecmp(line, name, length) == 0 && line[length] == ':') {
            snprintf(value, sizeof value, "%.*s", (int)strcspn(line + length + 2, "\r"),
                     line + length + 2);
            return value;
        }
    }
    return "";
}

bool client_is_closed(int fd)
{
    char rest[4096];
    ssize_t count;

    while ((count = recv(fd, rest, sizeof rest, 0)) > 0)
        ;
    return count == 0 || errno == ECONNRESET;
}

void client_post(int port, const char *headers, const void *body, size_t count,
                 struct client_answer *answer)
{
    char head[1024];
    int fd = client_try_connect(port);

    *answer = (struct client_answer){0};
    if (fd < 0)
        return;
    snprintf(head, sizeof head,
             "POST /process HTTP/1.1\r\nHost: localhost\r\nContent-Length: %zu\r\n%s\r\n", count,
             headers);
    client_send_text(fd, head);
    client_send(fd, body, count);
    client_receive(fd, answer);
    close(fd);
}

void client_get(int port, const char *path, const char *headers, struct client_answer *answer)
{
    char head[4096];
    int fd = client_connect(port);

    snprintf(head, sizeof head, "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", path, headers);
    client_send_text(fd, head);
    client_receive(fd, answer);
    close(fd);
}

void client_post_chunked(int port, const char *headers, const char *body, size_t count,
                         size_t piece, struct client_answer *answer)
{
    char text[1024];
    int fd = client_connect(port);

    snprintf(text, sizeof text,
             "POST /process HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n%s\r\n",
             headers);
    client_send_text(fd, text);
    for (size_t at = 0; at < count; at += piece) {
        size_t length = count - at < piece ? count - at : piece;
        snprintf(text, sizeof text, "%zx\r\n", length);
        if (!client_send_text(fd, text) || !client_send(fd, body + at, length) ||
            !client_send_text(fd, "\r\n"))
            break;
    }
    client_send_text(fd, "0\r\n\r\n");
    client_receive(fd, answer);
    close(fd);
}

double client_number(const struct client_answer *answer, const char *name)
{
    cJSON *json = cJSON_Parse(answer->body != NULL ? answer->body : "");
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, name);
    double number = cJSON_IsNumber(item) ? item->valuedouble : NAN;

    cJSON_Delete(json);
    return number;
}

const char *client_text(const struct client_answer *answer, const char *name, char text[256])
{
    cJSON *json = cJSON_Parse(answer->body != NULL ? answer->body : "");
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, name);

    snprintf(text, 256, "%s", cJSON_IsString(item) ? item->valuestring : "");
    cJSON_Delete(json);
    return text;
}
