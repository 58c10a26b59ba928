/*
 * client.h - a client on a socket, which can do what well-behaved libraries will not: send half a
 * request, wait within it, hang up.
 */
#ifndef CLIENT_H
#define CLIENT_H

#include <stdbool.h>
#include <stddef.h>

struct client_answer {
    int status; /* 0: the connection ended without an answer */
    char head[4096];
    char *body; /* NUL-terminated; to be freed by client_answer_free() */
    size_t length;
};

/* Connects to 127.0.0.1; `try` returns -1 where nobody listens, the other one fails the test. */
int client_try_connect(int port);
int client_connect(int port);

/* All of it, or as much as the other side takes before it hangs up: false then. */
bool client_send(int socket, const void *bytes, size_t count);
bool client_send_text(int socket, const char *text);

/*
 * Reads one answer with its body. `socket` stays open. Gives up after 60 s, as a test that hangs
 * tells nobody anything.
 */
void client_receive(int socket, struct client_answer *answer);
void client_answer_free(struct client_answer *answer);

/* The value of a header of the answer, or "" if there is none; valid until the next call. */
const char *client_header(const struct client_answer *answer, const char *name);

/* Whether the other side has closed the connection, waiting up to 60 s for it; reads all until
 * then. */
bool client_is_closed(int socket);

/*
 * A request on a connection of its own; `headers` are further ones, each with its CRLF. A post's
 * answer has status 0 where nobody listens.
 */
void client_post(int port, const char *headers, const void *body, size_t count,
                 struct client_answer *answer);
void client_get(int port, const char *path, const char *headers, struct client_answer *answer);

/* Sends the body in chunks of `piece` bytes. */
void client_post_chunked(int port, const char *headers, const char *body, size_t count,
                         size_t piece, struct client_answer *answer);

/* A field of a JSON answer: NAN, or "", where it is not there. */
double client_number(const struct client_answer *answer, const char *name);
const char *client_text(const struct client_answer *answer, const char *name, char text[256]);

#endif
