/*
 * admin.h - the service's own listener for profiles, where one was asked for.
 */
#ifndef ADMIN_H
#define ADMIN_H

#include <stdbool.h>
#include <stdint.h>

struct pprof;

struct admin_options {
    const char *listen;    /* as pprof.h has it, or "off" */
    const char *token;     /* the token itself, or file:PATH with it on its first line, or "none" */
    const char *collected; /* as pprof.h has it */
    bool is_any_address_allowed;
    uint64_t timeout_ns; /* as pprof.h has it */
};

enum { ADMIN_ERROR_SIZE = 640 };

/*
 * Starts it; its requests are logged to standard error. *admin is NULL where it is off. 0, or -1
 * with a sentence in `error`.
 */
int admin_start(const struct admin_options *options, struct pprof **admin,
                char error[ADMIN_ERROR_SIZE]);

#endif
