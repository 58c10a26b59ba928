#define _DEFAULT_SOURCE /* clock_gettime */
#include "connections.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "wall.h"

#define NS_PER_S INT64_C(1000000000)
#define NEVER INT64_MAX

enum { STACK_BYTES = 256 * 1024 /* ASan needs the room */, PAUSE_MS = 10 };

struct connection {
    struct connection *next, *previous;
    int socket;
    int64_t deadline_ns;     /* on the monotonic clock, or NEVER */
    bool is_request_awaited; /* so that it may be ended for another */
    bool is_ended;
};

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* Wakes the thread that serves it. */
static void end(struct connections *connections, struct connection *connection)
{
    shutdown(connection->socket, SHUT_RDWR);
    connection->is_ended = true;
    connections->open_count--;
    connections->leaving_count++;
}

/* Ends those that are late. Returns when the next one will be. */
static int64_t end_late(struct connections *connections)
{
    int64_t next_ns = NEVER, time_ns = now_ns();

    for (struct connection *at = connections->first; at != NULL; at = at->next) {
        if (!at->is_ended && at->deadline_ns <= time_ns)
            end(connections, at);
        if (!at->is_ended && at->deadline_ns < next_ns)
            next_ns = at->deadline_ns;
    }
    return next_ns;
}

/*
 * Waits by poll(), as the listener itself does: its own waits are not what a profile is about; and
 * at one place, so that between two dumps it has not moved.
 */
static void sleep_until(const struct connections *connections, int64_t time_ns)
{
    struct pollfd wake = {.fd = connections->wake, .events = POLLIN};
    eventfd_t count;
    int timeout_ms = -1;

    if (time_ns != NEVER) {
        int64_t left_ms = (time_ns - now_ns()) / 1000000 + 1;
        timeout_ms = left_ms < 1 ? 1 : left_ms > 60000 ? 60000 : (int)left_ms;
    }
    poll(&wake, 1, timeout_ms);
    eventfd_read(connections->wake, &count);
}

static void *watch_connections(void *argument)
{
    struct connections *connections = argument;
    bool is_stopping = false;

    wall_leave_out_self();
    while (!is_stopping) {
        pthread_mutex_lock(&connections->mutex);
        int64_t next_ns = end_late(connections);
        is_stopping = connections->is_stopping;
        pthread_mutex_unlock(&connections->mutex);
        if (!is_stopping)
            sleep_until(connections, next_ns);
    }
    return NULL;
}

int connections_start(struct connections *connections, int64_t timeout_ns)
{
    pthread_attr_t attributes;

    *connections = (struct connections){.timeout_ns = timeout_ns};
    connections->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (connections->wake < 0)
        return -1;
    pthread_mutex_init(&connections->mutex, NULL);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    int problem = pthread_create(&connections->thread, &attributes, watch_connections, connections);
    pthread_attr_destroy(&attributes);
    if (problem == 0)
        return 0;
    pthread_mutex_destroy(&connections->mutex);
    close(connections->wake);
    errno = problem;
    return -1;
}

void connections_stop(struct connections *connections)
{
    pthread_mutex_lock(&connections->mutex);
    connections->is_stopping = true;
    pthread_mutex_unlock(&connections->mutex);
    eventfd_write(connections->wake, 1);
    pthread_join(connections->thread, NULL);
    pthread_mutex_destroy(&connections->mutex);
    close(connections->wake);
}

static struct connection *find_longest_awaited(const struct connections *connections)
{
    struct connection *found = NULL;

    for (struct connection *at = connections->first; at != NULL; at = at->next)
        if (!at->is_ended && at->is_request_awaited &&
            (found == NULL || at->deadline_ns < found->deadline_ns))
            found = at;
    return found;
}

struct connection *connections_add(struct connections *connections, int socket)
{
    struct connection *connection = calloc(1, sizeof *connection);

    wall_leave_out_self(); /* the thread that lets clients in */
    if (connection == NULL)
        return NULL;
    connection->socket = socket;
    connection->deadline_ns = NEVER;
    pthread_mutex_lock(&connections->mutex);
    struct connection *longest =
        connections->open_count >= CONNECTIONS_MAX ? find_longest_awaited(connections) : NULL;
    if (longest != NULL)
        end(connections, longest);
    connection->next = connections->first;
    if (connection->next != NULL)
        connection->next->previous = connection;
    connections->first = connection;
    connections->open_count++;
    bool is_crowded = connections->leaving_count > CONNECTIONS_LEAVING_MAX / 2;
    pthread_mutex_unlock(&connections->mutex);
    connection_await_request(connections, connection);
    if (is_crowded)
        poll(NULL, 0, PAUSE_MS);
    return connection;
}

void connections_remove(struct connections *connections, struct connection *connection)
{
    if (connection == NULL)
        return;
    pthread_mutex_lock(&connections->mutex);
    if (connection->previous != NULL)
        connection->previous->next = connection->next;
    else
        connections->first = connection->next;
    if (connection->next != NULL)
        connection->next->previous = connection->previous;
    connection->is_ended ? connections->leaving_count-- : connections->open_count--;
    pthread_mutex_unlock(&connections->mutex);
    free(connection);
}

static void set_deadline(struct connections *connections, struct connection *connection,
                         int64_t deadline_ns, bool is_request_awaited)
{
    pthread_mutex_lock(&connections->mutex);
    connection->deadline_ns = deadline_ns;
    connection->is_request_awaited = is_request_awaited;
    pthread_mutex_unlock(&connections->mutex);
    if (deadline_ns != NEVER)
        eventfd_write(connections->wake, 1); /* it may be the next one */
}

void connection_await_request(struct connections *connections, struct connection *connection)
{
    set_deadline(connections, connection, now_ns() + connections->timeout_ns, true);
}

void connection_await_taking(struct connections *connections, struct connection *connection,
                             size_t length)
{
    int64_t taking_ns = (int64_t)length * (NS_PER_S / CONNECTIONS_TAKING_RATE);

    set_deadline(connections, connection, now_ns() + connections->timeout_ns + taking_ns, false);
}

void connection_work(struct connections *connections, struct connection *connection)
{
    set_deadline(connections, connection, NEVER, false);
}

int connection_socket(const struct connection *connection)
{
    return connection->socket;
}
