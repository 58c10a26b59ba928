/*
 * service.h - what the service consists of, apart from HTTP: the database, the workers, the way in
 * to them, and the counts.
 *
 * Made once, before the first connection, and taken apart after the last. Its parts guard
 * themselves; the options are read-only from then on.
 */
#ifndef SERVICE_H
#define SERVICE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/database.h"
#include "common/intake.h"
#include "common/service/admin.h"
#include "common/service/body.h"
#include "common/service/leak.h"
#include "common/service/metrics.h"
#include "common/service/peers.h"
#include "common/store.h"
#include "common/thread.h"
#include "common/workers.h"

struct service_options {
    const char *listen; /* HOST:PORT, [HOST]:PORT */
    struct admin_options admin;
    struct database_options database;
    struct workers_options workers;
    struct thread_limits limits; /* the guard's */
    struct intake_options intake;
    struct body_limits body;
    uint64_t generate_max;    /* records of one GET /process */
    unsigned connections_max; /* at a time */
    unsigned uploads_max;     /* of one address at a time */
    uint64_t timeout_ns;      /* for slow clients, see peers.h */
    uint64_t drain_ns;        /* for requests in flight at the end */
    size_t leak_bytes_max;
};

struct service {
    struct service_options options;
    struct database *database;
    struct store *store;
    struct workers *workers;
    struct intake intake;
    struct peers peers;
    struct metrics metrics;
    struct leak leak;
    uint64_t start_ns;          /* on the monotonic clock */
    double start_unix_s;        /* seconds since 1970 */
    atomic_uint exchange_count; /* requests that are being answered */
    atomic_bool is_draining;    /* no new work is taken */
};

enum { SERVICE_ERROR_SIZE = 640 };

/* 0, or -1 with a sentence in `error`; then there is nothing to free. */
int service_init(struct service *service, const struct service_options *options,
                 char error[SERVICE_ERROR_SIZE]);

/* Finishes all work. There must be no connection left. */
void service_free(struct service *service);

/* "sim" or "sqlite:FILE", for people and labels; valid as long as the options. */
const char *service_database_kind(const struct service *service);

#endif
