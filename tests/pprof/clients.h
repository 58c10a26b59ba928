/*
 * clients.h - the real clients of profiles, run by the tests, in a temporary folder of their own.
 */
#ifndef CLIENTS_H
#define CLIENTS_H

#include <stddef.h>

enum { CLIENTS_OUTPUT_SIZE = 256 * 1024 };

/*
 * Runs a shell command with HOME and PPROF_TMPDIR in a temporary folder, which is its working folder
 * too, and returns its exit status. What it wrote, errors included, is left in `output`, which is
 * cut off at CLIENTS_OUTPUT_SIZE - 1 bytes. Given two minutes.
 */
int clients_run(char output[CLIENTS_OUTPUT_SIZE], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The folder; made when it is first asked for, and removed with all in it when the process ends. */
const char *clients_folder(void);

/* The path of a file of the folder, valid until the process ends. */
const char *clients_path(const char *name);

/* Leaves bytes in a file of the folder; its path is valid until the process ends. */
const char *clients_save(const char *name, const void *bytes, size_t length);

/*
 * Reads `go tool pprof -top` output: the row of the function whose name starts with `function`,
 * counted from 1; 0 if there is none.
 */
int clients_top_row(const char *output, const char *function);

#endif
