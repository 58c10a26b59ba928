/*
 * web.h - the listener of the profiles, by libmicrohttpd: one thread a connection. Which pages
 * there are is not its business.
 */
#ifndef PPROF_WEB_H
#define PPROF_WEB_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "connections.h"
#include "page.h"

struct MHD_Daemon;

struct web {
    struct page_site site;
    /* Finds the page and makes the answer. */
    void (*answer)(const struct page_request *request, struct page_answer *answer);
    bool (*takes_post)(const char *path); /* whether a POST to this path makes sense */
    FILE *log;                            /* NULL: none */
    struct MHD_Daemon *daemon;
    struct connections connections;
};

/*
 * 0, or -1: libmicrohttpd did not start; errno says why. All but the last two members are there,
 * and the site's first.
 */
int web_start(struct web *web, int64_t timeout_ns);
void web_stop(struct web *web);

#endif
