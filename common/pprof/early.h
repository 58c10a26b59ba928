/*
 * early.h - an answer while the request is still on its way.
 *
 * libmicrohttpd takes an answer once it has a request's head, or all of it, and none in between.
 * Behind an answer that came early it closes the connection at once; where bytes have not been read
 * yet, the kernel makes that a reset, and a client that is still sending loses the answer
 * (RFC 9112, 9.6). So answers within a body are written here, and early ones are lingered over.
 *
 * For handlers with a thread for each connection, as these may wait. Thread-safe.
 */
#ifndef EARLY_H
#define EARLY_H

#include <stddef.h>

/*
 * Sends an answer within a request's body, from the access handler: libmicrohttpd has nothing to
 * send then. `headers` are further ones, each with its CRLF. The connection must be closed behind
 * it (return MHD_NO). 0, or -1 if the client does not take it.
 */
int early_send(int socket, unsigned status, const char *headers, const char *text, size_t length);

/*
 * Ends what is sent, and throws away what the client still sends until it has closed the connection
 * in its turn: in the callback for a request's completion, which comes before the socket is closed.
 * Does not end by itself: whoever holds the connection's deadline must shut the socket down.
 */
void early_linger(int socket);

#endif
