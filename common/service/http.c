/*
 * Owns the listening socket and libmicrohttpd's daemon; each connection's peer and exchange are
 * made and ended here.
 *
 * A thread a connection, with a cap. A handler has to wait: for the queue's room, for its records
 * to be through, and in the naive tree workers_submit() itself returns only when they are. An event
 * loop with suspended connections would need as many threads beside it to do that waiting, since
 * the workers' contract has no callback; a handler that simply blocks in its own thread holds up
 * nobody, and does not read its socket meanwhile, so that TCP slows its client down. The price is a
 * thread for an idle connection: 256 KiB of address space, some 20 KiB of memory, at most
 * connections_max (and a few more) of them. They are libmicrohttpd's own threads, not started by
 * thread_start(), so they are not among the workers' that lesson 4 is about.
 *
 * libmicrohttpd's timeouts are off; peers.h says why, and has better ones.
 */
#include "common/service/http.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/pprof/address.h"
#include "common/pprof/early.h"
#include "common/service/exchange.h"

enum {
    STACK_BYTES = 256 * 1024,      /* ASan needs the room; a plain build touches some 20 KiB */
    CONNECTION_BYTES = 128 * 1024, /* of which half is what one read of a body may bring */
    CONNECTIONS_EXTRA = 64,        /* above the cap: they are told that it is reached */
};

struct http {
    struct service *service;
    struct MHD_Daemon *daemon;
    struct address address;
};

/* An exchange, and what libmicrohttpd's way of doing things adds to it. */
struct transaction {
    struct exchange exchange;
    struct answer answer; /* made at the head, to be sent behind the request: has_answer */
    unsigned status;      /* of the answer that is on its way, 0: none yet */
    bool has_answer;
    bool is_early;    /* the answer was sent before the body was over */
    bool is_complete; /* the request has come whole */
};

static struct peer *peer_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info != NULL ? info->socket_context : NULL;
}

static void on_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct http *http = context;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        /* each call ends what the one before returned */
        int socket =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        const struct sockaddr *address =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
        *socket_context = peers_add(&http->service->peers, socket, address);
    } else {
        peers_remove(&http->service->peers, *socket_context);
        *socket_context = NULL;
    }
}

/*
 * Keeps the query as it was sent: it is ours to take apart. One that is too long is kept so. And
 * the path, to call it by the client's own name.
 */
