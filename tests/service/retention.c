/* Lesson 4, as the service shows it: by counts of threads, stacks and requests. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "tests/service/client.h"
#include "tests/service/records.h"
#include "tests/service/server.h"

TestSuite(retention, .timeout = 300);

enum { POSTS = 10, RECORDS = 100 }; /* a request each */

static void post(const struct server *server, int times, int wanted_status)
{
    struct client_answer answer;
    size_t size;
    char *body = records_make(1, 0, RECORDS, &size);

    for (int i = 0; i < times; i++) {
        client_post(server->port, "", body, size, &answer);
        cr_assert_eq(answer.status, wanted_status, "%d: %s", answer.status, answer.body);
        client_answer_free(&answer);
    }
    free(body);
}

Test(retention, naive_grows_by_a_crew_a_request)
{
    static const char *const options[] = {"--workers", "7", NULL};
    struct server server;

    server_start(&server, "nnnn", options);
    for (int round = 1; round <= 3; round++) {
        post(&server, POSTS, 200);
        cr_assert_eq(server_metric(&server, "workers.threads"), 7 * POSTS * round);
        cr_assert_eq(server_metric(&server, "workers.retained_requests"), POSTS * round);
        cr_assert_geq(server_metric(&server, "workers.retained_bytes"),
                      POSTS * round * RECORDS * 100);
        cr_assert_gt(server_metric(&server, "workers.stack_resident_bytes"),
                     7 * POSTS * round * 4096 - 1);
    }
    cr_assert_eq(server_stop(&server, SIGTERM), 0);
}

Test(retention, fixed_stays_as_it_is)
{
    static const char *const options[] = {"--workers", "7", NULL};
    struct server server;

    server_start(&server, "ffff", options);
    for (int round = 1; round <= 3; round++) {
        post(&server, POSTS, 200);
        cr_assert_eq(server_metric(&server, "workers.threads"), 7);
        cr_assert_eq(server_metric(&server, "workers.threads_started"), 7);
        /* a worker lets go a moment after it has answered */
        cr_assert_eq(server_await_metric(&server, "workers.retained_requests", 0), 0);
        cr_assert_eq(server_metric(&server, "workers.retained_bytes"), 0);
        cr_assert_eq(server_metric(&server, "workers.buffers_bytes"), 0);
    }
    cr_assert_eq(server_stop(&server, SIGTERM), 0);
}

Test(retention, naive_refuses_at_its_cap_and_says_why)
{
    static const char *const options[] = {"--workers", "5", "--max-threads", "20", NULL};
    struct server server;
    struct client_answer answer;
    char text[256];
    size_t size;
    char *body = records_make(1, 0, RECORDS, &size);

    server_start(&server, "nnnn", options);
    cr_assert_not_null(strstr(server.printed, "20 worker threads"), "it announces its cap");
    post(&server, 4, 200);
    double accepted = server_metric(&server, "records.accepted");
    for (int i = 0; i < 3; i++) {
        client_post(server.port, "", body, size, &answer);
        cr_assert_eq(answer.status, 503);
        cr_assert_str_neq(client_header(&answer, "Retry-After"), "");
        client_text(&answer, "error", text);
        cr_assert_not_null(strstr(text, "20 threads"), "%s", text);
        cr_assert_not_null(strstr(text, "lesson 4"), "%s", text);
        cr_assert_eq(client_number(&answer, "accepted"), 0);
        cr_assert_eq(client_number(&answer, "next_line"), 1);
        client_answer_free(&answer);
    }
    /* what was accepted stays accepted, what was refused is not counted, and the rest works on */
    cr_assert_eq(server_metric(&server, "records.accepted"), accepted);
    cr_assert_eq(server_metric(&server, "workers.threads"), 20);
    client_get(server.port, "/healthz", "", &answer);
    cr_assert_eq(answer.status, 200);
    client_answer_free(&answer);
    cr_assert_eq(server_stop(&server, SIGTERM), 0);
    free(body);
}

Test(retention, naive_says_what_it_did_before_the_cap_stopped_it)
{
    static const char *const options[] = {"--workers", "5", "--max-threads", "20", NULL};
    struct server server;
    struct client_answer answer;
    size_t size;
    char *body = records_make(1, 0, 1000, &size);

    server_start(&server, "nnnn", options);
    client_post(server.port, "", body, size, &answer); /* ten requests, of which four have room */
    cr_assert_eq(answer.status, 503);
    cr_assert_eq(client_number(&answer, "accepted") + client_number(&answer, "rejected"), 400);
    cr_assert_eq(client_number(&answer, "next_line"), 401);
    client_answer_free(&answer);
    cr_assert_eq(server_metric(&server, "records.accepted") +
                     server_metric(&server, "records.rejected"),
                 400);
    cr_assert_eq(server_stop(&server, SIGTERM), 0);
    free(body);
}
