/*
 * Each refusal reaches the client, with its reason: whether the service knows it from the head,
 * within the body or behind it; and whatever the client does meanwhile, which is to send all of a
 * body that nobody wants, as a rule.
 */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/service/client.h"
#include "tests/service/records.h"
#include "tests/service/server.h"

TestSuite(early, .timeout = 300);

enum { SMALL = 2000, BIG = 100 << 20 };

enum body {
    BODY_JUNK, /* no newline in it */
    BODY_BOMB, /* gzip of zeros, 30 KiB and 30 MiB */
    BODY_CUT,  /* gzip without its last bytes */
};

enum framing { BY_LENGTH = 1, BY_CHUNKS = 2, EITHER = 3 };

/* How the client deals with Expect: 100-continue. */
enum expect { EXPECTS_NOTHING, EXPECTS_AND_WAITS, EXPECTS_AND_RUSHES, EXPECT_COUNT };

/* Other connections that are in the service's way. */
enum held { HELD_NONE, HELD_WITHIN_A_BODY, HELD_IDLE_TWO };

struct refusal {
    const char *where; /* it is known */
    int status;
    const char *method, *path, *headers;
    enum framing framings;
    enum body body;
    size_t size_min; /* of a body that is refused */
    const char *const *options;
    enum held held;
};

static const char *const usual[] = {NULL};
static const char *const small_bodies[] = {"--max-body", "1000", NULL};
static const char *const little_memory[] = {"--max-buffers", "1MiB", "--max-line", "200MiB", NULL};
static const char *const one_a_client[] = {"--max-per-client", "1", "--timeout", "300s", NULL};
static const char *const two_in_all[] = {"--max-connections", "2", "--timeout", "300s", NULL};

#define POST "POST", "/process"
#define XML "Content-Type: text/xml\r\n"
#define BROTLI "Content-Encoding: br\r\n"
#define GZIP "Content-Encoding: gzip\r\n"

static const struct refusal refusals[] = {
    {"head", 404, "POST", "/nope", "", EITHER, BODY_JUNK, 0, usual, HELD_NONE},
    {"head", 405, "PUT", "/process", "", EITHER, BODY_JUNK, 0, usual, HELD_NONE},
    {"head", 415, POST, XML, EITHER, BODY_JUNK, 0, usual, HELD_NONE},
    {"head", 415, POST, BROTLI, EITHER, BODY_JUNK, 0, usual, HELD_NONE},
    {"head", 400, "POST", "/process?n=1", "", EITHER, BODY_JUNK, 0, usual, HELD_NONE},
    {"head", 413, POST, "", BY_LENGTH, BODY_JUNK, 0, small_bodies, HELD_NONE},
    {"head", 429, POST, "", EITHER, BODY_JUNK, 0, one_a_client, HELD_WITHIN_A_BODY},
    {"head", 503, POST, "", EITHER, BODY_JUNK, 0, two_in_all, HELD_IDLE_TWO},
    {"body", 413, POST, "", BY_CHUNKS, BODY_JUNK, 0, small_bodies, HELD_NONE},
    {"body", 413, POST, GZIP, EITHER, BODY_BOMB, 0, usual, HELD_NONE},
    {"body", 400, POST, GZIP, EITHER, BODY_JUNK, 0, usual, HELD_NONE},
    {"body", 503, POST, "", EITHER, BODY_JUNK, 8 << 20, little_memory, HELD_NONE},
    {"end", 400, POST, GZIP, EITHER, BODY_CUT, 0, usual, HELD_NONE},
    {"end", 422, POST, "", EITHER, BODY_JUNK, 0, usual, HELD_NONE},
};

struct request {
    const struct refusal *refusal;
    int port;
    enum framing framing;
    enum expect expect;
    const char *body;
    size_t size;
    char name[256]; /* for messages */
};

/* A gzip member of bytes that cannot be packed, as often as wanted, and the last one cut short. */
static char *make_cut(size_t wanted, size_t *size)
{
    enum { MEMBER_BYTES = 1500 };
    char random[MEMBER_BYTES];
    size_t length;

    for (size_t i = 0; i < MEMBER_BYTES; i++)
        random[i] = (char)(rand() % 256);
    char *member = records_gzip(random, MEMBER_BYTES, &length);
    *size = wanted / length * length;
    char *text = malloc(*size);
    cr_assert_not_null(text);
    for (size_t at = 0; at < *size; at += length)
        memcpy(text + at, member, length);
    *size -= 4;
    free(member);
    return text;
}

