/*
 * The life of a listener: its parts are made here, in order, and taken apart in the reverse order.
 */
#define _GNU_SOURCE
#include "pprof.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "catalog.h"
#include "pages.h"
#include "web.h"

#define TIMEOUT_NS UINT64_C(10000000000)

struct pprof {
    struct web web;
};

/* The listener's threads are not to take the signals that the program waits for. What a thread does
 * wrong itself goes to it all the same, and SIGPROF to whom it is for. */
static void block_signals(sigset_t *previous)
{
    static const int kept[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT, SIGPROF};
    sigset_t set;

    sigemptyset(&set);
    for (int number = 1; number < 32; number++)
        sigaddset(&set, number);
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        sigdelset(&set, kept[i]);
    pthread_sigmask(SIG_BLOCK, &set, previous);
}

static void free_all(struct pprof *pprof)
{
    web_stop(&pprof->web);
    address_close(&pprof->web.site.address);
    symbols_delete(pprof->web.site.symbols);
    pthread_mutex_destroy(&pprof->web.site.symbols_mutex);
    if (pprof->web.site.token != NULL)
        explicit_bzero(pprof->web.site.token, strlen(pprof->web.site.token));
    free(pprof->web.site.token);
    free(pprof);
}

struct pprof *pprof_start(const struct pprof_options *options, char error[PPROF_ERROR_SIZE])
{
    sigset_t previous;
    struct pprof *pprof = calloc(1, sizeof *pprof);

    if (pprof == NULL) {
        snprintf(error, PPROF_ERROR_SIZE, "cannot serve profiles: out of memory");
        return NULL;
    }
    struct web *web = &pprof->web;
    web->site.address.socket = -1;
    web->answer = pages_answer;
    web->takes_post = pages_takes_post;
    web->log = options->log;
    pthread_mutex_init(&web->site.symbols_mutex, NULL);
    if (options->token != NULL && strlen(options->token) < PPROF_TOKEN_LENGTH_MIN) {
        snprintf(error, PPROF_ERROR_SIZE, "the token for profiles must have %d characters or more",
                 PPROF_TOKEN_LENGTH_MIN);
        goto fail;
    }
    web->site.token = options->token != NULL ? strdup(options->token) : NULL;
    web->site.symbols = symbols_new();
    if (web->site.symbols == NULL || (options->token != NULL && web->site.token == NULL)) {
        snprintf(error, PPROF_ERROR_SIZE, "cannot serve profiles: out of memory");
        goto fail;
    }
    const struct address_use use = {
        .what = "cannot serve profiles on",
        .example = "127.0.0.1:6060, or unix:PATH",
        .path = "/debug/pprof/",
        .is_any_allowed = options->is_any_address_allowed,
        .is_unix_allowed = true,
    };
    if (address_open(&web->site.address, options->listen, &use, error, PPROF_ERROR_SIZE) != 0)
        goto fail;
    block_signals(&previous);
    int status =
        web_start(web, (int64_t)(options->timeout_ns > 0 ? options->timeout_ns : TIMEOUT_NS));
    int problem = errno;
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
    if (status != 0) {
        snprintf(error, PPROF_ERROR_SIZE, "cannot serve profiles on %s: %s", options->listen,
                 strerror(problem));
        goto fail;
    }
    catalog_start(options->collected);
    return pprof;

fail:;
    int failure = errno;
    free_all(pprof);
    errno = failure; /* the address is in use, say */
    return NULL;
}

const char *pprof_url(const struct pprof *pprof)
{
    return pprof->web.site.address.url;
}

void pprof_stop(struct pprof *pprof)
{
    if (pprof == NULL)
        return;
    web_stop(&pprof->web); /* nobody collects any more */
    catalog_stop();
    free_all(pprof);
}

void pprof_abandon(struct pprof *pprof)
{
    if (pprof == NULL)
        return;
    close(pprof->web.site.address.socket);
    close(pprof->web.connections.wake);
}
