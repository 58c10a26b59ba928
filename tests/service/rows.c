/* --db sqlite:FILE: the rows are there, once each, and come to the same digest. */
#include <criterion/criterion.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/service/client.h"
#include "tests/service/records.h"
#include "tests/service/server.h"

TestSuite(rows, .timeout = 300);

/* What `fastenough digest` says of the file, as JSON. */
static cJSON *digest_of(const char *path)
{
    char name[80], printed[512];

    snprintf(name, sizeof name, "sqlite:%s", path);
    const char *const arguments[] = {"digest", name, "--json", NULL};
    cr_assert_eq(server_command(arguments, printed, sizeof printed), 0, "%s", printed);
    cJSON *json = cJSON_Parse(printed);
    cr_assert_not_null(json, "%s", printed);
    return json;
}

static void assert_file_is_2000(const char *path)
{
    cJSON *json = digest_of(path);

    cr_assert_eq(cJSON_GetObjectItem(json, "rows")->valueint, RECORDS_2000_ACCEPTED);
    cr_assert_str_eq(cJSON_GetObjectItem(json, "digest")->valuestring, RECORDS_2000_DIGEST);
    cr_assert_eq(cJSON_GetObjectItem(json, "score_sum")->valueint, RECORDS_2000_SCORE);
    cJSON_Delete(json);
}

static void assert_rows_are_kept(const char *variant)
{
    struct server server;
    struct client_answer answer;
    size_t size;
    char path[64], name[80], *body = records_make(1, 0, 2000, &size);

    server_database(path);
    snprintf(name, sizeof name, "sqlite:%s", path);
    const char *const options[] = {"--db", name, "--workers", "4", NULL};
    server_start(&server, variant, options);
    for (int i = 0; i < 2; i++) { /* the second time each row replaces itself */
        client_post(server.port, "", body, size, &answer);
        cr_assert_eq(answer.status, 200, "%s", answer.body);
        cr_assert_eq(client_number(&answer, "accepted"), RECORDS_2000_ACCEPTED);
        client_answer_free(&answer);
        assert_file_is_2000(path); /* while the service has it open */
    }
    cr_assert_eq(server_stop(&server, SIGTERM), 0);
    assert_file_is_2000(path);

    server_start(&server, variant, options);
    client_get(server.port, "/process?n=2000&seed=1", "", &answer);
    cr_assert_eq(answer.status, 200);
    client_answer_free(&answer);
    cr_assert_eq(server_stop(&server, SIGTERM), 0);
    assert_file_is_2000(path);
    server_database_remove(path);
    free(body);
}

Test(rows, are_kept_by_the_fixed_service)
{
    assert_rows_are_kept("ffff");
}

Test(rows, are_kept_by_the_naive_service)
{
    assert_rows_are_kept("nnnn");
}

Test(rows, come_from_a_batch_run_too)
{
    char path[64], name[80], input[80], printed[8192];

    server_database(path);
    snprintf(name, sizeof name, "sqlite:%s", path);
    snprintf(input, sizeof input, "%s.ndjson", path);
    size_t size;
    char *body = records_make(1, 0, 2000, &size);
    FILE *file = fopen(input, "w");
    cr_assert_eq(fwrite(body, 1, size, file), size);
    fclose(file);
    const char *const arguments[] = {"run", input, "--db", name, "--quiet", NULL};
    cr_assert_eq(server_command(arguments, printed, sizeof printed), 0, "%s", printed);
    cr_assert_not_null(strstr(printed, RECORDS_2000_DIGEST), "%s", printed);
    assert_file_is_2000(path);
    remove(input);
    server_database_remove(path);
    free(body);
}

/* Somebody else holds the file's write lock for longer than the service waits for it. */
Test(rows, that_cannot_be_written_are_not_acknowledged)
{
    struct server server;
    struct client_answer answer;
    sqlite3 *other;
    size_t size;
    char path[64], name[80], *body = records_make(1, 0, 100, &size);

    server_database(path);
    snprintf(name, sizeof name, "sqlite:%s", path);
    const char *const options[] = {"--db", name, NULL};
    server_start(&server, "ffff", options);
    cr_assert_eq(sqlite3_open(path, &other), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    client_post(server.port, "", body, size, &answer);
    cr_assert_eq(answer.status, 500, "%s", answer.body);
    cr_assert_eq(client_number(&answer, "accepted"), 0);
    cr_assert_eq(client_number(&answer, "failed"), 100);
    client_answer_free(&answer);
    cr_assert_eq(server_metric(&server, "records.accepted"), 0);
    cr_assert_eq(server_metric(&server, "records.failed"), 100);
    cr_assert_eq(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);

    client_post(server.port, "", body, size, &answer); /* and then they can */
    cr_assert_eq(answer.status, 200);
    double accepted = client_number(&answer, "accepted");
    client_answer_free(&answer);
    cJSON *json = digest_of(path);
    cr_assert_eq(cJSON_GetObjectItem(json, "rows")->valuedouble, accepted);
    cJSON_Delete(json);
    cr_assert_eq(server_stop(&server, SIGTERM), 0);
    server_database_remove(path);
    free(body);
}
