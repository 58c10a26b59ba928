/*
 * peers.h - the connections that are open, and the time that each has left.
 *
 * libmicrohttpd has an inactivity timeout only: a client that sends a byte now and then keeps its
 * connection for ever, and a header may take for ever to come (and in 0.9.75 a connection's thread
 * spins through the last second of that timeout). So the deadlines are here, by what the
 * connection is about:
 *
 *   - a request's headers must be complete within `timeout` of the connection's opening, or of the
 *     last answer: that covers the idle connection too;
 *   - a body must come at BODY_RATE bytes a second at least; who is slower uses up his credit of
 *     `timeout`, who is faster earns it back. Time in which the service works does not count;
 *   - an answer must be taken within `timeout`.
 *
 * A connection that is late is shut down, which wakes the thread that serves it. Deadlines are
 * looked at by whoever calls peers_drop_late() every so often.
 *
 * Thread-safety: the set is guarded by a mutex; a peer's deadline is atomic, and the rest of a peer
 * belongs to the thread that serves its connection.
 */
#ifndef PEERS_H
#define PEERS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "common/service/query.h"

enum { PEERS_BODY_RATE = 1024 }; /* bytes a second */
enum { PEERS_PATH_SIZE = 128 };

struct peer {
    /* guarded by the set's mutex: */
    struct peer *next, *previous;
    unsigned upload_count; /* 0 or 1 */

    int socket;
    unsigned char address[16];    /* IPv4 in its first 4 */
    _Atomic uint64_t deadline_ns; /* on the monotonic clock; 0: none */
    /* the serving thread's: */
    uint64_t credit_ns, waiting_since_ns;
    /* of the current request, as they were sent: what is in front of the '?', cut short, and what
     * is behind it */
    char path[PEERS_PATH_SIZE], query[QUERY_LENGTH_MAX + 2];
};

struct peers {
    uint64_t timeout_ns;
    unsigned uploads_max; /* of one address at a time */

    pthread_mutex_t mutex;
    /* guarded by mutex: */
    struct peer *first;
    unsigned count;
    uint64_t opened_count, late_count; /* so far */
};

struct peers_usage {
    unsigned count;
    uint64_t opened_count, late_count;
};

void peers_init(struct peers *peers, uint64_t timeout_ns, unsigned uploads_max);
void peers_free(struct peers *peers); /* there is nobody left */

/* A connection was opened: NULL if memory ran out. The socket stays the caller's. */
struct peer *peers_add(struct peers *peers, int socket, const struct sockaddr *address);
/* The connection is about to be closed; frees the peer. NULL is allowed. */
void peers_remove(struct peers *peers, struct peer *peer);

/* Counts an upload of this peer's address. 0, or -1 if it has uploads_max going already. */
int peers_begin_upload(struct peers *peers, struct peer *peer);
void peers_end_upload(struct peers *peers, struct peer *peer);

/* What the connection waits for from now on: */
void peer_await_headers(const struct peers *peers, struct peer *peer);
void peer_await_body(const struct peers *peers, struct peer *peer, bool is_first);
void peer_await_taking(const struct peers *peers, struct peer *peer); /* of the answer */
/* The service works; `body_bytes` of the body have come since peer_await_body(). */
void peer_work(const struct peers *peers, struct peer *peer, uint64_t body_bytes);

/* Shuts down the connections whose time is over. */
void peers_drop_late(struct peers *peers);

void peers_usage(struct peers *peers, struct peers_usage *usage);

#endif
