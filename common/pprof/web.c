#define _GNU_SOURCE /* explicit_bzero */
#include "web.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "early.h"
#include "guard.h"

enum {
    BODY_MAX = 1 << 20, /* of a POST: google-pprof sends all addresses at once */
    CONNECTION_BYTES = 32 << 10,
    STACK_BYTES = 2 << 20, /* libdw recurses */
};

/* What is kept of a connection's request between libmicrohttpd's calls. */
struct exchange {
    uint64_t start_ns;
    char *url; /* as it was sent */
    unsigned status;
    bool is_complete; /* the request has come whole */
    bool is_early;    /* the answer went out before it had */
    size_t answer_length;
    char *body; /* NULL: none came */
    size_t body_length;
};

static uint64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static struct connection *connection_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

static void on_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct web *web = context;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *socket_context = connections_add(
            &web->connections,
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd);
    } else {
        connections_remove(&web->connections, *socket_context);
        *socket_context = NULL;
    }
}

/* Called with the whole URL before it is taken apart. */
static void *on_url(void *context, const char *url, struct MHD_Connection *connection)
{
    struct exchange *exchange = calloc(1, sizeof *exchange);

    (void)context;
    (void)connection;
    if (exchange != NULL) {
        exchange->start_ns = now_ns();
        exchange->url = strdup(url);
    }
    return exchange;
}

static void name_peer(struct MHD_Connection *connection, char text[INET6_ADDRSTRLEN])
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *peer = info != NULL ? info->client_addr : NULL;

    strcpy(text, "unix");
    if (peer != NULL && peer->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)peer)->sin_addr, text, INET6_ADDRSTRLEN);
    else if (peer != NULL && peer->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)peer)->sin6_addr, text,
                  INET6_ADDRSTRLEN);
}

/* A line. What the client sent cannot end it, nor move a terminal's cursor. */
static void log_request(const struct web *web, struct MHD_Connection *connection,
                        const struct exchange *exchange, const char *outcome)
{
    char peer[INET6_ADDRSTRLEN], when[32], url[256];
    time_t seconds = time(NULL);
    struct tm utc;
    size_t i;

    if (web->log == NULL)
        return;
    name_peer(connection, peer);
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &utc));
    for (i = 0; exchange->url != NULL && exchange->url[i] != '\0' && i < sizeof url - 1; i++)
        url[i] = exchange->url[i] > ' ' && exchange->url[i] < 127 ? exchange->url[i] : '?';
    url[i] = '\0';
    fprintf(web->log, "%s pprof: %s asked for %s: %u, %zu bytes, %.3f s%s\n", when, peer, url,
            exchange->status, exchange->answer_length,
            (double)(now_ns() - exchange->start_ns) / 1e9, outcome);
    fflush(web->log);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code)
{
    struct connections *connections = &((struct web *)context)->connections;
    struct connection *own = connection_of(connection);
    struct exchange *exchange = *state;
    bool is_complete = false;

    if (exchange != NULL) {
        log_request(
            context, connection, exchange,
            code == MHD_REQUEST_TERMINATED_COMPLETED_OK || exchange->is_early ? "" : ", cut off");
        is_complete = exchange->is_complete && code == MHD_REQUEST_TERMINATED_COMPLETED_OK;
        free(exchange->url);
        free(exchange->body);
        free(exchange);
        *state = NULL;
    }
    if (own == NULL)
        return;
    connection_await_request(connections, own);
    if (!is_complete) /* then the connection ends with the request */
        early_linger(connection_socket(own));
}

