/*
 * Fuzz target: a request's head, its query and headers, up to the answer.
 *
 * The input is the lines: method, URL, Content-Type, Content-Encoding, Accept, Transfer-Encoding,
 * Content-Length; what follows is the body. A line that is empty stands for a header that is not
 * there. What must hold: there is an answer, with a status that the service has, and JSON where it
 * says so; a query that is accepted means the same when it is written again; nothing is left over.
 */
#include <cjson/cJSON.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/arena.h"
#include "common/service/exchange.h"
#include "common/service/header.h"
#include "common/service/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct service service;

static void set_up(void)
{
    static const struct service_options options = {
        .limits = {.threads_max = 10, .bytes_max = (size_t)2 << 30},
        .intake = {.request_records = 5,
                   .request_bytes = 600,
                   .line_length_max = 2000,
                   .buffers_bytes_max = (size_t)64 << 20},
        .body = {.bytes_max = 1 << 20, .expansion_max = 50},
        .generate_max = 30,
        .connections_max = 10,
        .uploads_max = 1,
        .timeout_ns = 1000000000,
        .leak_bytes_max = (size_t)2 << 20,
    };
    char error[SERVICE_ERROR_SIZE];

    arena_install_cjson_hooks();
    if (service_init(&service, &options, error) != 0)
        abort();
}

/* Writes a byte as %XX. */
static size_t encode(char *to, const char *text)
{
    size_t length = 0;
    for (; *text != '\0'; text++)
        length += (size_t)sprintf(to + length, "%%%02x", (unsigned char)*text);
    return length;
}

static void check_query(const char *text)
{
    static char again[4 * QUERY_LENGTH_MAX];
    static struct query query, second;
    size_t length = 0;

    if (query_parse(&query, text) != NULL) {
        if (query.count != 0)
            abort();
        return;
    }
    for (unsigned i = 0; i < query.count; i++) {
        length += encode(again + length, query.items[i].name);
        again[length++] = '=';
        length += encode(again + length, query.items[i].value);
        again[length++] = '&';
    }
    again[length] = '\0';
    if (length > QUERY_LENGTH_MAX)
        return;
    if (query_parse(&second, again) != NULL || second.count != query.count)
        abort();
    for (unsigned i = 0; i < query.count; i++)
        if (strcmp(query.items[i].name, second.items[i].name) != 0 ||
            strcmp(query.items[i].value, second.items[i].value) != 0)
            abort();
}

static void check_answer(struct answer *answer)
{
    static const unsigned statuses[] = {200, 400, 404, 405, 413, 415, 422, 429, 500, 503};
    size_t i = 0;

    while (i < sizeof statuses / sizeof statuses[0] && statuses[i] != answer->status)
        i++;
    if (i == sizeof statuses / sizeof statuses[0] || answer->text == NULL)
        abort();
    if (strcmp(answer->type, "application/json") == 0) {
        cJSON *json = cJSON_ParseWithLength(answer->text, answer->length);
        if (json == NULL)
            abort();
        cJSON_Delete(json);
    }
    if ((answer->status == 503 || answer->status == 429) && answer->retry_after_s == 0)
        abort();
    answer_free(answer);
}

static void run(const struct exchange_head *head, const char *body, size_t size)
{
    static struct exchange exchange;
    const struct sockaddr address = {.sa_family = AF_UNSPEC};
    struct answer answer = {0};
    struct peer *peer = peers_add(&service.peers, -1, &address);

    enum exchange_result result = exchange_begin(&exchange, &service, peer, head, &answer);
    if (result == EXCHANGE_MORE && size > 0)
        result = exchange_feed(&exchange, body, size, &answer);
    if (result == EXCHANGE_MORE)
        exchange_end(&exchange, &answer);
    unsigned status = answer.status;
    check_answer(&answer);
    exchange_close(&exchange, status);
    peers_remove(&service.peers, peer);
    if (service.exchange_count != 0)
        abort();
}

/* Cuts the next line off, NULL for an empty one. */
static char *next_line(char **rest)
{
    char *line = *rest, *end = line != NULL ? strchr(line, '\n') : NULL;

    *rest = end != NULL ? end + 1 : NULL;
    if (end != NULL)
        *end = '\0';
    return line != NULL && line[0] != '\0' ? line : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool is_set_up;
    char *text = malloc(size + 1), *rest = text;

    if (!is_set_up)
        set_up();
    is_set_up = true;
    memcpy(text, data, size);
    text[size] = '\0';
    char *method = next_line(&rest), *url = next_line(&rest);
    struct exchange_head head = {
        .method = method != NULL ? method : "GET", .query = "", .sent_path = ""};
    char *query = url != NULL ? strchr(url, '?') : NULL;
    if (query != NULL) {
        *query = '\0';
        head.query = query + 1;
    }
    head.path = url != NULL ? url : "/";
    head.content_type = next_line(&rest);
    head.content_encoding = next_line(&rest);
    head.accept = next_line(&rest);
    const char *transfer_encoding = next_line(&rest), *content_length = next_line(&rest);
    head.framing = header_framing(transfer_encoding, content_length, &head.content_length);

    check_query(head.query);
    if (header_prefers_json(head.accept) && strcasestr(head.accept, "application/json") == NULL)
        abort();
    run(&head, rest, rest != NULL ? size - (size_t)(rest - text) : 0);
    free(text);
    return 0;
}
