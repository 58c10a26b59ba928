/* POST and GET /process: whatever way the records come in, they come to the spec's figures. */
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
    server_start(&server, "ffff", NULL);
}

static void stop(void)
{
    cr_assert_eq(server_stop(&server, SIGTERM), 0, "%s", server.printed);
}

TestSuite(process, .init = start, .fini = stop, .timeout = 300);

/* Whether it is the answer to the spec's 2,000 records; frees it. */
static void assert_is_2000(struct client_answer *answer)
{
    char text[256];

    cr_assert_eq(answer->status, 200, "status %d: %s", answer->status, answer->body);
    cr_assert_eq(client_number(answer, "accepted"), RECORDS_2000_ACCEPTED);
    cr_assert_eq(client_number(answer, "rejected"), RECORDS_2000_REJECTED);
    cr_assert_eq(client_number(answer, "score_sum"), RECORDS_2000_SCORE);
    cr_assert_str_eq(client_text(answer, "digest", text), RECORDS_2000_DIGEST);
    client_answer_free(answer);
}

Test(process, takes_ndjson)
{
    struct client_answer answer;
    size_t size;
    char *body = records_make(1, 0, 2000, &size);

    client_post(server.port, "Content-Type: application/x-ndjson\r\n", body, size, &answer);
    assert_is_2000(&answer);
    client_post(server.port, "", body, size - 1, &answer); /* the last line has no newline */
    assert_is_2000(&answer);
    free(body);
}

Test(process, makes_its_own_records)
{
    struct client_answer answer;

    client_get(server.port, "/process?n=2000&seed=1", "", &answer);
    assert_is_2000(&answer);
    client_get(server.port, "/process", "", &answer);
    cr_assert_eq(answer.status, 200);
    cr_assert_eq(client_number(&answer, "accepted") + client_number(&answer, "rejected"), 1000);
    client_answer_free(&answer);
}

Test(process, takes_chunks_of_any_size)
{
    static const size_t pieces[] = {1, 7, 313, 4096, 100000};
    struct client_answer answer;
    size_t size;
    char *body = records_make(1, 0, 2000, &size);

    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        size_t part = pieces[i] == 1 ? 20000 : size;
        client_post_chunked(server.port, "", body, part, pieces[i], &answer);
        if (part == size)
            assert_is_2000(&answer);
        else
            client_answer_free(&answer);
    }
    free(body);
}

Test(process, takes_gzip_in_one_member_or_two)
{
    struct client_answer answer;
    size_t size, first, second, half;
    char *body = records_make(1, 0, 2000, &size);
    char *packed = records_gzip(body, size, &first);

    client_post(server.port, "Content-Encoding: gzip\r\n", packed, first, &answer);
    assert_is_2000(&answer);
    client_post_chunked(server.port, "Content-Encoding: x-gzip\r\n", packed, first, 100, &answer);
    assert_is_2000(&answer);
    free(packed);

    half = size / 2 + 5; /* within a record */
    char *one = records_gzip(body, half, &first);
    char *two = records_gzip(body + half, size - half, &second);
    char *both = malloc(first + second);
    memcpy(both, one, first);
    memcpy(both + first, two, second);
    client_post(server.port, "Content-Encoding: gzip\r\n", both, first + second, &answer);
    assert_is_2000(&answer);
    free(one);
    free(two);
    free(both);
    free(body);
}

Test(process, takes_one_array)
{
    struct client_answer answer;
    size_t size;
    char text[256], *body = records_make_array(1, 2000, &size);

    client_post(server.port, "Content-Type: application/json; charset=UTF-8\r\n", body, size,
                &answer);
    cr_assert_eq(answer.status, 200);
    cr_assert_eq(client_number(&answer, "accepted"), RECORDS_2000_ACCEPTED);
    cr_assert_str_eq(client_text(&answer, "digest", text), RECORDS_2000_DIGEST);
    client_answer_free(&answer);
    free(body);
}

