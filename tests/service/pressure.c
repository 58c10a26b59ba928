/* More than it can take: it says so, and loses nothing of what it took. */
#include <criterion/criterion.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/service/client.h"
#include "tests/service/records.h"
#include "tests/service/server.h"

TestSuite(pressure, .timeout = 300);

enum { CLIENTS = 16, RECORDS = 400 };

struct client {
    pthread_t thread;
    int port, ok, refused, other;
    double accepted;
    bool has_retry_after;
};

static void *post_until_told(void *argument)
{
    struct client *client = argument;
    size_t size;
    char *body = records_make(1, 0, RECORDS, &size);

    for (int i = 0; i < 3; i++) {
        struct client_answer answer;
        client_post(client->port, "", body, size, &answer);
        client->ok += answer.status == 200;
        client->refused += answer.status == 503;
        client->other += answer.status != 200 && answer.status != 503;
        if (answer.status == 503)
            client->has_retry_after = client_header(&answer, "Retry-After")[0] != '\0';
        if (!isnan(client_number(&answer, "accepted")))
            client->accepted += client_number(&answer, "accepted");
        client_answer_free(&answer);
    }
    free(body);
    return NULL;
}

/*
 * One worker that takes 2 ms a record, a queue of one, no patience: most of the clients' requests
 * find no room.
 */
Test(pressure, a_full_queue_is_503_and_what_was_accepted_is_counted_once)
{
    static const char *const options[] = {
        "--workers", "1",         "--queue", "1", "--queue-wait", "1ms", "--db-latency",
        "2ms",       "--request", "20",      NULL};
    struct client clients[CLIENTS];
    struct server server;
    int ok = 0, refused = 0, other = 0;
    double accepted = 0;

    server_start(&server, "ffff", options);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = (struct client){.port = server.port, .has_retry_after = true};
        pthread_create(&clients[i].thread, NULL, post_until_told, &clients[i]);
    }
    for (int i = 0; i < CLIENTS; i++) {
        pthread_join(clients[i].thread, NULL);
        ok += clients[i].ok;
        refused += clients[i].refused;
        other += clients[i].other;
        accepted += clients[i].accepted;
        cr_assert(clients[i].has_retry_after);
    }
    cr_assert_gt(refused, 0);
    cr_assert_eq(other, 0);
    cr_assert_eq(ok + refused, CLIENTS * 3);
    cr_assert_eq(server_metric(&server, "records.accepted"), accepted);
    cr_assert_eq(server_await_metric(&server, "workers.buffers_bytes", 0), 0);
    cr_assert_eq(server_stop(&server, SIGTERM), 0);
}

Test(pressure, who_waits_long_enough_gets_room)
{
    static const char *const options[] = {"--workers", "1",         "--queue", "1", "--queue-wait",
                                          "60s",       "--request", "20",      NULL};
    struct client clients[CLIENTS];
    struct server server;

    server_start(&server, "ffff", options);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = (struct client){.port = server.port};
        pthread_create(&clients[i].thread, NULL, post_until_told, &clients[i]);
    }
    for (int i = 0; i < CLIENTS; i++) {
        pthread_join(clients[i].thread, NULL);
        cr_assert_eq(clients[i].ok, 3);
    }
    cr_assert_eq(server_stop(&server, SIGTERM), 0);
}

/* The clients' deadline is not the service's: half a second of waiting for the database, or more,
 * at 200 ms. */
Test(pressure, work_may_take_longer_than_clients_may)
{
    static const char *const options[] = {
        "--timeout", "200ms", "--workers", "1", "--request", "10", "--db-latency", "30ms", NULL};
    struct server server;
    struct client_answer answer;
    size_t size;
    char *body = records_make(1, 0, 20, &size);

    server_start(&server, "ffff", options);
    client_post(server.port, "", body, size, &answer);
    cr_assert_eq(answer.status, 200, "%d", answer.status);
    cr_assert_geq(client_number(&answer, "elapsed_ns"), 500000000);
    client_answer_free(&answer);
    client_get(server.port, "/process?n=20", "", &answer);
    cr_assert_eq(answer.status, 200, "%d", answer.status);
    client_answer_free(&answer);
    cr_assert_eq(server_metric(&server, "http.connections_late"), 0);
    cr_assert_eq(server_stop(&server, SIGTERM), 0);
    free(body);
}

