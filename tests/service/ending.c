/* How it starts, and how it ends: drained, or with a clear message. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/service/client.h"
#include "tests/service/records.h"
#include "tests/service/server.h"

TestSuite(ending, .timeout = 300);

/* The answer to a body of which half was sent when the service was told to end. */
static void assert_drains(const char *variant, int signal_number)
{
    struct server server;
    struct client_answer answer;
    size_t size;
    char text[256], *body = records_make(1, 0, 2000, &size);

    server_start(&server, variant, NULL);
    int fd = client_connect(server.port), idle = client_connect(server.port);
    snprintf(text, sizeof text, "POST /process HTTP/1.1\r\nHost: a\r\nContent-Length: %zu\r\n\r\n",
             size);
    client_send_text(fd, text);
    client_send(fd, body, size / 2);
    /* it is in flight once the workers have some of it */
    while (server_metric(&server, "process.cpu_s") >= 0 &&
           server_metric(&server, "workers.buffers_bytes") <= 0)
        ;
    kill(server.process, signal_number);
    usleep(200000); /* so that the signal comes first, as a rule: the test holds either way */
    client_send(fd, body + size / 2, size - size / 2);
    client_receive(fd, &answer);
    cr_assert_eq(answer.status, 200, "%d", answer.status);
    cr_assert_str_eq(client_text(&answer, "digest", text), RECORDS_2000_DIGEST);
    client_answer_free(&answer);
    close(fd);
    cr_assert(client_is_closed(idle));
    close(idle);
    cr_assert_eq(server_stop(&server, 0), 0, "%s", server.printed);
    free(body);
}

Test(ending, sigterm_lets_what_is_in_flight_finish)
{
    assert_drains("ffff", SIGTERM);
}

Test(ending, sigint_does_so_too)
{
    assert_drains("ffff", SIGINT);
}

Test(ending, the_naive_service_drains_as_well)
{
    assert_drains("nnnn", SIGTERM);
}

Test(ending, a_body_that_never_ends_is_cut_off_and_said_so)
{
    static const char *const options[] = {"--drain", "300ms", NULL};
    struct server server;

    server_start(&server, "ffff", options);
    int fd = client_connect(server.port);
    client_send_text(fd, "POST /process HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n[");
    cr_assert_eq(server_await_metric(&server, "http.connections", 2), 2);
    while (server_metric(&server, "workers.buffers_bytes") <= 0)
        ;
    cr_assert_eq(server_stop(&server, SIGTERM), 1);
    cr_assert_not_null(strstr(server.printed, "--drain"), "%s", server.printed);
    close(fd);
}

/* A client that was refused, and sends no end: its connection stays open for a while. */
Test(ending, is_not_held_up_by_one_who_was_refused)
{
    static const char *const options[] = {"--timeout", "300s", NULL};
    struct server server;
    struct client_answer answer;

    server_start(&server, "ffff", options);
    int fd = client_connect(server.port);
    client_send_text(fd, "PUT /process HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n[");
    client_receive(fd, &answer);
    cr_assert_eq(answer.status, 405);
    client_answer_free(&answer);
    cr_assert(client_is_closed(fd));
    cr_assert_eq(server_metric(&server, "http.connections"), 2);
    cr_assert_eq(server_stop(&server, SIGTERM), 0);
    close(fd);
}

Test(ending, a_port_in_use_is_said_so)
{
    struct server first, second;
    char address[64];

    server_start(&first, "ffff", NULL);
    snprintf(address, sizeof address, "127.0.0.1:%d", first.port);
    const char *const arguments[] = {"serve", "--listen", address, NULL};
    cr_assert_eq(server_start_failing(&second, "nnnn", arguments), 1);
    cr_assert_not_null(strstr(second.printed, address), "%s", second.printed);
    cr_assert_not_null(strstr(second.printed, "in use"), "%s", second.printed);
    cr_assert_eq(server_stop(&first, SIGTERM), 0);
}

Test(ending, a_database_that_cannot_be_written_is_said_so)
{
    static const char *const databases[] = {"sqlite:/nowhere/rows.db", "sqlite:/proc/rows.db",
                                            "sqlite:/", "sqlite:/etc/hostname", "sqlite::memory:"};
    struct server server;

    for (size_t i = 0; i < sizeof databases / sizeof databases[0]; i++) {
        const char *const arguments[] = {"serve", "--listen",   "127.0.0.1:0",
                                         "--db",  databases[i], NULL};
        cr_assert_eq(server_start_failing(&server, "ffff", arguments), 1, "%s", databases[i]);
        cr_assert_not_null(strstr(server.printed, databases[i]), "%s", server.printed);
    }
}

Test(ending, a_file_of_somebody_elses_is_left_alone)
{
    static const char *const arguments[] = {"serve", "--listen", "127.0.0.1:0", "--db", NULL, NULL};
    const char *filled[6];
    struct server server;
    char path[64], name[80], line[64] = "";

    server_database(path);
    FILE *file = fopen(path, "w");
    fputs("not a database", file);
    fclose(file);
    snprintf(name, sizeof name, "sqlite:%s", path);
    memcpy(filled, arguments, sizeof arguments);
    filled[4] = name;
    cr_assert_eq(server_start_failing(&server, "ffff", filled), 1);
    file = fopen(path, "r");
    cr_assert_not_null(fgets(line, sizeof line, file));
    fclose(file);
    cr_assert_str_eq(line, "not a database");
    server_database_remove(path);
}

Test(ending, wrong_options_are_2_and_said_so)
{
    static const char *const wrong[][2] = {
        {"--listen", "127.0.0.1"}, {"--request", "0"},     {"--timeout", "5"},
        {"--db", "mysql:x"},       {"--max-body", "much"}, {"--nonsense", "1"},
        {"--workers", "-1"},       {"--max-threads", "0"}, {"--db-latency", "1h"},
    };
    struct server server;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const char *const arguments[] = {"serve", wrong[i][0], wrong[i][1], NULL};
        int status = server_start_failing(&server, "ffff", arguments);
        cr_assert_eq(status, i == 0 ? 1 : 2, "%s %s: %d", wrong[i][0], wrong[i][1], status);
        cr_assert_str_neq(server.printed, "");
    }
}