static void *on_uri(void *context, const char *uri, struct MHD_Connection *connection)
{
    struct peer *peer = peer_of(connection);
    size_t length = strcspn(uri, "?");

    (void)context;
    if (peer == NULL)
        return NULL;
    snprintf(peer->path, sizeof peer->path, "%.*s", (int)length, uri);
    snprintf(peer->query, sizeof peer->query, "%s", uri[length] != '\0' ? uri + length + 1 : "");
    return NULL;
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static enum MHD_Result count_lone_header(void *context, enum MHD_ValueKind kind, const char *name,
                                         const char *value)
{
    static const char *const lone[] = {"Content-Length", "Transfer-Encoding", "Content-Type",
                                       "Content-Encoding", "Host"};
    unsigned *counts = context;

    (void)kind;
    (void)value;
    for (size_t i = 0; i < sizeof lone / sizeof lone[0]; i++)
        counts[i] += strcasecmp(name, lone[i]) == 0;
    return MHD_YES;
}

static bool is_ambiguous(struct MHD_Connection *connection)
{
    unsigned counts[5] = {0};

    MHD_get_connection_values(connection, MHD_HEADER_KIND, count_lone_header, counts);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        if (counts[i] > 1)
            return true;
    return false;
}

static struct MHD_Response *to_response(struct answer *answer, bool is_last)
{
    char number[16];
    struct MHD_Response *response = MHD_create_response_from_buffer(
        answer->length, answer->text != NULL ? answer->text : "",
        answer->text != NULL ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
    if (response == NULL)
        return NULL;
    answer->text = NULL; /* the response's now */
    MHD_add_response_header(response, "Content-Type", answer->type);
    MHD_add_response_header(response, "Cache-Control", "no-store");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "Content-Security-Policy",
                            "default-src 'none'; connect-src 'self'; script-src 'unsafe-inline'; "
                            "style-src 'unsafe-inline'; frame-ancestors 'none'");
    if (answer->allow != NULL)
        MHD_add_response_header(response, "Allow", answer->allow);
    if (answer->retry_after_s > 0) {
        snprintf(number, sizeof number, "%u", answer->retry_after_s);
        MHD_add_response_header(response, "Retry-After", number);
    }
    if (is_last)
        MHD_add_response_header(response, "Connection", "close");
    return response;
}

/* Hands the answer to libmicrohttpd: at the request's head, or behind all of it. */
static enum MHD_Result queue(struct transaction *transaction, struct MHD_Connection *connection,
                             struct answer *answer)
{
    struct service *service = transaction->exchange.service;
    enum MHD_Result result = MHD_NO;

    struct MHD_Response *response =
        to_response(answer, atomic_load(&service->is_draining) || answer->retry_after_s > 0 ||
                                !transaction->is_complete);
    if (response != NULL) {
        transaction->status = answer->status;
        peer_await_taking(&service->peers, transaction->exchange.peer);
        result = MHD_queue_response(connection, answer->status, response);
        MHD_destroy_response(response);
    }
    answer_free(answer);
    return result;
}

/* Answers within the body, and ends the connection. */
static enum MHD_Result answer_early(struct transaction *transaction, struct answer *answer)
{
    struct exchange *exchange = &transaction->exchange;
    char headers[256], retry[48] = "";

    if (answer->retry_after_s > 0)
        snprintf(retry, sizeof retry, "Retry-After: %u\r\n", answer->retry_after_s);
    snprintf(headers, sizeof headers, "Content-Type: %s\r\nCache-Control: no-store\r\n%s",
             answer->type, retry);
    transaction->is_early = early_send(exchange->peer->socket, answer->status, headers,
                                       answer->text, answer->length) == 0;
    if (transaction->is_early)
        transaction->status = answer->status;
    answer_free(answer);
    return MHD_NO;
}

static enum MHD_Result begin(struct http *http, struct MHD_Connection *connection, const char *path,
                             const char *method, void **state)
{
    struct peer *peer = peer_of(connection);
    struct answer answer = {0};
    struct exchange_head head = {
        .method = method,
        .path = path,
        .accept = header(connection, "Accept"),
        .content_type = header(connection, "Content-Type"),
        .content_encoding = header(connection, "Content-Encoding"),
        .is_ambiguous = is_ambiguous(connection),
    };
    head.framing = header_framing(header(connection, "Transfer-Encoding"),
                                  header(connection, "Content-Length"), &head.content_length);

    struct transaction *transaction = peer != NULL ? malloc(sizeof *transaction) : NULL;
    if (transaction == NULL)
        return MHD_NO;
    transaction->answer = (struct answer){0};
    transaction->status = 0;
    transaction->has_answer = transaction->is_early = transaction->is_complete = false;
    *state = transaction;
    head.sent_path = peer->path;
    head.query = peer->query;
    peer_work(&http->service->peers, peer, 0);
    enum exchange_result result =
        exchange_begin(&transaction->exchange, http->service, peer, &head, &answer);
    if (result == EXCHANGE_MORE) {
        peer_await_body(&http->service->peers, peer, true);
        return MHD_YES;
    }
    if (head.framing != FRAMING_NONE)
        return queue(transaction, connection, &answer);
    /* Queued now it would count as early, and the connection would be closed behind it. */
    transaction->answer = answer;
    transaction->has_answer = true;
    return MHD_YES;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection,
                                  const char *path, const char *method, const char *version,
                                  const char *bytes, size_t *count, void **state)
{
    struct http *http = context;
    struct peers *peers = &http->service->peers;
    struct transaction *transaction = *state;
    struct answer answer = {0};

    (void)version;
    if (transaction == NULL)
        return begin(http, connection, path, method, state);
    transaction->is_complete = *count == 0;
    if (transaction->has_answer)
        return queue(transaction, connection, &transaction->answer);

    struct exchange *exchange = &transaction->exchange;
    peer_work(peers, exchange->peer, *count);
    if (*count == 0) {
        exchange_end(exchange, &answer);
        return queue(transaction, connection, &answer);
    }
    enum exchange_result result = exchange_feed(exchange, bytes, *count, &answer);
    *count = 0;
    if (result == EXCHANGE_ANSWER)
        return answer_early(transaction, &answer);
    peer_await_body(peers, exchange->peer, false);
    return MHD_YES;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code)
{
    struct peers *peers = &((struct http *)context)->service->peers;
    struct peer *peer = peer_of(connection);
    struct transaction *transaction = *state;
    bool is_complete = false; /* what libmicrohttpd itself refuses has no transaction */

    if (peer == NULL)
        return;
    if (transaction != NULL) {
        bool is_sent = transaction->is_early || code == MHD_REQUEST_TERMINATED_COMPLETED_OK;
        is_complete = transaction->is_complete && code == MHD_REQUEST_TERMINATED_COMPLETED_OK;
        peer_work(peers, peer, 0);
        exchange_close(&transaction->exchange, is_sent ? transaction->status : 0);
        answer_free(&transaction->answer);
        free(transaction);
        *state = NULL;
    }
    if (!is_complete) { /* then the connection ends with the request */
        peer_await_taking(peers, peer);
        early_linger(peer->socket);
    }
    peer_await_headers(peers, peer);
}

/* What clients do wrong is counted and answered, not logged: it would be theirs to fill the disk.
 */
static void on_log(void *context, const char *format, va_list arguments)
{
    (void)context;
    (void)format;
    (void)arguments;
}

struct http *http_new(struct service *service, const char *address, char error[HTTP_ERROR_SIZE])
{
    static const struct address_use use = {
        .what = "cannot listen on",
        .example = "127.0.0.1:8080",
        .path = "/",
        .is_any_allowed = true,
    };
    struct http *http = calloc(1, sizeof *http);

    if (http == NULL) {
        snprintf(error, HTTP_ERROR_SIZE, "cannot start: out of memory");
        return NULL;
    }
    http->service = service;
    if (address_open(&http->address, address, &use, error, HTTP_ERROR_SIZE) != 0)
        goto fail;
    http->daemon = MHD_start_daemon(
        MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_ITC |
            MHD_USE_ERROR_LOG,
        0, NULL, NULL, on_request, http, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,
        MHD_OPTION_LISTEN_SOCKET, http->address.socket, MHD_OPTION_NOTIFY_CONNECTION, on_connection,
        http, MHD_OPTION_NOTIFY_COMPLETED, on_completed, http, MHD_OPTION_URI_LOG_CALLBACK, on_uri,
        http, MHD_OPTION_CONNECTION_LIMIT, service->options.connections_max + CONNECTIONS_EXTRA,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_THREAD_STACK_SIZE,
        (size_t)STACK_BYTES, MHD_OPTION_CONNECTION_TIMEOUT, 0u, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_END);
    if (http->daemon == NULL) {
        snprintf(error, HTTP_ERROR_SIZE, "cannot serve on %s: %s", address, strerror(errno));
        address_close(&http->address);
        goto fail;
    }
    return http;

fail:
    free(http);
    return NULL;
}

const char *http_url(const struct http *http)
{
    return http->address.url;
}

void http_stop_listening(struct http *http)
{
    MHD_socket socket = MHD_quiesce_daemon(http->daemon);
    if (socket != MHD_INVALID_SOCKET)
        close(socket);
    http->address.socket = -1;
}

void http_delete(struct http *http)
{
    if (http == NULL)
        return;
    MHD_stop_daemon(http->daemon); /* closes the socket too, if it still listens */
    free(http);
}
