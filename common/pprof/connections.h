/*
 * connections.h - the listener's connections, and the time that each has left.
 *
 * libmicrohttpd ends a connection on which nothing comes for a while, and keeps one on which a byte
 * comes now and then. So the deadlines are here, and a thread that holds them: a request's head and
 * then its body must come within `timeout` each, which covers the idle connection too; an answer
 * must be taken at TAKING_RATE at least, once that time is over. What the service works on an
 * answer, a profile of five minutes, say, has no deadline.
 *
 * And whoever asks finds room: beyond CONNECTIONS_MAX, the one whose request has been waited for
 * longest is ended for each that comes. Such a one is gone once its thread had a processor: where
 * half of LEAVING_MAX have not, those that come are let in one after the other, with a pause.
 *
 * Thread-safe; a connection's deadlines are for the thread that serves it to set.
 */
#ifndef PPROF_CONNECTIONS_H
#define PPROF_CONNECTIONS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CONNECTIONS_MAX = 32,
    CONNECTIONS_LEAVING_MAX = 96,       /* above it: ended, and not gone yet */
    CONNECTIONS_TAKING_RATE = 64 * 1024 /* bytes a second */
};

struct connection; /* one of the set's */

struct connections {
    int64_t timeout_ns;
    int wake; /* an eventfd, for the thread */
    pthread_t thread;
    pthread_mutex_t mutex;
    /* guarded by mutex: */
    struct connection *first;
    unsigned open_count, leaving_count; /* those that were ended are the latter */
    bool is_stopping;
};

/* Starts the thread. 0, or -1 with errno set. */
int connections_start(struct connections *connections, int64_t timeout_ns);
/* There is no connection left. Only where connections_start() was successful. */
void connections_stop(struct connections *connections);

/* One was opened, and a request is awaited. The socket stays the caller's. NULL: no memory. To be
 * called by the thread that lets clients in, as it may pause. */
struct connection *connections_add(struct connections *connections, int socket);
/* It is about to be closed; frees it. NULL is allowed. */
void connections_remove(struct connections *connections, struct connection *connection);

/* What it waits for from now on: */
void connection_await_request(struct connections *connections, struct connection *connection);
void connection_await_taking(struct connections *connections, struct connection *connection,
                             size_t length); /* of the answer, in bytes */
/* It waits for nothing: an answer is being made. */
void connection_work(struct connections *connections, struct connection *connection);

int connection_socket(const struct connection *connection);

#endif