static struct MHD_Response *to_response(struct page_answer *answer)
{
    char text[128];
    struct MHD_Response *response =
        answer->text != NULL
            ? MHD_create_response_from_buffer(answer->length, answer->text, MHD_RESPMEM_MUST_FREE)
            : MHD_create_response_from_buffer(answer->length, (void *)answer->fixed,
                                              MHD_RESPMEM_PERSISTENT);
    if (response == NULL)
        return NULL;
    answer->text = NULL; /* the response's now */
    MHD_add_response_header(response, "Content-Type",
                            answer->type != NULL ? answer->type : "text/plain; charset=utf-8");
    MHD_add_response_header(response, "Cache-Control", "no-store");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "Content-Security-Policy",
                            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors "
                            "'none'");
    if (answer->status >= 400)
        MHD_add_response_header(response, "X-Go-Pprof", "1"); /* clients print the text then */
    if (answer->status == 401)
        MHD_add_response_header(response, "WWW-Authenticate", "Basic realm=\"pprof\"");
    if (answer->status == 405)
        MHD_add_response_header(response, "Allow", "GET, HEAD");
    if (answer->location != NULL)
        MHD_add_response_header(response, "Location", answer->location);
    if (answer->file_name != NULL) {
        snprintf(text, sizeof text, "attachment; filename=\"%s\"", answer->file_name);
        MHD_add_response_header(response, "Content-Disposition", text);
    }
    if (answer->retry_after_s > 0) {
        snprintf(text, sizeof text, "%u", answer->retry_after_s);
        MHD_add_response_header(response, "Retry-After", text);
    }
    return response;
}

static enum MHD_Result send_answer(struct web *web, struct MHD_Connection *connection,
                                   struct exchange *exchange, struct page_answer *answer)
{
    enum MHD_Result result = MHD_NO;
    unsigned status = answer->status;

    exchange->answer_length = answer->length;
    struct MHD_Response *response = to_response(answer);
    if (response != NULL) {
        exchange->status = status;
        connection_await_taking(&web->connections, connection_of(connection), answer->length);
        result = MHD_queue_response(connection, status, response);
        MHD_destroy_response(response);
    }
    free(answer->text);
    return result;
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static const char *parameter(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, name);
}

static const char too_large[] = "The body is larger than 1 MiB.";

/* The first look at a request: whether there will be an answer at all. */
static struct guard_verdict check(struct web *web, struct MHD_Connection *connection,
                                  const char *path, const char *method)
{
    char *password = NULL;
    char *user = MHD_basic_auth_get_username_password(connection, &password);
    const struct guard_request request = {.host = header(connection, "Host"),
                                          .origin = header(connection, "Origin"),
                                          .fetch_site = header(connection, "Sec-Fetch-Site"),
                                          .password = password};
    struct guard_verdict verdict = guard_check(&request, &web->site.address, web->site.token);
    const char *length = header(connection, "Content-Length");

    if (password != NULL)
        explicit_bzero(password, strlen(password));
    MHD_free(user);
    MHD_free(password);
    if (verdict.status == 0 && strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0 &&
        !(strcmp(method, "POST") == 0 && web->takes_post(path)))
        verdict = (struct guard_verdict){405, "Only GET is possible here."};
    else if (verdict.status == 0 && length != NULL && strtoull(length, NULL, 10) > BODY_MAX)
        verdict = (struct guard_verdict){413, too_large};
    return verdict;
}

/* Keeps a piece of a POST's body. 0, or the status of a refusal. */
static unsigned keep_body(struct exchange *exchange, const char *bytes, size_t count)
{
    if (exchange->body_length + count > BODY_MAX)
        return 413;
    char *longer = realloc(exchange->body, exchange->body_length + count + 1);
    if (longer == NULL)
        return 503;
    memcpy(longer + exchange->body_length, bytes, count);
    exchange->body = longer;
    exchange->body_length += count;
    longer[exchange->body_length] = '\0';
    return 0;
}

/* Answers within the body, and ends the connection. */
static enum MHD_Result refuse_early(struct MHD_Connection *connection, struct exchange *exchange,
                                    unsigned status)
{
    char text[64];
    int length = snprintf(text, sizeof text, "%s\n", status == 413 ? too_large : "out of memory");

    exchange->is_early = early_send(connection_socket(connection_of(connection)), status,
                                    "Content-Type: text/plain; charset=utf-8\r\nX-Go-Pprof: 1\r\n",
                                    text, (size_t)length) == 0;
    exchange->status = status;
    exchange->answer_length = (size_t)length;
    return MHD_NO;
}

