/* What is refused, and how: the status, a reason as JSON, and the headers that go with it. */
#include <criterion/criterion.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/service/client.h"
#include "tests/service/records.h"
#include "tests/service/server.h"

static struct server server;

static void start(void)
{
    static const char *const options[] = {"--max-body",     "200000", "--max-line", "64KiB",
                                          "--max-generate", "5000",   NULL};
    server_start(&server, "ffff", options);
}

static void stop(void)
{
    cr_assert_eq(server_stop(&server, SIGTERM), 0, "%s", server.printed);
}

TestSuite(refusals, .init = start, .fini = stop, .timeout = 300);

static void assert_refused(struct client_answer *answer, int status, const char *what)
{
    char text[256];

    cr_assert_eq(answer->status, status, "%s gives %d, not %d", what, answer->status, status);
    cr_assert_str_neq(client_text(answer, "error", text), "", "%s gives no reason", what);
    client_answer_free(answer);
}

static void request(const char *text, struct client_answer *answer)
{
    int fd = client_connect(server.port);
    client_send_text(fd, text);
    client_receive(fd, answer);
    close(fd);
}

Test(refusals, unknown_paths_are_404_and_named_as_they_were_sent)
{
    static const struct {
        const char *path, *error;
    } cases[] = {
        {"/nope", "there is no /nope here: GET / lists what there is"},
        {"/Process", "there is no /Process here: GET / lists what there is"},
        {"/leak/x?mb=1", "there is no /leak/x here: GET / lists what there is"},
        {"/a%20b/%C3%BC%0A", "there is no /a%20b/%C3%BC%0A here: GET / lists what there is"},
        {"//process", "there is no //process here: it is /process"},
        {"///process//?n=1", "there is no ///process// here: it is /process"},
        {"/process/", "there is no /process/ here: it is /process"},
        {"//", "there is no // here: it is /"},
        {"//nope", "there is no //nope here: GET / lists what there is"},
    };
    struct client_answer answer;
    char text[256];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        client_get(server.port, cases[i].path, "", &answer);
        cr_assert_str_eq(client_text(&answer, "error", text), cases[i].error, "%s", text);
        assert_refused(&answer, 404, cases[i].path);
    }
}

Test(refusals, wrong_methods_are_405_and_say_which_are_right)
{
    static const struct {
        const char *request, *allow;
    } cases[] = {
        {"PUT /process HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}", "GET, POST"},
        {"DELETE /metrics HTTP/1.1\r\nHost: a\r\n\r\n", "GET, HEAD"},
        {"POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "GET, HEAD"},
        {"OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n", "GET, HEAD"},
        {"PATCH /leak HTTP/1.1\r\nHost: a\r\n\r\n", "GET, POST, DELETE"},
    };
    struct client_answer answer;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        request(cases[i].request, &answer);
        cr_assert_str_eq(client_header(&answer, "Allow"), cases[i].allow);
        assert_refused(&answer, 405, cases[i].request);
    }
}

Test(refusals, malformed_queries_are_400)
{
    static const char *const paths[] = {
        "/process?n=0",
        "/process?n=5001",
        "/process?n=-1",
        "/process?n=1e3",
        "/process?n=",
        "/process?n=%zz",
        "/process?n=1&n=2",
        "/process?m=1",
        "/process?n=1%00",
        "/process?seed=-1",
        "/process?=1",
        "/process?seed=x",
        "/leak?mb=0",
        "/leak?mb=x",
        "/leak?gb=1",
        "/metrics?%",
        "/process?n=99999999999999999999",
    };
    struct client_answer answer;

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        client_get(server.port, paths[i], "", &answer);
        assert_refused(&answer, 400, paths[i]);
    }
}

/*
 * libmicrohttpd 1.0 sees some of them before we do, and says so in a page of its own; 1.0.10
 * has 501 for a coding that it does not know.
 */
Test(refusals, a_body_whose_length_is_unclear_is_400)
{
    static const struct {
        const char *headers;
        int status_of_page; /* another one that is right */
    } cases[] = {
        {"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", 400},
        {"Transfer-Encoding: gzip, chunked\r\n", 501},
        {"Transfer-Encoding: nonsense\r\n", 501},
        {"Content-Length: 2\r\nContent-Length: 3\r\n", 400},
        {"Content-Type: application/json\r\nContent-Type: text/xml\r\nContent-Length: 2\r\n", 400},
    };
    struct client_answer answer;
    char text[512];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(text, sizeof text, "POST /process HTTP/1.1\r\nHost: a\r\n%s\r\n{}",
                 cases[i].headers);
        request(text, &answer);
        if (answer.body != NULL && answer.body[0] == '<') {
            cr_assert(answer.status == 400 || answer.status == cases[i].status_of_page, "%s: %d",
                      cases[i].headers, answer.status);
            cr_assert(strstr(answer.body, "Transfer-Encoding") != NULL ||
                          strstr(answer.body, "Content-Length") != NULL,
                      "%s", answer.body);
            client_answer_free(&answer);
        } else {
            assert_refused(&answer, 400, cases[i].headers);
        }
    }
}

