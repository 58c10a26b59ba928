/*
 * page.h - a page's request and its answer, and what all pages of a listener share.
 *
 * Thread-safety: pages are made at the same time; only the symbols are shared, and have a mutex.
 */
#ifndef PPROF_PAGE_H
#define PPROF_PAGE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "address.h"
#include "symbols.h"

struct page_site {
    struct address address;
    char *token; /* NULL: none is asked for */
    atomic_bool is_stopping;
    atomic_uint waiting_count; /* profiles of so many seconds that are being collected */
    pthread_mutex_t symbols_mutex;
    struct symbols *symbols; /* guarded by it */
};

/* A request, once it was let in. */
struct page_request {
    struct page_site *site;
    int socket;
    const char *path;                 /* NUL-terminated, without the query */
    const char *seconds, *debug, *gc; /* parameters; NULL: not given */
    const char *body;                 /* of a POST, NUL-terminated; NULL: none */
};

/* To be sent; `text` is malloc'd, or NULL where `fixed` holds it. */
struct page_answer {
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
void page_refuse(struct page_answer *answer, unsigned status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The client hung up, or the listener is being stopped. For collectors: `closure` is the request.
 */
bool page_is_cancelled(void *closure);

#endif
