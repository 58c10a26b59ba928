/*
 * wrk.h - one run of wrk with post.lua, and what it says came of it.
 *
 * wrk keeps a fixed number of requests going, one a connection, and sends the next one when it has
 * an answer: a slow service is asked less, so its latencies are those of a client that waits, not
 * of one that arrives when it likes ("coordinated omission").
 */
#ifndef LOAD_WRK_H
#define LOAD_WRK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wrk_latency {
    double us;
    uint64_t count; /* of answers that took so long */
};

struct wrk_result {
    uint64_t ok_count;      /* answers with 200 */
    uint64_t refused_count; /* others: the first of them ends the run */
    unsigned refused_status;
    uint64_t socket_errors, timeouts;
    double seconds;                /* from the first request to the last 200 */
    struct wrk_latency *latencies; /* ascending; owned */
    size_t latency_count;
};

/*
 * Drives `url` with so many connections for so many seconds; `body` is a file's path, `script`
 * post.lua's. 0, or -1 with a sentence in `error` (size bytes). Free the result if 0.
 */
int wrk_run(const char *script, const char *body, const char *url, unsigned connections,
            unsigned seconds, struct wrk_result *result, char *error, size_t size);
void wrk_result_free(struct wrk_result *result);

#endif
