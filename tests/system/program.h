/*
 * program.h - runs the built programs as somebody at a shell would, and keeps what they print.
 *
 * A program is one of the sixteen, by its code ("nnnn" to "ffff"). Where it fails to even start,
 * the test stops. Not thread-safe.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

extern const char *const program_codes[16]; /* of all builds */

/* What to do other than the usual. All zero: nothing to read, both outputs are kept. */
struct program_setup {
    const char *input;              /* what is written to its standard input; NULL: nothing */
    size_t input_length;            /* bytes of it */
    const char *output_path;        /* a file for its standard output, instead of keeping it */
    const char *error_path;         /* the same for standard error */
    bool is_output_closed;          /* standard output is a pipe that nobody reads any more */
    const char *const *environment; /* "NAME=value" before those of this process; ends with NULL */
};

struct program_result {
    int exit_status;   /* -1 if a signal ended it */
    int signal_number; /* 0, or which */
    char *output;      /* NUL-terminated; so is error */
    size_t output_length;
    char *error;
};

/* A running one. */
struct program {
    pid_t pid;
    int input; /* its standard input's other end */
    int output, error;
};

/* argv[0] is the code; NULL-terminated. Returns once it has ended. */
struct program_result program_run(const struct program_setup *setup, const char *const *argv);
void program_result_free(struct program_result *result);

/* `program_run(NULL, ...)` of a code and its arguments. */
#define PROGRAM(...) program_run(NULL, (const char *const[]){__VA_ARGS__, NULL})
#define PROGRAM_WITH(setup, ...) program_run(setup, (const char *const[]){__VA_ARGS__, NULL})

/* The three steps of program_run(), for tests that have something to do meanwhile. */
struct program program_start(const struct program_setup *setup, const char *const *argv);
void program_close_input(struct program *program);
struct program_result program_finish(struct program *program);

/* The result as JSON, which it has to be; to be deleted. And members of it, which have to be there.
 */
cJSON *program_json(const struct program_result *result);
double program_number(const cJSON *json, const char *name);
const char *program_string(const cJSON *json, const char *name);

/* The path of a file with the first `count` generated records of seed 1; made when first asked for,
 * removed with program_remove_files(). */
const char *program_records(unsigned count);

/* The path of a new file with these bytes; the same applies. */
const char *program_file(const char *bytes, size_t length);

/* For a suite's .fini. */
void program_remove_files(void);

/* The whole of a file, NUL-terminated, to be freed; NULL if it cannot be read. */
char *program_read_file(const char *path, size_t *length);

#endif
