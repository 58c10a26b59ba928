/* listener.h - a listening socket for an address that a person wrote. */
#ifndef LISTENER_H
#define LISTENER_H

#include "common/service/http.h"

/*
 * Listens on HOST:PORT or [HOST]:PORT, where HOST is a name or an address and PORT 0 lets the
 * kernel choose. Returns the socket, with http://HOST:PORT/ as it came to be in `url`; or -1 with a
 * sentence in `error`.
 */
int listener_open(const char *address, char url[HTTP_URL_SIZE], char error[HTTP_ERROR_SIZE]);

#endif
