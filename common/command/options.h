/*
 * options.h - the command line of fastenough: what each command can be told.
 *
 * Values are checked here, so that the rest of the program gets none that is out of range.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "common/database.h"
#include "common/thread.h"
#include "common/workers.h"

struct run_options {
    const char *path; /* "-" for standard input */
    struct database_options database;
    struct workers_options workers;
    struct thread_limits limits;
    uint32_t request_records; /* records of a request */
    uint64_t repeat_count;
    size_t line_length_max;
    bool is_json;
    bool is_strict;          /* rejected records make the exit status 1 */
    bool is_quiet;           /* no progress line */
    const char *cpu_profile; /* the file that it goes to; NULL: none is taken */
};

struct generate_options {
    uint64_t count, seed;
};

/* Each: 0, or -1 after a message on stderr that says what is wrong and where help is. */
int options_parse_run(int argc, char **argv, struct run_options *options);
int options_parse_generate(int argc, char **argv, struct generate_options *options);

/* The rows of the help. */
void options_print_run(FILE *file);
void options_print_generate(FILE *file);

#endif
