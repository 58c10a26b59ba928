/*
 * service.h - a service to be measured: started with its options, loaded, asked for its CPU time.
 *
 * It does not outlive this process. Each function: 0, or -1 after a message on standard error.
 */
#ifndef COST_SERVICE_H
#define COST_SERVICE_H

#include <stdint.h>
#include <sys/types.h>

struct service {
    pid_t process;
    int output;           /* a pipe with what it prints */
    int port, admin_port; /* admin_port 0: it has none */
};

enum { SERVICE_RECORDS = 5000 };

/* What came of a load, or of several. */
struct service_load {
    uint64_t records; /* that were asked for and answered */
    double seconds, cpu_seconds;
};

/* `options`, NULL-terminated, stand behind `serve --listen 127.0.0.1:0`. */
int service_start(struct service *service, const char *program, const char *const *options);
int service_stop(struct service *service);

/* Asks for SERVICE_RECORDS records on each of so many connections at once, and adds what it took.
 */
int service_load(const struct service *service, unsigned connections, struct service_load *load);

/* GET, whose answer must be 200 and is thrown away. */
int service_get(int port, const char *path);

/* GET, until the other side ends it, whatever comes: no message. */
void service_watch(int port, const char *path);

#endif