Test(pressure, too_many_at_once_from_one_address_are_429)
{
    static const char *const options[] = {"--max-per-client", "4", NULL};
    struct server server;
    struct client_answer answer;
    int sockets[4];

    server_start(&server, "ffff", options);
    for (int i = 0; i < 4; i++) {
        sockets[i] = client_connect(server.port);
        client_send_text(sockets[i],
                         "POST /process HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n[");
    }
    cr_assert_eq(server_await_metric(&server, "http.connections", 5), 5); /* this one's too */
    client_post(server.port, "", "[]", 2, &answer);
    for (int i = 0; answer.status == 422 && i < 500; i++) { /* the four may not be read yet */
        client_answer_free(&answer);
        client_post(server.port, "", "[]", 2, &answer);
    }
    cr_assert_eq(answer.status, 429);
    cr_assert_str_neq(client_header(&answer, "Retry-After"), "");
    client_answer_free(&answer);
    client_send_text(sockets[0], "       ]");
    client_receive(sockets[0], &answer);
    cr_assert_eq(answer.status, 422);
    client_answer_free(&answer);
    for (int i = 0; i < 4; i++)
        close(sockets[i]);
    cr_assert_eq(server_stop(&server, SIGTERM), 0);
}

/* 40 bodies with most of a 1 MiB line each would be 40 MiB; 8 are allowed. */
Test(pressure, the_memory_of_all_bodies_is_bounded)
{
    enum { BODIES = 40, SENT = 900 * 1024 };
    static const char *const options[] = {"--max-buffers", "8MiB", NULL};
    struct server server;
    int sockets[BODIES], refused = 0;
    char *text = malloc(SENT);

    memset(text, 'x', SENT);
    server_start(&server, "ffff", options);
    for (int i = 0; i < BODIES; i++) {
        sockets[i] = client_connect(server.port);
        client_send_text(sockets[i],
                         "POST /process HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n");
        client_send(sockets[i], text, SENT);
    }
    cr_assert_leq(server_metric(&server, "workers.buffers_bytes"), (8 + 4) << 20);
    cr_assert_leq(server_resident_bytes_max(&server), 60 << 20);
    for (int i = 0; i < BODIES; i++) {
        struct client_answer answer;
        shutdown(sockets[i], SHUT_WR);
        client_receive(sockets[i], &answer);
        refused += answer.status == 503;
        client_answer_free(&answer);
        close(sockets[i]);
    }
    cr_assert_gt(refused, BODIES / 2);
    cr_assert_eq(server_await_metric(&server, "workers.buffers_bytes", 0), 0);
    cr_assert_eq(server_stop(&server, SIGTERM), 0);
    free(text);
}

Test(pressure, connections_above_the_cap_are_told_so)
{
    static const char *const options[] = {"--max-connections", "3", NULL};
    struct server server;
    struct client_answer answer;
    int sockets[3];

    server_start(&server, "ffff", options);
    for (int i = 0; i < 3; i++)
        sockets[i] = client_connect(server.port);
    cr_assert_eq(server_await_metric(&server, "http.connections", 4), 4);
    client_post(server.port, "", "[]", 2, &answer);
    cr_assert_eq(answer.status, 503);
    cr_assert_str_neq(client_header(&answer, "Retry-After"), "");
    client_answer_free(&answer);
    for (int i = 0; i < 3; i++)
        close(sockets[i]);
    cr_assert_eq(server_await_metric(&server, "http.connections", 1), 1);
    client_post(server.port, "", "[]", 2, &answer);
    cr_assert_eq(answer.status, 422);
    client_answer_free(&answer);
    cr_assert_eq(server_stop(&server, SIGTERM), 0);
}
