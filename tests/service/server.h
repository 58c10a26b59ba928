/*
 * server.h - a fastenough service of its own for a test: started on a port that the kernel chooses,
 * and ended with it.
 *
 * The programs are those that were built with the test, or those in $FASTENOUGH_BIN. Where they
 * have a sanitizer's allocator ($FASTENOUGH_SANITIZED for the latter) their resident memory means
 * nothing, and 0 is returned for it. What a test cannot do without is asserted here, so that a test
 * reads as what it tests.
 */
#ifndef SERVER_H
#define SERVER_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { SERVER_OUTPUT_SIZE = 8192 };

struct server {
    pid_t process;
    int port;
    char database[64]; /* path of its SQLite file, made by server_database(); "" if none */
    int output;        /* a pipe with what it prints, standard error included */
    char printed[SERVER_OUTPUT_SIZE];
};

/*
 * Starts fastenough-<variant> serve --listen 127.0.0.1:0 with these options (NULL-terminated, may
 * be NULL), and waits until it listens.
 */
void server_start(struct server *server, const char *variant, const char *const *options);

/* The same for a service that is to fail: returns its exit status, with server->printed filled. */
int server_start_failing(struct server *server, const char *variant, const char *const *arguments);

/* Sends the signal, and returns the exit status, or 128 + the signal that ended it. */
int server_stop(struct server *server, int signal_number);

/* A name for a database file that is not there yet, below a directory of the test's own. */
void server_database(char path[64]);
/* Removes it, with its log. */
void server_database_remove(const char *path);

/* GET /metrics as JSON; the caller deletes it. */
cJSON *server_metrics(const struct server *server);
/* A number of it by its path, as "workers.threads". */
double server_metric(const struct server *server, const char *path);
/* The process's resident memory, or the most so far; 0 where it means nothing. */
double server_resident_bytes(const struct server *server);
double server_resident_bytes_max(const struct server *server);
/* Asks again until it is `wanted` or a minute is over; returns the last value. */
double server_await_metric(const struct server *server, const char *path, double wanted);

/* Runs `fastenough-ffff` with these arguments, and returns its exit status and what it printed. */
int server_command(const char *const *arguments, char *printed, size_t size);

#endif
