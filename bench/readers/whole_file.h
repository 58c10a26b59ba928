/*
 * whole_file.h - a file that is written whole or not at all, whatever happens meanwhile: under
 * another name in its folder first.
 */
#ifndef WHOLE_FILE_H
#define WHOLE_FILE_H

#include <stdio.h>

/*
 * `write` returns 0, or -1 with errno set. 0, or -1 with errno set: then what was there stays as it
 * was, and nothing is left beside it.
 */
int whole_file_write(const char *path, int (*write)(FILE *file, const void *context),
                     const void *context);

#endif