static char *make_body(enum body kind, size_t wanted, size_t *size)
{
    if (kind == BODY_CUT)
        return make_cut(wanted, size);
    *size = kind == BODY_BOMB ? 30 << 20 : wanted;
    char *text = calloc(1, *size);
    cr_assert_not_null(text);
    if (kind == BODY_JUNK) {
        memset(text, 'x', wanted);
        return text;
    }
    char *packed = records_gzip(text, *size, size);
    free(text);
    return packed;
}

static size_t write_head(const struct request *request, char *head, size_t size)
{
    const struct refusal *refusal = request->refusal;
    char framing[64] = "Transfer-Encoding: chunked";

    if (request->framing == BY_LENGTH)
        snprintf(framing, sizeof framing, "Content-Length: %zu", request->size);
    return (size_t)snprintf(head, size, "%s %s HTTP/1.1\r\nHost: a\r\n%s%s\r\n%s\r\n",
                            refusal->method, refusal->path, refusal->headers, framing,
                            request->expect != EXPECTS_NOTHING ? "Expect: 100-continue\r\n" : "");
}

static void send_body(int fd, const struct request *request)
{
    char text[32];

    if (request->framing == BY_LENGTH) {
        client_send(fd, request->body, request->size);
        return;
    }
    for (size_t at = 0, piece; at < request->size; at += piece) {
        piece = request->size - at < 100000 ? request->size - at : 100000;
        snprintf(text, sizeof text, "%zx\r\n", piece);
        if (!client_send_text(fd, text) || !client_send(fd, request->body + at, piece) ||
            !client_send_text(fd, "\r\n"))
            return;
    }
    client_send_text(fd, "0\r\n\r\n");
}

static void assert_told(const struct request *request, struct client_answer *answer)
{
    char text[256];

    cr_assert_eq(answer->status, request->refusal->status, "%s: %d", request->name, answer->status);
    if (answer->status != 422)
        cr_assert_str_neq(client_text(answer, "error", text), "", "%s: no reason", request->name);
}

/* A client that reads nothing before it has sent all, or was told to go on. */
static void ask_by_socket(const struct request *request)
{
    struct client_answer answer = {0};
    char head[512];
    int fd = client_connect(request->port);
    bool is_told_to_go_on = true;

    client_send(fd, head, write_head(request, head, sizeof head));
    if (request->expect == EXPECTS_AND_WAITS) {
        char first[13] = "";
        cr_assert_eq(recv(fd, first, 12, MSG_PEEK | MSG_WAITALL), 12, "%s", request->name);
        is_told_to_go_on = strcmp(first, "HTTP/1.1 100") == 0;
        cr_assert_eq(is_told_to_go_on, strcmp(request->refusal->where, "head") != 0, "%s: %s",
                     request->name, first);
    }
    if (is_told_to_go_on)
        send_body(fd, request);
    client_receive(fd, &answer);
    assert_told(request, &answer);
    if (answer.status == 429 || answer.status == 503)
        cr_assert_str_neq(client_header(&answer, "Retry-After"), "", "%s", request->name);
    if (strcmp(request->refusal->where, "end") != 0) {
        cr_assert_str_eq(client_header(&answer, "Connection"), "close", "%s", request->name);
        cr_assert(client_is_closed(fd), "%s", request->name);
    }
    client_answer_free(&answer);
    close(fd);
}

static void ask_by_curl(const struct request *request)
{
    static const char *const expects[] = {"-H Expect:", "-H 'Expect: 100-continue'"};
    const struct refusal *refusal = request->refusal;
    struct client_answer answer = {0};
    char command[512], path[] = "/tmp/fastenough-test-XXXXXX", text[8192];
    size_t name_length = strcspn(refusal->headers, "\r");
    int fd = mkstemp(path);

    cr_assert(fd >= 0 && write(fd, request->body, request->size) == (ssize_t)request->size);
    close(fd);
    snprintf(command, sizeof command,
             "curl -sS -X %s -T %s -H '%.*s' %s %s -w '\\n%%{http_code}' 'http://127.0.0.1:%d%s'",
             refusal->method, path, (int)name_length, refusal->headers,
             request->framing == BY_CHUNKS ? "-H 'Transfer-Encoding: chunked'" : "",
             expects[request->expect], request->port, refusal->path);
    FILE *output = popen(command, "r");
    cr_assert_not_null(output);
    text[fread(text, 1, sizeof text - 1, output)] = '\0';
    int status = pclose(output);
    unlink(path);
    cr_assert_eq(status, 0, "%s: curl's status is %d: %s", request->name, WEXITSTATUS(status),
                 text);
    char *line = strrchr(text, '\n');
    answer.status = atoi(line);
    *line = '\0';
    answer.body = text;
    assert_told(request, &answer);
}

