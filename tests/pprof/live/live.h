/*
 * live.h - a service under load whose profiles real clients fetch.
 */
#ifndef LIVE_H
#define LIVE_H

#include "tests/pprof/clients.h"
#include "tests/service/server.h"

struct live {
    struct server server;
    int admin_port;
    pid_t load; /* 0: none */
};

/* Starts fastenough-<variant> with a listener for profiles and these options (may be NULL). */
void live_start(struct live *live, const char *variant, const char *const *options);

/* Starts requests of `records` records each, one after the other on two connections, until the end.
 */
void live_load(struct live *live, unsigned records);

/* Ends the load and the service, which must end well. */
void live_stop(struct live *live);

/* Runs `go tool pprof OPTIONS http://.../debug/pprof/PATH`; its output must not be an error. */
void live_go(struct live *live, const char *options, const char *path,
             char output[CLIENTS_OUTPUT_SIZE]);

#endif
