/*
 * Clients that mean no good, or do it badly. After each attack the service answers others as
 * before, has let go of what the attack took, and has stayed within the memory that it announces.
 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/service/client.h"
#include "tests/service/records.h"
#include "tests/service/server.h"

static struct server server;

static void start(void)
{
    static const char *const options[] = {
        "--timeout", "1s", "--max-buffers", "256MiB", "--max-per-client", "2000", NULL};
    struct rlimit limit;

    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    server_start(&server, "ffff", options);
}

static void assert_serves(void)
{
    struct client_answer answer;
    size_t size;
    char text[256], *body = records_make(1, 0, 2000, &size);

    client_post(server.port, "", body, size, &answer);
    cr_assert_eq(answer.status, 200, "%d: %s", answer.status, answer.body);
    cr_assert_str_eq(client_text(&answer, "digest", text), RECORDS_2000_DIGEST);
    client_answer_free(&answer);
    free(body);
}

static void stop(void)
{
    /* all the attackers are gone, and with them all that was kept for them */
    cr_assert_eq(server_await_metric(&server, "http.connections", 1), 1);
    assert_serves();
    cr_assert_eq(server_await_metric(&server, "workers.buffers_bytes", 0), 0);
    cr_assert_eq(server_await_metric(&server, "workers.retained_requests", 0), 0);
    cr_assert_leq(server_resident_bytes_max(&server), 200 << 20);
    cr_assert_eq(server_stop(&server, SIGTERM), 0, "%s", server.printed);
}

TestSuite(attacks, .init = start, .fini = stop, .timeout = 300);

static const char head[] = "POST /process HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n";

/* A byte now and then keeps no connection open: not in a head, and not in a body. */
Test(attacks, slow_clients_are_dropped_and_others_served)
{
    enum { CLIENTS = 60 };
    int sockets[CLIENTS], open = CLIENTS;

    for (int i = 0; i < CLIENTS; i++) {
        sockets[i] = client_connect(server.port);
        client_send_text(sockets[i], i % 2 == 0 ? "POST /pro" : head);
    }
    for (int round = 0; round < 600 && open > 0; round++) {
        if (round % 10 == 0)
            assert_serves();
        for (int i = 0; i < CLIENTS; i++)
            if (sockets[i] >= 0 && !client_send_text(sockets[i], "x")) {
                close(sockets[i]);
                sockets[i] = -1;
                open--;
            }
        usleep(100000);
    }
    cr_assert_eq(open, 0);
    cr_assert_geq(server_metric(&server, "http.connections_late"), CLIENTS);
}

Test(attacks, a_thousand_half_sent_bodies_are_dropped)
{
    enum { CLIENTS = 1000 };
    static int sockets[CLIENTS];
    size_t size;
    char *body = records_make(1, 0, 150, &size); /* a whole request of 100, and half a one */

    for (int i = 0; i < CLIENTS; i++) {
        sockets[i] = client_connect(server.port);
        client_send_text(sockets[i], head);
        client_send(sockets[i], body, size - 10);
    }
    assert_serves();
    for (int i = 0; i < CLIENTS; i++) {
        cr_assert(client_is_closed(sockets[i]));
        close(sockets[i]);
    }
    /* the first hundred of each are in, and nobody was told: that is what unanswered counts */
    double unanswered = server_metric(&server, "records.unanswered.accepted") +
                        server_metric(&server, "records.unanswered.rejected");
    cr_assert_eq((uint64_t)unanswered % 100, 0);
    free(body);
}

Test(attacks, a_thousand_idle_connections_are_closed)
{
    enum { CLIENTS = 1000 };
    static int sockets[CLIENTS];

    for (int i = 0; i < CLIENTS; i++)
        sockets[i] = client_connect(server.port);
    assert_serves();
    for (int i = 0; i < CLIENTS; i++) {
        cr_assert(client_is_closed(sockets[i]));
        close(sockets[i]);
    }
}

