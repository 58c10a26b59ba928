/*
 * exchange.h - one HTTP request and its answer, apart from the library that carries them.
 *
 * exchange_begin() sees the request's head. Either there is an answer at once, or a body is wanted:
 * then exchange_feed() for each piece of it and exchange_end() behind the last one. Any of them may
 * return an answer, and then no more of the body is wanted. Whatever happened, exchange_close()
 * ends it and counts what it came to.
 *
 * An exchange belongs to one thread at a time, and may block in it (see http.c for why it may).
 */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/service/answer.h"
#include "common/service/endpoint.h"
#include "common/service/header.h"
#include "common/service/service.h"

/* A request's head, as it was sent; headers that are not there are NULL. */
struct exchange_head {
    const char *method, *path;
    const char *sent_path; /* undecoded, for messages */
    const char *query;     /* behind the '?', undecoded */
    const char *accept, *content_type, *content_encoding;
    enum header_framing framing;
    uint64_t content_length; /* bytes, for FRAMING_LENGTH */
    bool is_ambiguous;       /* a header that must be alone is there twice */
};

enum exchange_result {
    EXCHANGE_MORE,   /* the body, or more of it, is wanted */
    EXCHANGE_ANSWER, /* *answer is to be sent: the caller's to free */
};

/* Fills in the exchange. The service and the peer must outlive it. */
enum exchange_result exchange_begin(struct exchange *exchange, struct service *service,
                                    struct peer *peer, const struct exchange_head *head,
                                    struct answer *answer);

enum exchange_result exchange_feed(struct exchange *exchange, const char *bytes, size_t count,
                                   struct answer *answer);

/* The body is whole. There is always an answer. */
void exchange_end(struct exchange *exchange, struct answer *answer);

/* status: that of the answer which the client was sent, or 0 if it did not take one. */
void exchange_close(struct exchange *exchange, unsigned status);

#endif
