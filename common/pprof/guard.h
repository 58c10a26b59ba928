/*
 * guard.h - who may ask for profiles. No state; every function may be called by any thread.
 *
 * A page from anywhere can make a browser send requests to a loopback address. Such a request has
 * an Origin, or says that it is cross-site, or has the attacker's name as its Host where that name
 * was pointed at the loopback address (DNS rebinding). All of them are refused.
 */
#ifndef PPROF_GUARD_H
#define PPROF_GUARD_H

#include <stdbool.h>

#include "address.h"

/* Of a request; NULL: it has no such header. */
struct guard_request {
    const char *host, *origin, *fetch_site;
    const char *password; /* of Basic authentication, decoded */
};

struct guard_verdict {
    unsigned status; /* 0: let in; else HTTP's */
    const char *reason;
};

/* `token` may be NULL. */
struct guard_verdict guard_check(const struct guard_request *request, const struct address *address,
                                 const char *token);

/* Whether they are equal, in a time that depends on the lengths alone. */
bool guard_is_token(const char *given, const char *token);

#endif
