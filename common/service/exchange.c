#include "common/service/exchange.h"

#include <string.h>

#include "common/clock.h"
#include "common/service/endpoint.h"
#include "common/variant.h"

enum { PATH_SIZE = 32 }; /* longer than that of any route */

/* What may be done to a path. */
struct route {
    const char *path, *allow;
    enum metrics_route id;
};

static const struct route routes[] = {
    {"/process", "GET, POST", ROUTE_GENERATE}, /* POST: ROUTE_PROCESS */
    {"/metrics", "GET, HEAD", ROUTE_METRICS},
    {"/healthz", "GET, HEAD", ROUTE_HEALTHZ},
    {"/", "GET, HEAD", ROUTE_PAGE},
    {"/leak", "GET, POST, DELETE", ROUTE_LEAK},
};

/* Whether the method is one of the comma-separated list. */
static bool is_allowed(const char *method, const char *allow)
{
    size_t length = strlen(method);

    for (const char *at = allow; length > 0 && at != NULL; at = strchr(at, ' ')) {
        at += *at == ' ';
        if (strncmp(at, method, length) == 0 && (at[length] == ',' || at[length] == '\0'))
            return true;
    }
    return false;
}

static const struct route *find_route(const char *path)
{
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++)
        if (strcmp(routes[i].path, path) == 0)
            return &routes[i];
    return NULL;
}

/* The path without the slashes that are one too many: the route that was meant, perhaps. */
static const struct route *guess_route(const char *path)
{
    char plain[PATH_SIZE];
    size_t length = 0;

    for (const char *at = path; *at != '\0' && length < sizeof plain - 1; at++)
        if (at[0] != '/' || (at[1] != '/' && at[1] != '\0'))
            plain[length++] = *at;
    plain[length] = '\0';
    return find_route(length > 0 ? plain : "/");
}

static enum exchange_result give(struct answer *answer, struct answer made)
{
    *answer = made;
    return EXCHANGE_ANSWER;
}

static enum exchange_result give_busy(struct answer *answer, unsigned status, const char *why)
{
    *answer = answer_error(status, "%s", why);
    answer->retry_after_s = 1;
    return EXCHANGE_ANSWER;
}

static struct answer no_route(const struct exchange_head *head)
{
    const struct route *meant = guess_route(head->path);

    return meant != NULL
               ? answer_error(404, "there is no %s here: it is %s", head->sent_path, meant->path)
               : answer_error(404, "there is no %s here: GET / lists what there is",
                              head->sent_path);
}

/* Whether new work is taken at all, from this peer now. */
static enum exchange_result admit(struct exchange *exchange, struct answer *answer)
{
    struct service *service = exchange->service;
    struct peers_usage usage;

    if (atomic_load(&service->is_draining))
        return give_busy(answer, 503, "the service is shutting down");
    peers_usage(&service->peers, &usage);
    if (usage.count > service->options.connections_max)
        return give_busy(answer, 503, "too many connections (--max-connections)");
    if (peers_begin_upload(&service->peers, exchange->peer) != 0)
        return give_busy(answer, 429,
                         "too many requests at once from one address (--max-per-client)");
    exchange->is_upload = true;
    return EXCHANGE_MORE;
}

static enum exchange_result begin_upload(struct exchange *exchange,
                                         const struct exchange_head *head, struct answer *answer)
{
    struct service *service = exchange->service;
    const struct body_limits *limits = &service->options.body;

    if (head->query[0] != '\0')
        return give(answer, answer_error(400, "POST /process takes no parameters"));
    if (!header_is_records(head->content_type))
        return give(answer, answer_error(415, "records come as application/x-ndjson or "
                                              "application/json, in UTF-8"));
    enum header_coding coding = header_coding(head->content_encoding);
    if (coding == CODING_UNKNOWN)
        return give(answer, answer_error(415, "the one Content-Encoding that is taken is gzip"));
    if (head->framing == FRAMING_LENGTH && head->content_length > limits->bytes_max)
        return give(answer, answer_error(413, "the body is larger than %llu bytes (--max-body)",
                                         (unsigned long long)limits->bytes_max));
    if (admit(exchange, answer) == EXCHANGE_ANSWER)
        return EXCHANGE_ANSWER;
    if (body_init(&exchange->body, limits, coding == CODING_GZIP, &service->intake) != 0)
        return give_busy(answer, 503, "out of memory");
    exchange->has_ingest = true;
    return EXCHANGE_MORE;
}