Test(process, tells_the_first_rejected_lines_with_reasons)
{
    static const char body[] = "{\"id\":1,\"name\":\"a\",\"tags\":[\"x\"],\"ts\":1}\n"
                               "\n"
                               "nonsense\n"
                               "{\"id\":0,\"name\":\"a\",\"tags\":[\"x\"],\"ts\":1}\r\n"
                               "{\"id\":2,\"name\":\"\",\"tags\":[\"x\"],\"ts\":1}\n";
    static const struct {
        int line;
        const char *reason;
    } wanted[] = {{3, "parse"}, {4, "id"}, {5, "name"}};
    struct client_answer answer;

    client_post(server.port, "", body, sizeof body - 1, &answer);
    cr_assert_eq(answer.status, 200);
    cr_assert_eq(client_number(&answer, "accepted"), 1);
    cr_assert_eq(client_number(&answer, "rejected"), 3);
    cJSON *json = cJSON_Parse(answer.body);
    const cJSON *lines = cJSON_GetObjectItem(json, "rejected_lines");
    cr_assert_eq(cJSON_GetArraySize(lines), 3);
    for (int i = 0; i < 3; i++) {
        const cJSON *line = cJSON_GetArrayItem(lines, i);
        cr_assert_eq(cJSON_GetObjectItem(line, "line")->valueint, wanted[i].line);
        cr_assert_str_eq(cJSON_GetObjectItem(line, "reason")->valuestring, wanted[i].reason);
    }
    const cJSON *byte = cJSON_GetObjectItem(cJSON_GetArrayItem(lines, 0), "byte");
    cr_assert(cJSON_IsNumber(byte) && byte->valueint < 8, "the parser knows where it stopped");
    cJSON_Delete(json);
    client_answer_free(&answer);
}

Test(process, says_422_where_nothing_is_accepted)
{
    static const char *const bodies[] = {"nonsense\n", "[]", "", "\n\n", "{\"id\":1}", "[1,2,"};
    struct client_answer answer;

    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        client_post(server.port, "", bodies[i], strlen(bodies[i]), &answer);
        cr_assert_eq(answer.status, 422, "'%s' gives %d", bodies[i], answer.status);
        cr_assert_eq(client_number(&answer, "accepted"), 0);
        cr_assert_not(isnan(client_number(&answer, "rejected")));
        client_answer_free(&answer);
    }
}

Test(process, answers_one_request_after_the_other_on_a_connection)
{
    struct client_answer answer;
    size_t size;
    char head[128], *body = records_make(1, 0, 2000, &size);
    int fd = client_connect(server.port);

    snprintf(head, sizeof head,
             "POST /process HTTP/1.1\r\nHost: localhost\r\nContent-Length: %zu\r\n\r\n", size);
    for (int i = 0; i < 5; i++) {
        client_send_text(fd, head);
        client_send(fd, body, size);
        client_receive(fd, &answer);
        assert_is_2000(&answer);
        client_send_text(fd, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        client_receive(fd, &answer);
        cr_assert_eq(answer.status, 200);
        client_answer_free(&answer);
    }
    close(fd);
    free(body);
}

Test(process, takes_a_body_that_was_announced_with_expect)
{
    struct client_answer answer;
    size_t size;
    char head[160], *body = records_make(1, 0, 2000, &size);
    int fd = client_connect(server.port);

    snprintf(head, sizeof head,
             "POST /process HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
             "Content-Length: %zu\r\n\r\n",
             size);
    client_send_text(fd, head);
    client_send(fd, body, size);
    client_receive(fd, &answer);
    assert_is_2000(&answer);
    close(fd);
    free(body);
}

Test(builds, come_to_the_same_digest_all_sixteen, .timeout = 300)
{
    size_t size;
    char *body = records_make(1, 0, 2000, &size);

    for (unsigned i = 0; i < 16; i++) {
        char variant[5] = "nnnn";
        struct server mine;
        struct client_answer answer;

        for (unsigned place = 0; place < 4; place++)
            if (i >> place & 1)
                variant[place] = 'f';
        server_start(&mine, variant, NULL);
        client_post(mine.port, "", body, size, &answer);
        assert_is_2000(&answer);
        client_get(mine.port, "/process?n=2000&seed=1", "", &answer);
        assert_is_2000(&answer);
        cr_assert_eq(server_stop(&mine, SIGTERM), 0);
    }
    free(body);
}
