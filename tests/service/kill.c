/*
 * kill -9 in mid-load, dozens of times on the same file: each record that was acknowledged before
 * is there afterwards, whole. Those that were not acknowledged may be there or not.
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/record.h"
#include "tests/service/client.h"
#include "tests/service/server.h"

TestSuite(kill, .timeout = 600);

enum { CLIENTS = 4, RECORDS = 150, IDS_MAX = 4000000 };

/* What the clients know: for each id whether its record was acknowledged. */
struct ledger {
    atomic_uint next_id;
    atomic_uint acknowledged_count, cut_off_count; /* posts */
    unsigned char *is_acknowledged;
};

struct client {
    pthread_t thread;
    struct ledger *ledger;
    int port;
};

static size_t write_body(char *body, unsigned first)
{
    size_t length = 0;
    for (unsigned id = first; id < first + RECORDS; id++)
        length += (size_t)sprintf(
            body + length, "{\"id\":%u,\"name\":\"n\",\"tags\":[\"b\",\"a\"],\"ts\":1}\n", id);
    return length;
}

/* One post. Returns whether it was answered. */
static bool post(const struct client *client, char *body)
{
    struct ledger *ledger = client->ledger;
    unsigned first = atomic_fetch_add(&ledger->next_id, RECORDS);
    struct client_answer answer;

    if (first + RECORDS >= IDS_MAX)
        return false;
    client_post(client->port, "", body, write_body(body, first), &answer);
    if (answer.status == 200 && client_number(&answer, "accepted") >= RECORDS) {
        memset(ledger->is_acknowledged + first, 1, RECORDS);
        atomic_fetch_add(&ledger->acknowledged_count, 1);
    } else if (answer.status == 0) {
        atomic_fetch_add(&ledger->cut_off_count, 1);
    }
    client_answer_free(&answer);
    return answer.status != 0;
}

static void *post_until_cut_off(void *argument)
{
    struct client *client = argument;
    char *body = malloc(RECORDS * 64);

    while (post(client, body))
        ;
    free(body);
    return NULL;
}

/* Reads the whole file: each acknowledged id must be there, and each row must be whole. */
static void check_file(const char *path, const struct ledger *ledger)
{
    unsigned char *is_there = calloc(1, IDS_MAX);
    unsigned missing = 0;
    sqlite3 *file;
    sqlite3_stmt *statement;

    cr_assert_eq(sqlite3_open(path, &file), SQLITE_OK);
    cr_assert_eq(sqlite3_prepare_v2(file, "SELECT key, id, fingerprint, ntags FROM rows", -1,
                                    &statement, NULL),
                 SQLITE_OK, "%s", sqlite3_errmsg(file));
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const char *key = (const char *)sqlite3_column_text(statement, 0);
        char wanted[32];
        sqlite3_int64 id = sqlite3_column_int64(statement, 1);
        snprintf(wanted, sizeof wanted, "%lld:n|a|b", (long long)id);
        cr_assert_str_eq(key, wanted);
        cr_assert_eq((uint64_t)sqlite3_column_int64(statement, 2),
                     record_fingerprint(key, strlen(key)));
        cr_assert_eq(sqlite3_column_int(statement, 3), 2);
        cr_assert(id >= 1 && id < IDS_MAX);
        is_there[id] = 1;
    }
    sqlite3_finalize(statement);
    sqlite3_close(file);
    for (unsigned id = 0; id < IDS_MAX; id++)
        missing += ledger->is_acknowledged[id] && !is_there[id];
    cr_assert_eq(missing, 0, "%u acknowledged records are gone", missing);
    free(is_there);
}

static void kill_in_mid_load(const char *variant, unsigned rounds)
{
    struct ledger ledger = {.next_id = 1, .is_acknowledged = calloc(1, IDS_MAX)};
    char path[64], name[80];
    uint64_t state = 0x9E3779B97F4A7C15u;

    server_database(path);
    snprintf(name, sizeof name, "sqlite:%s", path);
    const char *const options[] = {"--db", name, "--workers", "3", "--request", "50", NULL};
    for (unsigned round = 0; round < rounds; round++) {
        struct client clients[CLIENTS];
        struct server server;

        server_start(&server, variant, options); /* and recover what the last one left */
        for (int i = 0; i < CLIENTS; i++) {
            clients[i] = (struct client){.ledger = &ledger, .port = server.port};
            pthread_create(&clients[i].thread, NULL, post_until_cut_off, &clients[i]);
        }
        state = state * 6364136223846793005u + 1442695040888963407u;
        struct timespec pause = {.tv_nsec = (long)(20000000 + (state >> 33) % 130000000)};
        unsigned before = ledger.acknowledged_count;
        for (int i = 0; i < 500 && ledger.acknowledged_count <= before; i++)
            usleep(20000); /* slow builds need some time for their first answer */
        nanosleep(&pause, NULL);
        cr_assert_eq(server_stop(&server, SIGKILL), 128 + SIGKILL);
        for (int i = 0; i < CLIENTS; i++)
            pthread_join(clients[i].thread, NULL);
        check_file(path, &ledger);
    }
    cr_assert_gt(ledger.acknowledged_count, rounds);
    cr_assert_gt(ledger.cut_off_count, rounds); /* or it was not in mid-load */
    server_database_remove(path);
    free(ledger.is_acknowledged);
}

Test(kill, loses_nothing_that_the_fixed_service_acknowledged)
{
    kill_in_mid_load("ffff", 40);
}

Test(kill, loses_nothing_that_the_naive_service_acknowledged)
{
    kill_in_mid_load("nnnn", 12);
}