/* These libmicrohttpd refuses by itself, with much of a body on its way. */
Test(refusals, what_is_no_http_is_refused_too)
{
    static const struct {
        int status, status_of_10; /* and that of libmicrohttpd 1.0.10 */
        const char *text;
    } cases[] = {
        {400, 400, "POST /process HTTP/1.1\r\nContent-Length: 2\r\n\r\n"}, /* no Host */
        {400, 400, "POST /process HTTP/1.1\r\nHost: a\r\nContent-Length: -2\r\n\r\n"},
        {413, 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n"},
        {400, 400, "POST /process HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"},
        {505, 505, "GET / HTTP/9.9\r\nHost: a\r\n\r\n"},
        {0, 0, "nonsense\r\n\r\n"}, /* dropped */
    };
    const size_t size = 20 << 20;
    struct client_answer answer;
    char *body = malloc(size);

    memset(body, 'x', size);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int fd = client_connect(server.port);
        client_send_text(fd, cases[i].text);
        client_send(fd, body, size);
        client_receive(fd, &answer);
        cr_assert(answer.status == cases[i].status || answer.status == cases[i].status_of_10,
                  "%s gives %d", cases[i].text, answer.status);
        client_answer_free(&answer);
        close(fd);
    }
    free(body);
}

Test(refusals, other_types_and_codings_are_415)
{
    static const char *const headers[] = {
        "Content-Type: text/xml\r\n",       "Content-Type: multipart/form-data; boundary=x\r\n",
        "Content-Type: image/png\r\n",      "Content-Type: application/json; charset=latin1\r\n",
        "Content-Encoding: br\r\n",         "Content-Encoding: deflate\r\n",
        "Content-Encoding: gzip, gzip\r\n",
    };
    struct client_answer answer;

    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        client_post(server.port, headers[i], "{}", 2, &answer);
        assert_refused(&answer, 415, headers[i]);
    }
}

Test(refusals, too_large_a_body_is_413_whether_announced_or_not)
{
    struct client_answer answer;
    size_t size, packed_size;
    char *body = records_make(1, 0, 2000, &size);
    char *packed = records_gzip(body, size, &packed_size);

    client_post(server.port, "", body, size, &answer);
    cr_assert(isnan(client_number(&answer, "accepted"))); /* nothing of it was looked at */
    assert_refused(&answer, 413, "an announced body");

    client_post_chunked(server.port, "", body, size, 10000, &answer);
    /* what came before the limit is written, and the answer says so */
    cr_assert_gt(client_number(&answer, "accepted"), 0);
    cr_assert_gt(client_number(&answer, "next_line"), client_number(&answer, "accepted"));
    assert_refused(&answer, 413, "a chunked body");

    cr_assert_lt(packed_size, 200000);
    client_post(server.port, "Content-Encoding: gzip\r\n", packed, packed_size, &answer);
    assert_refused(&answer, 413, "a body that is too large when it is decompressed");
    free(packed);
    free(body);
}

Test(refusals, gzip_that_expands_too_much_is_413)
{
    struct server mine;
    struct client_answer answer;
    size_t size, count = 64 << 20;
    char *zeros = calloc(1, count);
    char *packed = records_gzip(zeros, count, &size);

    server_start(&mine, "ffff", NULL);
    client_post(mine.port, "Content-Encoding: gzip\r\n", packed, size, &answer);
    assert_refused(&answer, 413, "a bomb");
    cr_assert_lt(server_metric(&mine, "records.decoded_bytes"), 4 << 20);
    server_stop(&mine, SIGTERM);
    free(packed);
    free(zeros);
}

Test(refusals, damaged_gzip_is_400)
{
    struct client_answer answer;
    size_t size, packed_size;
    char *body = records_make(1, 0, 500, &size);
    char *packed = records_gzip(body, size, &packed_size);

    client_post(server.port, "Content-Encoding: gzip\r\n", packed, packed_size / 2, &answer);
    assert_refused(&answer, 400, "gzip that is cut short");
    client_post(server.port, "Content-Encoding: gzip\r\n", "nonsense", 8, &answer);
    assert_refused(&answer, 400, "what is no gzip");
    client_post(server.port, "Content-Encoding: gzip\r\n", "", 0, &answer);
    assert_refused(&answer, 400, "gzip without a byte");
    packed[packed_size - 6] ^= 1; /* the checksum */
    client_post(server.port, "Content-Encoding: gzip\r\n", packed, packed_size, &answer);
    assert_refused(&answer, 400, "gzip with a wrong checksum");
    free(packed);
    free(body);
}

Test(refusals, too_long_a_url_is_refused)
{
    struct client_answer answer;
    char path[4000] = "/process?seed=";

    memset(path + strlen(path), '1', 3000);
    client_get(server.port, path, "", &answer);
    cr_assert(answer.status == 400 || answer.status == 414, "%d", answer.status);
    client_answer_free(&answer);
}

Test(refusals, leak_is_capped_and_undone)
{
    static const char *const options[] = {"--max-leak", "30MiB", NULL};
    struct server mine;
    struct client_answer answer;

    server_start(&mine, "ffff", options);
    client_get(mine.port, "/leak?mb=20", "", &answer);
    cr_assert_eq(answer.status, 200);
    cr_assert_eq(client_number(&answer, "leaked_bytes"), 20 << 20);
    client_answer_free(&answer);
    cr_assert_geq(server_metric(&mine, "process.resident_bytes"), 20 << 20);
    client_get(mine.port, "/leak?mb=20", "", &answer);
    cr_assert_str_neq(client_header(&answer, "Retry-After"), "");
    assert_refused(&answer, 503, "more than the cap");
    cr_assert_eq(server_metric(&mine, "process.leaked_bytes"), 20 << 20);

    int fd = client_connect(mine.port);
    client_send_text(fd, "DELETE /leak HTTP/1.1\r\nHost: a\r\n\r\n");
    client_receive(fd, &answer);
    cr_assert_eq(answer.status, 200);
    cr_assert_eq(client_number(&answer, "leaked_bytes"), 0);
    client_answer_free(&answer);
    cr_assert_lt(server_resident_bytes(&mine), 20 << 20);
    close(fd);
    server_stop(&mine, SIGTERM);
}
