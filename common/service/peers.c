#include "common/service/peers.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"

void peers_init(struct peers *peers, uint64_t timeout_ns, unsigned uploads_max)
{
    *peers = (struct peers){.timeout_ns = timeout_ns, .uploads_max = uploads_max};
    pthread_mutex_init(&peers->mutex, NULL);
}

void peers_free(struct peers *peers)
{
    pthread_mutex_destroy(&peers->mutex);
}

static void set_deadline(struct peer *peer, uint64_t deadline_ns)
{
    atomic_store_explicit(&peer->deadline_ns, deadline_ns, memory_order_relaxed);
}

struct peer *peers_add(struct peers *peers, int socket, const struct sockaddr *address)
{
    struct peer *peer = calloc(1, sizeof *peer);
    if (peer == NULL)
        return NULL;
    peer->socket = socket;
    if (address->sa_family == AF_INET)
        memcpy(peer->address, &((const struct sockaddr_in *)address)->sin_addr, 4);
    else if (address->sa_family == AF_INET6)
        memcpy(peer->address, &((const struct sockaddr_in6 *)address)->sin6_addr, 16);
    peer_await_headers(peers, peer);

    pthread_mutex_lock(&peers->mutex);
    peer->next = peers->first;
    if (peer->next != NULL)
        peer->next->previous = peer;
    peers->first = peer;
    peers->count++;
    peers->opened_count++;
    pthread_mutex_unlock(&peers->mutex);
    return peer;
}

void peers_remove(struct peers *peers, struct peer *peer)
{
    if (peer == NULL)
        return;
    pthread_mutex_lock(&peers->mutex);
    if (peer->previous != NULL)
        peer->previous->next = peer->next;
    else
        peers->first = peer->next;
    if (peer->next != NULL)
        peer->next->previous = peer->previous;
    peers->count--;
    pthread_mutex_unlock(&peers->mutex);
    free(peer);
}

int peers_begin_upload(struct peers *peers, struct peer *peer)
{
    unsigned count = 0;

    pthread_mutex_lock(&peers->mutex);
    for (const struct peer *other = peers->first; other != NULL; other = other->next)
        if (memcmp(other->address, peer->address, sizeof peer->address) == 0)
            count += other->upload_count;
    bool is_free = count < peers->uploads_max;
    if (is_free)
        peer->upload_count = 1;
    pthread_mutex_unlock(&peers->mutex);
    return is_free ? 0 : -1;
}

void peers_end_upload(struct peers *peers, struct peer *peer)
{
    pthread_mutex_lock(&peers->mutex);
    peer->upload_count = 0;
    pthread_mutex_unlock(&peers->mutex);
}

void peer_await_headers(const struct peers *peers, struct peer *peer)
{
    set_deadline(peer, clock_ns() + peers->timeout_ns);
}

void peer_await_body(const struct peers *peers, struct peer *peer, bool is_first)
{
    if (is_first)
        peer->credit_ns = peers->timeout_ns;
    peer->waiting_since_ns = clock_ns();
    set_deadline(peer, peer->waiting_since_ns + peer->credit_ns);
}

void peer_await_taking(const struct peers *peers, struct peer *peer)
{
    set_deadline(peer, clock_ns() + peers->timeout_ns);
}

void peer_work(const struct peers *peers, struct peer *peer, uint64_t body_bytes)
{
    set_deadline(peer, 0);
    if (body_bytes == 0)
        return;
    uint64_t waited_ns = clock_ns() - peer->waiting_since_ns;
    uint64_t earned_ns = body_bytes * (1000000000u / PEERS_BODY_RATE);
    uint64_t left_ns = peer->credit_ns > waited_ns ? peer->credit_ns - waited_ns : 0;

    left_ns += earned_ns;
    peer->credit_ns = left_ns < peers->timeout_ns ? left_ns : peers->timeout_ns;
}

void peers_drop_late(struct peers *peers)
{
    uint64_t now_ns = clock_ns();

    pthread_mutex_lock(&peers->mutex);
    for (struct peer *peer = peers->first; peer != NULL; peer = peer->next) {
        uint64_t deadline_ns = atomic_load_explicit(&peer->deadline_ns, memory_order_relaxed);
        if (deadline_ns == 0 || deadline_ns > now_ns)
            continue;
        shutdown(peer->socket, SHUT_RDWR);
        set_deadline(peer, 0);
        peers->late_count++;
    }
    pthread_mutex_unlock(&peers->mutex);
}

void peers_usage(struct peers *peers, struct peers_usage *usage)
{
    pthread_mutex_lock(&peers->mutex);
    *usage = (struct peers_usage){peers->count, peers->opened_count, peers->late_count};
    pthread_mutex_unlock(&peers->mutex);
}