/*
 * All the work. In a section of its own, by whose name pages.c knows stacks of this listener: what
 * it takes to read symbols is not what anybody looks for in a heap profile.
 */
static __attribute__((noinline, section("pprof_own"))) void
make_answer(struct web *web, struct MHD_Connection *connection, const char *path,
            const struct exchange *exchange, struct page_answer *answer)
{
    struct connection *own = connection_of(connection);
    const struct page_request request = {.site = &web->site,
                                         .socket = connection_socket(own),
                                         .path = path,
                                         .seconds = parameter(connection, "seconds"),
                                         .debug = parameter(connection, "debug"),
                                         .gc = parameter(connection, "gc"),
                                         .body = exchange->body};

    connection_work(&web->connections, own);
    web->answer(&request, answer);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection,
                                  const char *path, const char *method, const char *version,
                                  const char *bytes, size_t *count, void **state)
{
    struct web *web = context;
    struct exchange *exchange = *state;
    struct page_answer answer = {.status = 200};

    (void)version;
    if (exchange == NULL || connection_of(connection) == NULL)
        return MHD_NO;           /* no memory */
    if (exchange->status == 0) { /* the head is there */
        struct guard_verdict verdict = check(web, connection, path, method);
        if (verdict.status != 0) {
            page_refuse(&answer, verdict.status, "%s\n", verdict.reason);
            return send_answer(web, connection, exchange, &answer);
        }
        exchange->status = 100; /* go on */
        connection_await_request(&web->connections, connection_of(connection));
        return MHD_YES;
    }
    if (*count > 0) {
        unsigned status = keep_body(exchange, bytes, *count);
        *count = 0;
        return status == 0 ? MHD_YES : refuse_early(connection, exchange, status);
    }
    exchange->is_complete = true;
    make_answer(web, connection, path, exchange, &answer);
    if (answer.is_dropped) {
        exchange->status = 499; /* as others log it: the client closed the request */
        free(answer.text);
        return MHD_NO;
    }
    return send_answer(web, connection, exchange, &answer);
}

/* What clients do wrong is not worth more than the line of their request. */
static void on_log(void *context, const char *format, va_list arguments)
{
    (void)context;
    (void)format;
    (void)arguments;
}

int web_start(struct web *web, int64_t timeout_ns)
{
    atomic_init(&web->site.is_stopping, false);
    atomic_init(&web->site.waiting_count, 0);
    if (connections_start(&web->connections, timeout_ns) != 0)
        return -1;
    /* without libmicrohttpd's timeout: connections.h has better ones */
    web->daemon = MHD_start_daemon(
        MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_ITC |
            MHD_USE_ERROR_LOG,
        0, NULL, NULL, on_request, web, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,
        MHD_OPTION_LISTEN_SOCKET, web->site.address.socket, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, web, MHD_OPTION_NOTIFY_COMPLETED, on_completed, web,
        MHD_OPTION_URI_LOG_CALLBACK, on_url, NULL, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)(CONNECTIONS_MAX + CONNECTIONS_LEAVING_MAX), MHD_OPTION_CONNECTION_TIMEOUT, 0u,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_THREAD_STACK_SIZE,
        (size_t)STACK_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (web->daemon != NULL)
        return 0;
    int problem = errno;
    connections_stop(&web->connections);
    errno = problem;
    return -1;
}

void web_stop(struct web *web)
{
    atomic_store(&web->site.is_stopping, true);
    if (web->daemon != NULL) {
        MHD_stop_daemon(web->daemon); /* joins the threads, and closes the listening socket */
        connections_stop(&web->connections);
        web->site.address.socket = -1;
    }
    web->daemon = NULL;
}
