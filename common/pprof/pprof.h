/*
 * pprof.h - live profiles of this process over HTTP, for pprof clients: the one header that a
 * program needs.
 *
 *     struct pprof_options options = {.listen = "127.0.0.1:6060", .log = stderr};
 *     struct pprof *pprof = pprof_start(&options, error);
 *
 * and then, from outside: go tool pprof http://127.0.0.1:6060/debug/pprof/profile?seconds=10 .
 * A program includes it by its path, or with -Icommon/pprof: no header there has the name of a
 * system's. It is linked with all that is in common/pprof and common/pprof/reach, compiled by any
 * -std from c11 on, and -ldw -lelf -lz -lmicrohttpd -lm -pthread; and with common/pprof/hooks, if
 * memory, locks and new threads are to be seen: these with -fno-lto, as objects (of an archive all of
 * them, as pprof.pc does it), and not with sanitizers.
 *
 * It listens on its own, apart from whatever the program serves. Who may ask it may slow the
 * program down and see its code's names and, with a token or on a Unix socket, its command line: so
 * it takes loopback addresses only unless told otherwise, and refuses what a browser sends for a
 * foreign page.
 */
#ifndef PPROF_H
#define PPROF_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { PPROF_ERROR_SIZE = 512, PPROF_TOKEN_LENGTH_MIN = 8 };

struct pprof_options {
    /* HOST:PORT or [HOST]:PORT, port 0 for any that is free; or unix:PATH, which its owner alone
     * may use, and which is removed by pprof_stop(). */
    const char *listen;
    bool is_any_address_allowed; /* not loopback addresses alone */
    /* The password of HTTP's Basic authentication (any user name will do), of at least
     * PPROF_TOKEN_LENGTH_MIN characters; NULL: none is asked for. */
    const char *token;
    /* What is collected all the time, a list with commas of heap, locks and threadcreate; the
     * others stay empty. NULL: all of them. heap-all has each allocation, slowly. */
    const char *collected;
    uint64_t timeout_ns; /* for slow or idle clients, not for a profile; 0: 10 s */
    FILE *log; /* gets a line for each request; NULL: none. Must stay open until pprof_stop(). */
};

struct pprof;

/*
 * Listens and serves from then on, in threads of its own, which block the signals that end or tell
 * programs something. At most one in a process. Copies the options' texts. NULL with a sentence in
 * `error`.
 */
struct pprof *pprof_start(const struct pprof_options *options, char error[PPROF_ERROR_SIZE]);

/* Where it listens: http://HOST:PORT/debug/pprof/ or unix:PATH. Valid until pprof_stop(). */
const char *pprof_url(const struct pprof *pprof);

/* Ends profiles that are under way, closes all connections and ends the threads. NULL is allowed.
 */
void pprof_stop(struct pprof *pprof);

/*
 * In a child that was forked, where none of the listener's threads is: closes what it inherited of
 * it, so that the address is free once the parent has ended. `pprof` is not to be used after it.
 * NULL is allowed.
 */
void pprof_abandon(struct pprof *pprof);

#endif
