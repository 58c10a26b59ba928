/* Clients that ask for much, slowly or for nothing: whoever asks is answered all the same. */
#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/pprof/connections.h"
#include "common/pprof/pages.h"
#include "common/pprof/pprof.h"
#include "tests/pprof/ask.h"

TestSuite(connections, .timeout = 300);

static struct answer answer;

static struct pprof *start(uint64_t timeout_ns)
{
    char error[PPROF_ERROR_SIZE];
    struct pprof *pprof = pprof_start(
        &(struct pprof_options){.listen = "127.0.0.1:0", .timeout_ns = timeout_ns}, error);

    cr_assert_not_null(pprof, "%s", error);
    return pprof;
}

static bool send_text(int fd, const char *text)
{
    return send(fd, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text);
}

static int begin(const struct pprof *pprof, const char *text)
{
    int fd = ask_connect(pprof);

    cr_assert(send_text(fd, text));
    return fd;
}

static bool is_closed(int fd)
{
    char bytes[4096];
    ssize_t count;

    while ((count = recv(fd, bytes, sizeof bytes, 0)) > 0)
        ;
    return count == 0 || errno == ECONNRESET;
}

Test(connections, with_waiting_profiles_leave_room_for_the_index)
{
    enum { CLIENTS = PAGES_WAITING_MAX + 1 };
    static const char request[] = "GET /debug/pprof/allocs?seconds=300 HTTP/1.1\r\nHost: "
                                  "127.0.0.1\r\nConnection: close\r\n\r\n";
    struct pprof *pprof = start(0);
    struct pollfd clients[CLIENTS];
    int refused = 0;

    ask_get(pprof, "/debug/pprof/allocs", &answer);
    if (answer.status == 501) {
        pprof_stop(pprof);
        cr_skip("no heap profile in this build");
    }
    for (int i = 0; i < CLIENTS; i++)
        clients[i] = (struct pollfd){.fd = begin(pprof, request), .events = POLLIN};
    cr_assert_eq(poll(clients, CLIENTS, 60000), 1); /* whoever is the ninth */
    while (clients[refused].revents == 0)
        refused++;
    ask_receive(clients[refused].fd, &answer);
    cr_assert_eq(answer.status, 503);
    cr_assert_gt(atoi(ask_header(&answer, "Retry-After")), 0);
    cr_assert_not_null(strstr(answer.body, "8 profiles"), "%s", answer.body);
    ask_get(pprof, "/debug/pprof/", &answer);
    cr_assert_eq(answer.status, 200);
    ask_get(pprof, "/debug/pprof/allocs", &answer); /* that takes no time */
    cr_assert_eq(answer.status, 200);

    close(clients[(refused + 1) % CLIENTS].fd);
    do /* until that is seen */
        ask_get(pprof, "/debug/pprof/allocs?seconds=1", &answer);
    while (answer.status == 503);
    cr_assert_eq(answer.status, 200);
    for (int i = 2; i < CLIENTS; i++)
        close(clients[(refused + i) % CLIENTS].fd);
    pprof_stop(pprof);
}

Test(connections, that_are_late_are_closed)
{
    static const char *const begun[] = {
        "",
        "GET /debug/pp",
        "GET /debug/pprof/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ",
        "POST /pprof/symbol HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n",
        "POST /pprof/symbol HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n",
        "GET /debug/pprof/cmdline HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "PUT /debug/pprof/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n",
    };
    enum { COUNT = sizeof begun / sizeof begun[0] };
    struct pprof *pprof = start(1000000000);
    int idle[COUNT], slow[COUNT], open_count = COUNT;

    for (int i = 0; i < COUNT; i++) {
        idle[i] = begin(pprof, begun[i]);
        slow[i] = begin(pprof, begun[i]);
    }
    while (open_count > 0) {
        for (int i = 0; i < COUNT; i++)
            if (slow[i] >= 0 && !send_text(slow[i], "x")) {
                close(slow[i]);
                slow[i] = -1;
                open_count--;
            }
        ask_get(pprof, "/debug/pprof/", &answer);
        cr_assert_eq(answer.status, 200);
        usleep(10000);
    }
    for (int i = 0; i < COUNT; i++) {
        cr_assert(is_closed(idle[i]), "'%s'", begun[i]);
        close(idle[i]);
    }
    pprof_stop(pprof);
}

