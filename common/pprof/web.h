/*
 * web.h - the pages of the profiles, by libmicrohttpd: one thread a connection.
 *
 * Thread-safety: handlers run at the same time; only the symbols are shared, and have a mutex.
 */
#ifndef PPROF_WEB_H
#define PPROF_WEB_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

#include "address.h"
#include "connections.h"
#include "symbols.h"

struct MHD_Daemon;

struct web {
    struct address address;
    char *token; /* NULL: none is asked for */
    FILE *log;   /* NULL: none */
    atomic_bool is_stopping;
    atomic_uint waiting_count; /* profiles of so many seconds that are being collected */
    struct MHD_Daemon *daemon;
    struct connections connections;
    pthread_mutex_t symbols_mutex;
    struct symbols *symbols; /* guarded by it */
};

/* A request, once it was let in. */
struct web_request {
    struct web *web;
    int socket;
    const char *path;                 /* NUL-terminated, without the query */
    const char *seconds, *debug, *gc; /* parameters; NULL: not given */
    const char *body;                 /* of a POST, NUL-terminated; NULL: none */
};

/* To be sent; `text` is malloc'd, or NULL where `fixed` holds it. */
struct web_answer {
    unsigned status;
    const char *type; /* NULL: plain text */
    char *text;
    const char *fixed;
    size_t length;
    const char *file_name;  /* under which a browser would save it; NULL: it shows it */
    const char *location;   /* of a redirection */
    unsigned retry_after_s; /* 0: not said */
    bool is_dropped;        /* the client has gone, or we are about to: nothing is sent */
};

/* Fills the answer with a sentence; formats as printf. */
void web_refuse(struct web_answer *answer, unsigned status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The client hung up, or the listener is being stopped. For collectors: `closure` is the request.
 */
bool web_is_cancelled(void *closure);

/* 0, or -1: libmicrohttpd did not start; errno says why. The address and the symbols are there. */
int web_start(struct web *web, int64_t timeout_ns);
void web_stop(struct web *web);

#endif