/* Refused at the head or within the body, they go on sending, fast or slowly. */
Test(attacks, bodies_that_go_on_for_ever_are_ended)
{
    static const char *const headers[] = {"Content-Type: text/xml\r\n",
                                          "Content-Encoding: gzip\r\n"};
    static const size_t pieces[] = {1, 100000};
    char text[256], *junk = calloc(1, 100000);
    double late_count = server_metric(&server, "http.connections_late");

    for (int i = 0; i < 4; i++) {
        size_t piece = pieces[i / 2];
        int fd = client_connect(server.port);
        snprintf(text, sizeof text,
                 "POST /process HTTP/1.1\r\nHost: a\r\n%sContent-Length: 1000000000\r\n\r\n",
                 headers[i % 2]);
        client_send_text(fd, text);
        while (client_send(fd, junk, piece))
            usleep(piece == 1 ? 10000 : 0);
        close(fd);
    }
    cr_assert_eq(server_metric(&server, "http.connections_late"), late_count + 4);
    free(junk);
}

Test(attacks, more_connections_than_there_may_be_do_not_stop_it)
{
    enum { CLIENTS = 1500 };
    static int sockets[CLIENTS];

    for (int i = 0; i < CLIENTS; i++) {
        sockets[i] = client_connect(server.port);
        client_send_text(sockets[i], "GET /healthz HTTP/1.1\r\nHost: a\r\n");
    }
    for (int i = 0; i < CLIENTS; i++) {
        cr_assert(client_is_closed(sockets[i]));
        close(sockets[i]);
    }
    /* the last ones may still be on their way out */
    struct client_answer answer = {0};
    for (int i = 0; i < 500 && answer.status != 200; i++) {
        client_answer_free(&answer);
        client_get(server.port, "/healthz", "", &answer);
    }
    cr_assert_eq(answer.status, 200);
    client_answer_free(&answer);
    cr_assert_eq(server_await_metric(&server, "http.connections", 1), 1);
}

static void expect(const char *body, size_t size, int status, const char *reason)
{
    struct client_answer answer;

    client_post(server.port, "", body, size, &answer);
    cr_assert_eq(answer.status, status, "%s: %d", reason, answer.status);
    cJSON *json = cJSON_Parse(answer.body);
    cr_assert_not_null(cJSON_GetObjectItem(cJSON_GetObjectItem(json, "rejected_by"), reason),
                       "not rejected as %s: %s", reason, answer.body);
    cJSON_Delete(json);
    client_answer_free(&answer);
}

Test(attacks, huge_lines_are_rejected_and_the_next_one_taken)
{
    static const char good[] = "\n{\"id\":1,\"name\":\"a\",\"tags\":[\"x\"],\"ts\":1}\n";
    const size_t huge = 50 << 20;
    char *body = malloc(huge + sizeof good);

    memset(body, 'x', huge);
    memcpy(body + huge, good, sizeof good - 1);
    expect(body, huge + sizeof good - 1, 200, "too_long");
    body[0] = '['; /* and as an array of one huge element */
    memset(body + 1, ' ', 10);
    expect(body, huge, 422, "too_long");
    free(body);
}

Test(attacks, deep_nesting_is_rejected)
{
    const size_t depth = 500000;
    char *body = malloc(2 * depth);

    memset(body, '[', depth);
    memset(body + depth, ']', depth);
    expect(body, 2 * depth, 422, "parse");
    memcpy(body, "{\"id\":", 6);
    expect(body, 2 * depth, 422, "parse");
    for (size_t i = 0; i + 5 <= depth; i += 5)
        memcpy(body + i, "{\"a\":", 5);
    expect(body, depth, 422, "parse");
    free(body);
}

Test(attacks, bad_utf8_and_nuls_are_rejected)
{
    static const char utf8[] = "{\"id\":1,\"name\":\"\xC0\xAF\",\"tags\":[\"x\"],\"ts\":1}\n";
    static const char surrogate[] =
        "{\"id\":1,\"name\":\"\xED\xA0\x80\",\"tags\":[\"x\"],\"ts\":1}";
    static const char escaped[] = "{\"id\":1,\"name\":\"a\\u0000\",\"tags\":[\"x\"],\"ts\":1}";
    static const char raw[] = "{\"id\":1,\"name\":\"a\0b\",\"tags\":[\"x\"],\"ts\":1}";

    expect(utf8, sizeof utf8 - 1, 422, "utf8");
    expect(surrogate, sizeof surrogate - 1, 422, "utf8");
    expect(escaped, sizeof escaped - 1, 422, "nul");
    expect(raw, sizeof raw - 1, 422, "nul");
}

/* xorshift64 (Marsaglia 2003): the same bytes in each run. */
static uint64_t random_next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