Test(connections, on_which_answers_are_not_taken_are_closed)
{
    static const char request[] = "GET /debug/pprof/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    struct pprof *pprof = start(200000000);
    int fd = ask_connect(pprof);

    for (int i = 0; send_text(fd, request); i++)
        cr_assert_lt(i, 1000000);
    close(fd);
    pprof_stop(pprof);
}

Test(connections, of_long_profiles_have_no_deadline)
{
    struct pprof *pprof = start(100000000);

    ask_get(pprof, "/debug/pprof/profile?seconds=1", &answer);
    cr_assert_eq(answer.status, 200, "%s", answer.body);
    pprof_stop(pprof);
}

/* Some of them idle, some within a head, and nobody is late yet. */
Test(connections, a_thousand_keep_nobody_out)
{
    enum { CLIENTS = 1000 };
    struct pprof *pprof = start(300000000000);
    int sockets[CLIENTS];

    for (int i = 0; i < CLIENTS; i++)
        sockets[i] = begin(pprof, i % 2 == 0 ? "" : "GET /debug");
    ask_get(pprof, "/debug/pprof/", &answer);
    cr_assert_eq(answer.status, 200, "%d", answer.status);
    for (int i = 0; i < CLIENTS - CONNECTIONS_MAX; i++)
        cr_assert(is_closed(sockets[i]), "%d", i);
    for (int i = 0; i < CLIENTS; i++)
        close(sockets[i]);
    pprof_stop(pprof);
}

/* A client that sends all of a big body before it reads. */
static void ask_with_body(const struct pprof *pprof, const char *head, bool is_chunked)
{
    enum { SIZE = 20 << 20 };
    static char body[SIZE];
    char text[512];
    int fd = ask_connect(pprof);

    snprintf(text, sizeof text, "%s%s\r\n\r\n%s", head,
             is_chunked ? "Transfer-Encoding: chunked" : "Content-Length: 20971520",
             is_chunked ? "1400000\r\n" : "");
    send_text(fd, text);
    for (size_t at = 0, count = 1; at < SIZE && count > 0; at += count) {
        ssize_t sent = send(fd, body + at, SIZE - at, MSG_NOSIGNAL);
        count = sent > 0 ? (size_t)sent : 0;
    }
    send_text(fd, is_chunked ? "\r\n0\r\n\r\n" : "");
    ssize_t length = recv(fd, answer.bytes, 2000, 0);
    answer.bytes[length > 0 ? length : 0] = '\0';
    answer.status = 0;
    sscanf(answer.bytes, "HTTP/1.1 %d", &answer.status);
    cr_assert(is_closed(fd));
    close(fd);
}

Test(connections, that_are_refused_are_told_so)
{
    static const struct {
        int status;
        const char *request;
    } cases[] = {
        {403, "POST /pprof/symbol HTTP/1.1\r\nHost: example.com\r\n"},
        {405, "PUT /debug/pprof/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"},
        {413, "POST /pprof/symbol HTTP/1.1\r\nHost: 127.0.0.1\r\n"},
    };
    struct pprof *pprof = start(0);

    for (size_t i = 0; i < 4 * sizeof cases / sizeof cases[0]; i++) {
        char head[256];
        snprintf(head, sizeof head, "%s%s", cases[i / 4].request,
                 i % 2 == 0 ? "" : "Expect: 100-continue\r\n");
        ask_with_body(pprof, head, i / 2 % 2 == 1);
        const char *text = answer.bytes;
        if (strncmp(text, "HTTP/1.1 100", 12) == 0)
            text = strstr(text, "\r\n\r\n") + 4;
        sscanf(text, "HTTP/1.1 %d", &answer.status);
        cr_assert_eq(answer.status, cases[i / 4].status, "%s: %s", head, answer.bytes);
        cr_assert_not_null(strstr(text, "X-Go-Pprof: 1"), "%s", head);
    }
    pprof_stop(pprof);
}
