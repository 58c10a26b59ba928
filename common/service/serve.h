/*
 * serve.h - the command `serve`: from its options to the last answer.
 */
#ifndef SERVE_H
#define SERVE_H

#include <signal.h>
#include <stdio.h>

#include "common/service/service.h"

/*
 * argv[0] is "serve". Serves until *is_stopped becomes true (a signal handler's), finishes the
 * requests in flight, and returns the exit status: 0; 1 if it could not start, or if requests were
 * cut off at the end; 2 for bad usage.
 */
int serve_command(int argc, char **argv, const volatile sig_atomic_t *is_stopped);

/* 0, or -1 after a message on stderr. */
int serve_options_parse(int argc, char **argv, struct service_options *options);

/* The options, a line each, for --help. */
void serve_options_print(FILE *file);

#endif
