/*
 * local_service.h - a fastenough service for others of this process to ask: on the loopback, on
 * ports that the kernel chooses.
 *
 * It does not outlive this process, and Ctrl-C does not reach it. Not thread-safe.
 */
#ifndef LOCAL_SERVICE_H
#define LOCAL_SERVICE_H

#include <sys/types.h>

enum { LOCAL_SERVICE_ERROR_SIZE = 512 };

struct local_service {
    pid_t process;        /* -1 once it was stopped */
    int output;           /* a pipe with what it prints */
    int port, admin_port; /* admin_port 0: it has none */
};

/*
 * `options`, NULL-terminated, stand behind `serve --listen 127.0.0.1:0`. 0 once it listens, or -1
 * with a sentence in `error`; then there is nothing to stop.
 */
int local_service_start(struct local_service *service, const char *program,
                        const char *const *options, char error[LOCAL_SERVICE_ERROR_SIZE]);

/* Ends it with SIGTERM, and with SIGKILL if it does not end. 0, or -1 if it did not exit with 0. */
int local_service_stop(struct local_service *service);

#endif
