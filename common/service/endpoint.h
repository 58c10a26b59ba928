/*
 * endpoint.h - what stands behind each path. Each returns the answer; see answer.h for its owner.
 *
 * Thread-safe, each in its own file: endpoint_process.c, endpoint_metrics.c, endpoint_leak.c,
 * endpoint_page.c.
 */
#ifndef ENDPOINT_H
#define ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/service/answer.h"
#include "common/service/body.h"
#include "common/service/metrics.h"
#include "common/service/query.h"
#include "common/service/service.h"

/* A request that is under way, see exchange.h. */
struct exchange {
    struct service *service;
    struct peer *peer; /* whose request it is */
    enum metrics_route route;
    uint64_t start_ns;
    bool is_upload;  /* counted in with its peer */
    bool has_ingest; /* body.ingest is in use */
    bool is_counted; /* what the upload came to is in the metrics */
    struct body body;
};

/* POST /process: what the exchange's body came to, also where it was given up. */
struct answer endpoint_process(struct exchange *exchange);

/* GET /process?n=1000&seed=1: makes its own records, as the article's handler does. */
struct answer endpoint_generate(struct exchange *exchange, const struct query *query);

/* GET /metrics: for Prometheus, or as JSON. */
struct answer endpoint_metrics(struct service *service, bool is_json);

/* GET /healthz: 200, or 503 once it drains. */
struct answer endpoint_health(struct service *service);

/* GET /: a page for people. */
struct answer endpoint_page(void);

/* GET or POST /leak?mb=10, DELETE /leak. */
struct answer endpoint_leak(struct service *service, const struct query *query);
struct answer endpoint_leak_undo(struct service *service);

#endif