Test(attacks, random_bytes_are_answered_or_dropped)
{
    static char bytes[20000];
    uint64_t state = 88172645463325252u;

    for (int round = 0; round < 150; round++) {
        struct client_answer answer;
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (char)random_next(&state);
        size_t size = random_next(&state) % sizeof bytes;
        int fd = client_connect(server.port);
        switch (round % 3) {
        case 0: /* for a request */
            client_send(fd, bytes, size);
            shutdown(fd, SHUT_WR);
            client_is_closed(fd);
            break;
        case 1: /* for a body */
            client_post(server.port, "", bytes, size, &answer);
            cr_assert(answer.status == 422, "%d", answer.status);
            client_answer_free(&answer);
            break;
        default: /* for gzip */
            client_post(server.port, "Content-Encoding: gzip\r\n", bytes, size, &answer);
            cr_assert(answer.status == 400, "%d", answer.status);
            client_answer_free(&answer);
        }
        close(fd);
    }
}

/* A good request with one byte of its head or its chunks changed. */
Test(attacks, mutilated_requests_are_answered_or_dropped)
{
    static const char good[] = "POST /process HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: "
                               "chunked\r\nContent-Type: application/json\r\n\r\n"
                               "2\r\n[]\r\n0\r\n\r\n";
    uint64_t state = 42;

    for (int round = 0; round < 400; round++) {
        char text[sizeof good];
        memcpy(text, good, sizeof good);
        text[random_next(&state) % (sizeof good - 1)] = (char)random_next(&state);
        int fd = client_connect(server.port);
        client_send(fd, text, sizeof good - 1);
        shutdown(fd, SHUT_WR);
        cr_assert(client_is_closed(fd));
        close(fd);
    }
}

/* Closes with a reset at once, in all stages of a request. */
Test(attacks, clients_that_hang_up_leave_nothing_behind)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    size_t size;
    char text[128], *body = records_make(1, 0, 2000, &size);

    snprintf(text, sizeof text, "POST /process HTTP/1.1\r\nHost: a\r\nContent-Length: %zu\r\n\r\n",
             size);
    for (int round = 0; round < 200; round++) {
        int fd = client_connect(server.port);
        client_send(fd, text, strlen(text) - (round % 4 == 0 ? 5 : 0));
        if (round % 4 != 0)
            client_send(fd, body, round % 4 == 1 ? size : size * (size_t)(round % 7) / 7);
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close(fd);
    }
    free(body);
}

/* A client that asks much and reads nothing of the answers. */
Test(attacks, answers_that_nobody_takes_are_given_up)
{
    static const char request[] = "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n";
    int fd = client_connect(server.port), small = 4096;
    bool is_open = true;

    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    for (int i = 0; i < 20000 && is_open; i++) {
        if (send(fd, request, sizeof request - 1, MSG_NOSIGNAL) < 0)
            usleep(1000);
        is_open = server_metric(&server, "http.connections_late") < 1;
    }
    cr_assert_not(is_open);
    close(fd);
}

/* The naive service, under the same: within the cap that it announces. */
Test(attacks, the_naive_service_stays_within_its_cap)
{
    enum { CLIENTS = 200, ROUNDS = 5 };
    static const char *const options[] = {
        "--timeout", "1s", "--max-threads", "300", "--max-buffers", "32MiB", NULL};
    struct server naive;
    struct client_answer answer;
    size_t size;
    char *body = records_make(1, 0, 150, &size);

    server_start(&naive, "nnnn", options);
    for (int round = 0; round < ROUNDS; round++) {
        int sockets[CLIENTS];
        for (int i = 0; i < CLIENTS; i++) {
            sockets[i] = client_connect(naive.port);
            client_send_text(sockets[i], head);
            client_send(sockets[i], body, size);
        }
        for (int i = 0; i < CLIENTS; i++)
            close(sockets[i]);
    }
    cr_assert_eq(server_await_metric(&naive, "http.connections", 1), 1);
    cr_assert_leq(server_metric(&naive, "workers.threads"), 300);
    cr_assert_leq(server_resident_bytes_max(&naive), 200 << 20);
    client_get(naive.port, "/healthz", "", &answer);
    cr_assert_eq(answer.status, 200);
    client_answer_free(&answer);
    cr_assert_eq(server_stop(&naive, SIGTERM), 0);
    free(body);
}
