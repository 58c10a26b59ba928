/* ask.h - requests to a listener, byte by byte as the test wants them. */
#ifndef ASK_H
#define ASK_H

#include <stddef.h>

struct pprof;

enum { ASK_SIZE = 1 << 20 };

struct answer {
    int status;    /* 0: the connection ended without one */
    size_t length; /* of the body */
    char *body;
    char bytes[ASK_SIZE]; /* head and body, NUL-terminated */
};

/* A connection to where it listens, TCP or Unix. */
int ask_connect(const struct pprof *pprof);
int ask_port(const struct pprof *pprof);

/* Reads all that comes until the other side closes the connection, and closes it, too. */
void ask_receive(int fd, struct answer *answer);

/* Sends a request with `headers`, each with its CRLF, on a connection of its own; waits up to 60 s.
 */
void ask(const struct pprof *pprof, const char *method, const char *path, const char *headers,
         const char *body, struct answer *answer);

/* GET with the Host that a well-behaved client sends. */
void ask_get(const struct pprof *pprof, const char *path, struct answer *answer);

/* The value of a header, or "". Valid until the next call. */
const char *ask_header(const struct answer *answer, const char *name);

#endif
