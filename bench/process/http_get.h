/*
 * http_get.h - a GET of a server on this machine's loopback: one question, one connection.
 */
#ifndef HTTP_GET_H
#define HTTP_GET_H

#include <stddef.h>

/*
 * Returns the status of the answer, or -1 if there was none that is whole: nobody listens there,
 * the connection broke, or nothing came for patience_s seconds (0: it is waited for as long as it
 * takes). What has room of the answer, head and body, goes into `answer`, with a NUL behind it;
 * the rest is read and thrown away.
 */
int http_get(int port, const char *path, const char *accept, unsigned patience_s, char *answer,
             size_t size);

/* Where the body begins in an answer, or NULL. */
const char *http_body(const char *answer);

#endif
