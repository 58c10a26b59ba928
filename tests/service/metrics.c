/* /metrics: in a form that Prometheus reads, and in agreement with the answers that were given. */
#include <criterion/criterion.h>
#include <ctype.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/service/client.h"
#include "tests/service/records.h"
#include "tests/service/server.h"

TestSuite(metrics, .timeout = 300);

/* The value of a sample by its name and labels, NAN if it is not there. */
static double sample(const char *text, const char *name)
{
    size_t length = strlen(name);

    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, length) == 0 && line[length] == ' ')
            return strtod(line + length, NULL);
    }
    return NAN;
}

static bool is_name(const char *text, size_t length)
{
    if (length == 0 || isdigit((unsigned char)text[0]))
        return false;
    for (size_t i = 0; i < length; i++)
        if (!isalnum((unsigned char)text[i]) && text[i] != '_' && text[i] != ':')
            return false;
    return true;
}

static bool ends_with(const char *text, size_t length, const char *ending)
{
    size_t ending_length = strlen(ending);
    return length >= ending_length &&
           memcmp(text + length - ending_length, ending, ending_length) == 0;
}

/*
 * One line of the text format. `family` and `type` are those of the TYPE line before; each sample
 * must belong to it.
 */
static void check_line(const char *line, size_t length, char family[128], char type[32])
{
    char help[128];

    if (sscanf(line, "# HELP %127s", help) == 1) {
        family[0] = '\0'; /* its TYPE line comes next */
        return;
    }
    if (sscanf(line, "# TYPE %127s %31s", family, type) == 2) {
        cr_assert(strcmp(type, "counter") != 0 || ends_with(family, strlen(family), "_total"),
                  "a counter without _total: %s", family);
        cr_assert(strcmp(type, "counter") == 0 || !ends_with(family, strlen(family), "_total"),
                  "%s is no counter: %s", type, family);
        return;
    }
    size_t name_length = strcspn(line, "{ ");
    cr_assert(is_name(line, name_length), "%.*s", (int)length, line);
    cr_assert_eq(strncmp(line, family, strlen(family)), 0, "%.*s does not belong to %s",
                 (int)length, line, family);
    if (strcmp(type, "histogram") != 0)
        cr_assert_eq(name_length, strlen(family), "%.*s", (int)length, line);
    const char *labels_end = memchr(line, '}', length);
    const char *value = labels_end != NULL ? labels_end + 1 : line + name_length;
    char *end;
    cr_assert_eq(*value, ' ', "%.*s", (int)length, line);
    double number = strtod(value + 1, &end);
    cr_assert_eq(*end, '\n', "%.*s", (int)length, line);
    cr_assert(isfinite(number) && number >= 0, "%.*s", (int)length, line);
}

static void check_format(const char *text)
{
    char family[128] = "", type[32] = "";

    cr_assert(ends_with(text, strlen(text), "\n"));
    for (const char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        check_line(line, length, family, type);
        line += length + 1;
    }
}

/* Buckets must not fall, and end with the count. */
static void check_histogram(const char *text, const char *name, const char *labels)
{
    char prefix[256];
    double last = 0;
    int buckets = 0;

    snprintf(prefix, sizeof prefix, "%s_bucket{%s%sle=\"", name, labels,
             labels[0] != '\0' ? "," : "");
    for (const char *line = text; (line = strstr(line, prefix)) != NULL; line++) {
        double value = strtod(strchr(line, '}') + 1, NULL);
        cr_assert_geq(value, last);
        last = value;
        buckets++;
    }
    cr_assert_gt(buckets, 10);
    snprintf(prefix, sizeof prefix, labels[0] != '\0' ? "%s_count{%s}" : "%s_count", name, labels);
    cr_assert_eq(sample(text, prefix), last);
}

Test(metrics, are_as_prometheus_reads_them)
{
    struct server server;
    struct client_answer answer;
    size_t size;
    char *body = records_make(1, 0, 2000, &size);

    server_start(&server, "nfnf", NULL);
    client_post(server.port, "", body, size, &answer);
    client_answer_free(&answer);
    client_post(server.port, "Content-Type: text/xml\r\n", body, size, &answer);
    client_answer_free(&answer);
    cr_assert_eq(server_await_metric(&server, "http.requests.POST /process.415", 1), 1);
    client_get(server.port, "/metrics", "Accept: text/plain;version=0.0.4;q=0.5,*/*;q=0.1\r\n",
               &answer);
    cr_assert_eq(answer.status, 200);
    cr_assert_str_eq(client_header(&answer, "Content-Type"),
                     "text/plain; version=0.0.4; charset=utf-8");
    check_format(answer.body);
    check_histogram(answer.body, "fastenough_http_request_duration_seconds",
                    "method=\"POST\",path=\"/process\"");
    check_histogram(answer.body, "fastenough_lock_hold_seconds", "");
    check_histogram(answer.body, "fastenough_lock_wait_seconds", "");
    /* a hold for each record that was parsed: the naive store opens before it is validated */
    cr_assert_geq(sample(answer.body, "fastenough_lock_hold_seconds_count"), RECORDS_2000_ACCEPTED);
    cr_assert_eq(sample(answer.body, "fastenough_lock_hold_seconds_count"),
                 sample(answer.body, "fastenough_lock_wait_seconds_count"));
    cr_assert_eq(sample(answer.body, "fastenough_lock_hold_seconds_count"),
                 sample(answer.body, "fastenough_lock_acquisitions_total"));
    cr_assert_eq(sample(answer.body, "fastenough_records_accepted_total"), RECORDS_2000_ACCEPTED);
    cr_assert_eq(sample(answer.body, "fastenough_records_rejected_total{reason=\"name\"}"), 7);
    cr_assert_eq(sample(answer.body, "fastenough_http_requests_total{method=\"POST\",path="
                                     "\"/process\",code=\"200\"}"),
                 1);
    cr_assert_eq(sample(answer.body,
                        "fastenough_build_info{variant=\"nfnf\",key=\"naive\",sort=\"fixed\","
                        "store=\"naive\",workers=\"fixed\",database=\"sim\"}"),
                 1);
    cr_assert_gt(sample(answer.body, "process_resident_memory_bytes"), 1 << 20);
    cr_assert_gt(sample(answer.body, "process_start_time_seconds"), 1.5e9);
    client_answer_free(&answer);
    free(body);
    cr_assert_eq(server_stop(&server, SIGTERM), 0);
}

