/*
 * address.h - where something is served: a loopback address, another one if that is allowed, or a
 * Unix socket. Profiles are; a program that serves other things over HTTP may use it for these.
 */
#ifndef PPROF_ADDRESS_H
#define PPROF_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

enum { ADDRESS_HOST_SIZE = 256, ADDRESS_URL_SIZE = 320 };

struct address {
    int socket; /* it listens; -1: none */
    bool is_unix;
    char host[ADDRESS_HOST_SIZE]; /* as it was written, without brackets; the path of a Unix socket
                                   */
    char url[ADDRESS_URL_SIZE];
};

/* What it is for. */
struct address_use {
    const char *what;    /* messages begin with it: "cannot serve profiles on" */
    const char *example; /* "127.0.0.1:6060, or unix:PATH" */
    const char *path;    /* the end of the URL: "/debug/pprof/" */
    bool is_any_allowed; /* not only a loopback address */
    bool is_unix_allowed;
};

/*
 * Listens on `text` (pprof.h says how it is written). A Unix socket that nobody listens on any more
 * is replaced. 0, or -1 with a sentence in `error`, and errno where the system said why.
 */
int address_open(struct address *address, const char *text, const struct address_use *use,
                 char *error, size_t error_size);

/* Closes the socket, if it is still open, and removes a Unix socket's file. */
void address_close(struct address *address);

/* Whether `host` is a numeric address, as browsers' names for attackers' pages are not. */
bool address_is_numeric(const char *host);

#endif