static enum exchange_result begin_get(struct exchange *exchange, const struct exchange_head *head,
                                      struct answer *answer)
{
    struct service *service = exchange->service;
    struct query query;

    const char *wrong = query_parse(&query, head->query);
    if (wrong != NULL)
        return give(answer, answer_error(400, "%s", wrong));
    switch (exchange->route) {
    case ROUTE_GENERATE:
        if (admit(exchange, answer) == EXCHANGE_ANSWER)
            return EXCHANGE_ANSWER;
        return give(answer, endpoint_generate(exchange, &query));
    case ROUTE_METRICS:
        return give(answer, endpoint_metrics(service, header_prefers_json(head->accept)));
    case ROUTE_HEALTHZ:
        return give(answer, endpoint_health(service));
    case ROUTE_LEAK:
        return give(answer, strcmp(head->method, "DELETE") == 0 ? endpoint_leak_undo(service)
                                                                : endpoint_leak(service, &query));
    default:
        return give(answer, endpoint_page());
    }
}

enum exchange_result exchange_begin(struct exchange *exchange, struct service *service,
                                    struct peer *peer, const struct exchange_head *head,
                                    struct answer *answer)
{
    exchange->service = service;
    exchange->peer = peer;
    exchange->route = ROUTE_OTHER;
    exchange->start_ns = clock_ns();
    exchange->is_upload = exchange->has_ingest = exchange->is_counted = false;
    exchange->body.is_gzip = false;
    exchange->body.status = BODY_OK;
    exchange->body.received_bytes = exchange->body.decoded_bytes = 0;
    atomic_fetch_add(&service->exchange_count, 1);

    const struct route *route = find_route(head->path);
    if (route == NULL)
        return give(answer, no_route(head));
    if (!is_allowed(head->method, route->allow)) {
        *answer = answer_error(405, "%s takes %s", route->path, route->allow);
        answer->allow = route->allow;
        return EXCHANGE_ANSWER;
    }
    exchange->route = route->id;
    bool is_post = strcmp(head->method, "POST") == 0;
    if (route->id == ROUTE_GENERATE && is_post)
        exchange->route = ROUTE_PROCESS;
    if (head->is_ambiguous || head->framing == FRAMING_WRONG)
        return give(answer, answer_error(400, "the length or the type of the body is told twice, "
                                              "or in a way that is not understood"));
    return exchange->route == ROUTE_PROCESS ? begin_upload(exchange, head, answer)
                                            : begin_get(exchange, head, answer);
}

enum exchange_result exchange_feed(struct exchange *exchange, const char *bytes, size_t count,
                                   struct answer *answer)
{
    if (body_feed(&exchange->body, bytes, count) == 0)
        return EXCHANGE_MORE;
    return give(answer, endpoint_process(exchange));
}

void exchange_end(struct exchange *exchange, struct answer *answer)
{
    body_end(&exchange->body);
    *answer = endpoint_process(exchange);
}

void exchange_close(struct exchange *exchange, unsigned status)
{
    struct service *service = exchange->service;

    if (exchange->has_ingest && !exchange->is_counted) {
        /* the client went away within its body: what was handed over is done all the same */
        struct answer unheard = endpoint_process(exchange);
        answer_free(&unheard);
    }
    if (status != 0) {
        metrics_add_answer(&service->metrics, exchange->route, status,
                           clock_ns() - exchange->start_ns);
    } else if (exchange->has_ingest) {
        const struct ingest *ingest = &exchange->body.ingest;
        struct metrics_upload told = {.tally = &ingest->tally,
                                      .failed_count = ingest->failed_count};
        metrics_add_broken(&service->metrics, exchange->route, &told);
    } else {
        metrics_add_broken(&service->metrics, exchange->route, NULL);
    }
    if (exchange->is_upload)
        peers_end_upload(&service->peers, exchange->peer);
    if (exchange->has_ingest)
        body_free(&exchange->body);
    atomic_fetch_sub(&service->exchange_count, 1);
}
