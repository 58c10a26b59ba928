/*
 * http.h - the service on the network, by libmicrohttpd.
 */
#ifndef HTTP_H
#define HTTP_H

#include <stdint.h>

#include "common/service/service.h"

struct http; /* a listening socket, the connections on it, and their threads */

enum { HTTP_ERROR_SIZE = 256 };

/*
 * Listens on HOST:PORT or [HOST]:PORT (port 0: the kernel chooses) and serves from then on. The
 * service must outlive it. NULL with a sentence in `error`.
 */
struct http *http_new(struct service *service, const char *address, char error[HTTP_ERROR_SIZE]);

/* Where it listens, as http://HOST:PORT/. Valid as long as the server. */
const char *http_url(const struct http *http);

/* No further connection is taken; those that are open stay. */
void http_stop_listening(struct http *http);

/* Closes all connections and ends their threads. NULL is allowed. */
void http_delete(struct http *http);

#endif