/* Opens those that are to be in the service's way; returns how many. */
static int hold(const struct server *server, enum held held, int sockets[2])
{
    const int count = held == HELD_IDLE_TWO ? 2 : held == HELD_WITHIN_A_BODY;

    for (int i = 0; i < count; i++)
        sockets[i] = client_connect(server->port);
    if (held == HELD_WITHIN_A_BODY) {
        client_send_text(sockets[0],
                         "POST /process HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n[");
        while (server_metric(server, "workers.buffers_bytes") <= 0) /* until that is read */
            usleep(1000);
    }
    cr_assert_eq(server_await_metric(server, "http.connections", count + 1), count + 1);
    return count;
}

static void ask(struct request *request, const char *how, void (*by)(const struct request *))
{
    static const char *const expects[] = {"no Expect", "Expect", "Expect, but does not wait"};

    snprintf(request->name, sizeof request->name,
             "%d, known from the %s, %zu bytes by %s, %s (%s%s%s)", request->refusal->status,
             request->refusal->where, request->size,
             request->framing == BY_LENGTH ? "length" : "chunks", expects[request->expect], how,
             request->refusal->headers[0] != '\0' ? ", " : "", request->refusal->headers);
    by(request);
}

/* All ways to ask for one refusal, with a body of this size. */
static void ask_in_all_ways(const struct refusal *refusal, struct server *server, size_t size,
                            const char *how, void (*by)(const struct request *), int expect_count)
{
    struct request request = {.refusal = refusal, .port = server->port};
    char *body = make_body(refusal->body, size, &request.size);

    request.body = body;
    for (int framing = BY_LENGTH; framing <= BY_CHUNKS; framing++)
        for (int expect = 0; expect < expect_count; expect++)
            if (refusal->framings & framing) {
                request.framing = (enum framing)framing;
                request.expect = (enum expect)expect;
                ask(&request, how, by);
            }
    free(body);
}

static void ask_for_all(size_t size, const char *how, void (*by)(const struct request *),
                        int expect_count)
{
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        const struct refusal *refusal = &refusals[i];
        struct server server;
        int held[2];

        if (size < refusal->size_min)
            continue;
        server_start(&server, "ffff", refusal->options);
        int held_count = hold(&server, refusal->held, held);
        ask_in_all_ways(refusal, &server, size, how, by, expect_count);
        for (int j = 0; j < held_count; j++)
            close(held[j]);
        cr_assert_eq(server_await_metric(&server, "http.connections", 1), 1);
        cr_assert_eq(server_await_metric(&server, "workers.buffers_bytes", 0), 0);
        cr_assert_leq(server_resident_bytes_max(&server), 150 << 20);
        cr_assert_eq(server_stop(&server, SIGTERM), 0, "%s", server.printed);
    }
}

Test(early, refusals_reach_a_client_that_sends_first_and_reads_then)
{
    ask_for_all(SMALL, "socket", ask_by_socket, EXPECT_COUNT);
}

Test(early, refusals_reach_it_with_a_big_body)
{
    ask_for_all(BIG, "socket", ask_by_socket, EXPECTS_NOTHING + 1);
}

Test(early, curl_shows_them)
{
    if (system("command -v curl >/dev/null") != 0)
        cr_skip("there is no curl");
    ask_for_all(SMALL, "curl", ask_by_curl, EXPECTS_AND_WAITS + 1);
}

Test(early, curl_shows_them_for_a_big_body)
{
    if (system("command -v curl >/dev/null") != 0)
        cr_skip("there is no curl");
    ask_for_all(BIG, "curl", ask_by_curl, EXPECTS_AND_WAITS + 1);
}
