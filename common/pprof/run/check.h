/* check.h - whether a program can be given libpprof.so by LD_PRELOAD. */
#ifndef PPROF_RUN_CHECK_H
#define PPROF_RUN_CHECK_H

#include <limits.h>
#include <stddef.h>

enum { CHECK_ERROR_SIZE = 2 * PATH_MAX };

/* As a shell finds it, by PATH. 0, or the shell's exit status, 126 or 127, with a sentence. */
int check_find(const char *program, char path[PATH_MAX], char error[CHECK_ERROR_SIZE]);

/*
 * 0, or -1 with a sentence: it is static, set-uid, of another C library or another machine. Of a
 * script it looks at the interpreter.
 */
int check_program(const char *path, char error[CHECK_ERROR_SIZE]);

#endif