/* What one client was told, over all of its answers. */
struct client {
    pthread_t thread;
    int port;
    uint64_t seed;
    double accepted, rejected, score_sum;
    uint64_t digest;
};

enum { CLIENTS = 6, POSTS = 12, RECORDS = 700 };

static void *post_many(void *argument)
{
    struct client *client = argument;

    for (int i = 0; i < POSTS; i++) {
        struct client_answer answer;
        char text[256];
        size_t size;
        char *body = records_make(client->seed, (uint64_t)i * RECORDS, RECORDS, &size);

        if (i % 3 == 2)
            client_post_chunked(client->port, "", body, size, 5000, &answer);
        else
            client_post(client->port, "", body, size, &answer);
        if (answer.status == 200) {
            client->accepted += client_number(&answer, "accepted");
            client->rejected += client_number(&answer, "rejected");
            client->score_sum += client_number(&answer, "score_sum");
            client->digest += strtoull(client_text(&answer, "digest", text), NULL, 16);
        }
        client_answer_free(&answer);
        free(body);
    }
    return NULL;
}

static void assert_sums_agree(const char *variant)
{
    static const char *const options[] = {"--workers", "3", "--max-memory", "64GiB",
                                          NULL}; /* far from the naive caps */
    struct client clients[CLIENTS], sum = {0};
    struct server server;

    server_start(&server, variant, options);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = (struct client){.port = server.port, .seed = (uint64_t)i + 1};
        pthread_create(&clients[i].thread, NULL, post_many, &clients[i]);
    }
    for (int i = 0; i < CLIENTS; i++) {
        pthread_join(clients[i].thread, NULL);
        sum.accepted += clients[i].accepted;
        sum.rejected += clients[i].rejected;
        sum.score_sum += clients[i].score_sum;
        sum.digest += clients[i].digest;
    }
    cr_assert_eq(sum.accepted + sum.rejected, CLIENTS * POSTS * RECORDS);

    cJSON *metrics = server_metrics(&server);
    const cJSON *records = cJSON_GetObjectItem(metrics, "records");
    cr_assert_eq(cJSON_GetObjectItem(records, "accepted")->valuedouble, sum.accepted);
    cr_assert_eq(cJSON_GetObjectItem(records, "rejected")->valuedouble, sum.rejected);
    cr_assert_eq(cJSON_GetObjectItem(records, "score_sum")->valuedouble, sum.score_sum);
    cr_assert_eq(strtoull(cJSON_GetObjectItem(records, "digest")->valuestring, NULL, 16),
                 sum.digest);
    cr_assert_eq(cJSON_GetObjectItem(records, "failed")->valuedouble, 0);
    cJSON_Delete(metrics);
    cr_assert_eq(server_metric(&server, "records.unanswered.accepted"), 0);
    cr_assert_eq(server_stop(&server, SIGTERM), 0);
}

Test(metrics, agree_with_the_sum_of_the_answers_fixed)
{
    assert_sums_agree("ffff");
}

Test(metrics, agree_with_the_sum_of_the_answers_naive)
{
    assert_sums_agree("nnnn");
}

Test(metrics, come_as_json_where_that_is_asked_for)
{
    struct server server;
    struct client_answer answer;
    char text[256];

    server_start(&server, "ffff", NULL);
    client_get(server.port, "/metrics", "Accept: application/json\r\n", &answer);
    cr_assert_str_eq(client_header(&answer, "Content-Type"), "application/json");
    cr_assert_str_eq(client_text(&answer, "variant", text), "ffff");
    client_answer_free(&answer);
    client_get(server.port, "/metrics", "Accept: text/html,*/*;q=0.8\r\n", &answer);
    cr_assert_eq(strncmp(answer.body, "# HELP", 6), 0);
    client_answer_free(&answer);
    client_get(server.port, "/healthz", "", &answer);
    cr_assert_eq(answer.status, 200);
    cr_assert_str_eq(client_text(&answer, "status", text), "ok");
    client_answer_free(&answer);
    client_get(server.port, "/", "", &answer);
    cr_assert_eq(answer.status, 200);
    cr_assert_str_eq(client_header(&answer, "Content-Type"), "text/html; charset=utf-8");
    cr_assert_not_null(strstr(answer.body, "</html>"));
    client_answer_free(&answer);
    cr_assert_eq(server_stop(&server, SIGTERM), 0);
}
